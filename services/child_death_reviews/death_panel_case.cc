#include "child_death_reviews/death_panel_case.h"

#include <utility>

#include "child_death_reviews/death_analysis.h"
#include "child_death_reviews/death_review_meeting.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathPanelCase;

absl::Status TakeStep(DeathPanelCase& record, std::string_view verb) {
  ASSIGN_OR_RETURN(const DeathPanelCase::State next,
                   Next(kPanelCaseTransitions, verb, record.state(), record.name()));
  record.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const DeathPanelCase& record, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, record.name(), description);
}

void LeaveAgenda(DeathPanelCase& record) {
  record.clear_death_panel();
  record.clear_missing();
  record.clear_incomplete_reason();
}

// What the panel has to know of every death, as the particulars name it.
std::vector<std::string> UnknownFields(const pb::Particulars& known) {
  std::vector<std::string> unknown;
  const auto need = [&](bool is_known, const char* field) {
    if (!is_known) unknown.emplace_back(field);
  };
  need(known.has_birth_date(), "birth_date");
  need(known.sex() != pb::SEX_UNSPECIFIED, "sex");
  need(known.ethnicity() != pb::ETHNICITY_UNSPECIFIED, "ethnicity");
  need(!known.residence_area().empty(), "residence_area");
  need(known.death_place_kind() != pb::PLACE_KIND_UNSPECIFIED, "death_place_kind");
  return unknown;
}

bool ResponseIsOver(const pb::JointResponse& response) {
  return response.state() == pb::JointResponse::STATE_NOT_REQUIRED ||
         response.state() == pb::JointResponse::STATE_COMPLETED;
}

}  // namespace

DeathPanelCase BeginPanelCase(const pb::DeathReview& review, std::string_view area) {
  DeathPanelCase record;
  record.set_state(DeathPanelCase::STATE_WAITING);
  record.set_death_review(review.name());
  record.mutable_paper()->set_area(std::string(area));
  Follow(record, review);
  return record;
}

void Follow(DeathPanelCase& record, const pb::DeathReview& review) {
  const pb::Particulars& known = review.particulars();
  record.set_coordinator(review.coordinator());
  *record.mutable_death_date() = known.death_date();
  pb::PanelPaper& paper = *record.mutable_paper();
  paper.set_age_band(AgeBandOf(known));
  const bool infant =
      paper.age_band() == pb::AGE_BAND_UNDER_28_DAYS || paper.age_band() == pb::AGE_BAND_UNDER_1;
  paper.set_gestation_weeks(infant ? known.gestation_weeks() : 0);
  paper.set_sex(known.sex());
  paper.set_ethnicity(known.ethnicity());
  paper.mutable_death_month()->set_year(known.death_date().year());
  paper.mutable_death_month()->set_month(known.death_date().month());
  paper.set_death_place_kind(known.death_place_kind());
  paper.set_expectedness(known.expectedness());
  if (TellsWho(paper.summary(), known)) paper.clear_summary();
  if (TellsWho(paper.draft(), known)) paper.clear_draft();
  if (TellsWho(paper.analysis(), known)) paper.clear_analysis();
}

absl::Status Resume(DeathPanelCase& record, const pb::DeathReview& review) {
  RETURN_IF_ERROR(TakeStep(record, "AcceptDeathReview again"));
  Follow(record, review);
  return absl::OkStatus();
}

absl::Status WithdrawCase(DeathPanelCase& record, std::string_view verb) {
  RETURN_IF_ERROR(TakeStep(record, verb));
  LeaveAgenda(record);
  return absl::OkStatus();
}

absl::Status ReopenCase(DeathPanelCase& record) {
  RETURN_IF_ERROR(TakeStep(record, "ReopenDeathReview"));
  LeaveAgenda(record);
  record.mutable_paper()->clear_analysis();
  return absl::OkStatus();
}

bool CoronerPending(const pb::JointResponse& response) {
  const pb::Coroner& coroner = response.coroner();
  return (coroner.investigates() || coroner.has_inquest_open_date()) &&
         !coroner.has_conclude_date();
}

// Statutory guidance, chapter 5: the panel has the reports of all agencies, the draft analysis of
// the meeting and the result of the coroner's investigation.
std::vector<pb::MissingPart> MissingParts(const DeathPanelCase& record, const ReviewParts& parts) {
  std::vector<pb::MissingPart> missing;
  const auto lacks = [&](bool lacking, pb::MissingKind kind, const std::string& detail = "") {
    if (!lacking) return;
    pb::MissingPart& part = missing.emplace_back();
    part.set_kind(kind);
    part.set_detail(detail);
  };
  for (const std::string& field : UnknownFields(parts.review.particulars())) {
    lacks(true, pb::MISSING_KIND_PARTICULARS, field);
  }
  lacks(!parts.review.contradictions().empty(), pb::MISSING_KIND_CONTRADICTIONS);
  lacks(!ResponseIsOver(parts.response), pb::MISSING_KIND_JOINT_RESPONSE);
  lacks(CoronerPending(parts.response), pb::MISSING_KIND_CORONER);
  lacks(parts.support.key_worker().person().empty(), pb::MISSING_KIND_KEY_WORKER);
  lacks(parts.forms.empty(), pb::MISSING_KIND_NO_REPORTING_FORMS);
  for (const pb::ReportingForm& form : parts.forms) {
    lacks(form.state() == pb::ReportingForm::STATE_REQUESTED, pb::MISSING_KIND_REPORTING_FORM,
          form.agency());
  }
  lacks(!WasHeld(parts.meetings), pb::MISSING_KIND_REVIEW_MEETING);
  lacks(!record.paper().has_draft(), pb::MISSING_KIND_DRAFT_ANALYSIS);
  lacks(record.paper().summary().empty(), pb::MISSING_KIND_SUMMARY);
  return missing;
}

absl::Status WriteSummary(DeathPanelCase& record, const pb::WriteDeathPanelSummaryRequest& request,
                          const pb::Particulars& particulars) {
  RETURN_IF_ERROR(TakeStep(record, "WriteDeathPanelSummary"));
  RETURN_IF_ERROR(CheckTellsNobody("summary", request.summary(), particulars));
  record.mutable_paper()->set_summary(request.summary());
  return absl::OkStatus();
}

bool Fits(pb::PanelTheme theme, const DeathPanelCase& record) {
  const pb::DeathCategory draft = record.paper().draft().category();
  switch (theme) {
    case pb::PANEL_THEME_SUICIDE:
      return draft == pb::DEATH_CATEGORY_SUICIDE;
    case pb::PANEL_THEME_PERINATAL:
      return draft == pb::DEATH_CATEGORY_PERINATAL ||
             record.paper().age_band() == pb::AGE_BAND_UNDER_28_DAYS;
    case pb::PANEL_THEME_UNEXPLAINED:
      return draft == pb::DEATH_CATEGORY_UNEXPLAINED;
    default:
      return true;
  }
}

absl::Status PutOnAgenda(DeathPanelCase& record, const pb::PutOnDeathPanelAgendaRequest& request,
                         const pb::DeathPanel& panel, const std::vector<pb::MissingPart>& missing) {
  RETURN_IF_ERROR(TakeStep(record, "PutOnDeathPanelAgenda"));
  if (panel.state() != pb::DeathPanel::STATE_PLANNED) {
    return RuleNotMet(record, "panel_planned", "the meeting was held, or called off");
  }
  if (!Fits(panel.theme(), record)) {
    return RuleNotMet(record, "panel_theme",
                      "the meeting is about a theme that the draft analysis does not show");
  }
  if (!missing.empty() && request.incomplete_reason().empty()) {
    return RuleNotMet(record, "case_complete",
                      "it lacks what CheckDeathPanelCase names: incomplete_reason must say why it "
                      "goes to the panel all the same");
  }
  record.set_death_panel(panel.name());
  record.mutable_missing()->Assign(missing.begin(), missing.end());
  record.set_incomplete_reason(missing.empty() ? "" : request.incomplete_reason());
  record.clear_defer_reason();
  return absl::OkStatus();
}

absl::Status Defer(DeathPanelCase& record, const pb::DeferDeathPanelCaseRequest& request) {
  RETURN_IF_ERROR(TakeStep(record, "DeferDeathPanelCase"));
  LeaveAgenda(record);
  record.set_defer_reason(request.reason());
  return absl::OkStatus();
}

bool MayAnalyse(const DeathPanelCase& record, const pb::DeathPanel& panel, const Step& step) {
  const bool chairs =
      panel.chair().agency() == step.agency && panel.chair().person() == step.person;
  return !step.person.empty() && (chairs || record.coordinator() == step.person);
}

// Statutory guidance, chapter 5: the panel, quorate and of several agencies, agrees category,
// factors and learning; what it corrects later is another version.
absl::Status Analyse(DeathPanelCase& record, const pb::RecordDeathPanelAnalysisRequest& request,
                     const pb::DeathPanel& panel, const pb::Particulars& particulars,
                     const Step& step) {
  RETURN_IF_ERROR(TakeStep(record, "RecordDeathPanelAnalysis"));
  RETURN_IF_ERROR(CheckAgreed(request.analysis(), particulars));
  if (panel.state() != pb::DeathPanel::STATE_HELD) {
    return RuleNotMet(record, "panel_held", "the meeting was not held");
  }
  if (!panel.quorate()) {
    return RuleNotMet(record, "panel_quorate",
                      "the meeting was held without agencies that it needs: put the case on "
                      "another's agenda");
  }
  pb::AgreedAnalysis& agreed = *record.add_analyses();
  *agreed.mutable_analysis() = request.analysis();
  agreed.set_death_panel(panel.name());
  agreed.set_person(step.person);
  *agreed.mutable_time() = TimeToProto(step.now);
  *record.mutable_paper()->mutable_analysis() = request.analysis();
  return absl::OkStatus();
}

pb::ReviewOutcome OutcomeOf(const DeathPanelCase& record, const pb::DeathPanel& panel) {
  pb::ReviewOutcome outcome;
  outcome.set_category(record.paper().analysis().category());
  outcome.set_modifiability(record.paper().analysis().modifiability());
  *outcome.mutable_review_date() = DateToProto(LondonDay(*ProtoToTime(panel.meet_time())));
  outcome.set_death_panel(panel.name());
  outcome.set_theme(panel.theme());
  return outcome;
}

pb::PanelPaper PaperOf(const DeathPanelCase& record) {
  pb::PanelPaper paper = record.paper();
  paper.set_name(record.name());
  paper.set_etag(record.etag());
  paper.set_death_panel(record.death_panel());
  return paper;
}

void SetAge(DeathPanelCase& record, absl::Time now) {
  record.set_age_days(static_cast<int32_t>(LondonDay(now) - *ProtoToDate(record.death_date())));
}

void ClearForList(DeathPanelCase& record) {
  record.mutable_paper()->clear_summary();
  record.mutable_paper()->clear_draft();
  record.mutable_paper()->clear_analysis();
  record.clear_incomplete_reason();
  record.clear_defer_reason();
  record.clear_analyses();
}

}  // namespace lscp::child_death_reviews
