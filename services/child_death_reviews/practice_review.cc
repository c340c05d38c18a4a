#include "child_death_reviews/practice_review.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/criteria.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/days.h"

namespace lscp::child_death_reviews {
namespace {

using pb::SeriousIncident;

absl::CivilDay DayOf(const google::type::Date& date) { return *ProtoToDate(date); }

bool AnyMet(const pb::DecideReviewRequest& request) {
  for (const pb::ReviewFinding& finding : request.criteria()) {
    if (finding.met()) return true;
  }
  return false;
}

// Whether by its facts and criteria a review of this type can be held.
bool CanBeHeld(const SeriousIncident& incident, const pb::DecideReviewRequest& request) {
  switch (request.type()) {
    // Local Safeguarding Children Boards Regulations 2006, regulation 5(2): abuse or neglect, and
    // the child died; or was seriously harmed, with concern about how bodies worked together.
    case pb::REVIEW_TYPE_SERIOUS_CASE_REVIEW:
      return NeedsRapidReview(incident) &&
             (incident.kind() != pb::INCIDENT_KIND_SERIOUS_HARM ||
              IsMet(request.criteria(), pb::REVIEW_CRITERION_WORKING_TOGETHER));
    // Working Together 2023, chapter 5: of a serious case in which something can be learnt. That a
    // criterion is met requires no review; that none is, excludes this one.
    case pb::REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW:
      return NeedsRapidReview(incident) && AnyMet(request);
    default:
      return true;
  }
}

bool Agrees(const pb::PublicationAgreement& agreement, pb::SafeguardingPartner partner) {
  for (const pb::PartnerAgreement& given : agreement.partners()) {
    if (given.partner() == partner) return true;
  }
  return false;
}

absl::Status CheckAgreement(const pb::PublicationAgreement& agreement, absl::CivilDay reported) {
  std::vector<FieldViolation> violations;
  std::set<int> told;
  for (int i = 0; i < agreement.partners_size(); ++i) {
    const std::string field = absl::StrCat("agreement.partners[", i, "]");
    if (!told.insert(agreement.partners(i).partner()).second) {
      violations.push_back({field + ".partner", "occurs twice"});
    }
    if (DayOf(agreement.partners(i).agree_date()) < reported) {
      violations.push_back({field + ".agree_date", "lies before the report"});
    }
  }
  // Publication is the rule: what departs from it is explained.
  if (agreement.extent() != pb::PUBLICATION_EXTENT_REPORT && agreement.reason().empty()) {
    violations.push_back({"agreement.reason", "is needed when the report is not published"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

absl::Status CheckDays(const SeriousIncident& incident, const pb::Publication& publication) {
  std::vector<FieldViolation> violations;
  const absl::CivilDay published = DayOf(publication.publish_date());
  for (const pb::PartnerAgreement& given : incident.agreement().partners()) {
    if (published < DayOf(given.agree_date())) {
      violations.push_back({"publication.publish_date", "lies before a partner's agreement"});
      break;
    }
  }
  if (publication.has_send_date() && published < DayOf(publication.send_date())) {
    violations.push_back({"publication.send_date", "lies after the publication"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace

const ReviewTypeRule* RuleOfType(pb::ReviewType type) {
  for (const ReviewTypeRule& rule : kReviewTypes) {
    if (rule.type == type) return &rule;
  }
  return nullptr;
}

bool PossibleOn(pb::ReviewType type, absl::CivilDay day) {
  const ReviewTypeRule* rule = RuleOfType(type);
  return rule != nullptr && rule->first <= day && (!rule->last || day <= *rule->last);
}

TimescaleRule ReviewPublicationRule() {
  return {kReviewPublication, "Report of the review published", "review decided", Months(6),
          "Working Together 2023, chapter 5: within six months of the decision to hold it"};
}

bool IsPublishedByLaw(const SeriousIncident& incident) {
  const ReviewTypeRule* rule = RuleOfType(incident.decision().type());
  return rule != nullptr && rule->statutory;
}

absl::Status Decide(SeriousIncident& incident, const pb::DecideReviewRequest& request,
                    const Step& step) {
  const bool held = request.type() != pb::REVIEW_TYPE_UNSPECIFIED;
  RETURN_IF_ERROR(TakeIncidentStep(incident, held ? "DecideReview held" : "DecideReview not held"));
  RETURN_IF_ERROR(CheckCriteria(request.criteria(), "", [](const auto&) { return false; }));
  const absl::CivilDay day = DayOrToday(request.has_decide_date(), request.decide_date(), step.now);
  if (day < DayOf(incident.rapid_review().complete_date())) {
    return InvalidField("decide_date", "lies before the rapid review");
  }
  if (held && !PossibleOn(request.type(), day)) {
    return InvalidField("type", "could not be decided on this day");
  }
  if (held && !CanBeHeld(incident, request)) {
    return IncidentRuleNotMet(incident, "review_criteria",
                              "by the criteria a review of this type cannot be held");
  }
  if (incident.has_decision()) *incident.add_earlier_decisions() = incident.decision();
  pb::ReviewDecision& decision = *incident.mutable_decision();
  decision.Clear();
  *decision.mutable_criteria() = request.criteria();
  decision.set_type(request.type());
  decision.set_rationale(request.rationale());
  *decision.mutable_decide_date() = DateToProto(day);
  decision.set_decided_by(step.person);
  return absl::OkStatus();
}

absl::Status Scope(SeriousIncident& incident, const pb::ScopeReviewRequest& request) {
  RETURN_IF_ERROR(TakeIncidentStep(incident, "ScopeReview"));
  if (DayOf(request.scope().to_date()) < DayOf(request.scope().from_date())) {
    return InvalidField("scope.to_date", "lies before the first day");
  }
  *incident.mutable_scope() = request.scope();
  return absl::OkStatus();
}

absl::Status RecordReport(SeriousIncident& incident, const pb::RecordReportRequest& request,
                          bool owed) {
  RETURN_IF_ERROR(TakeIncidentStep(incident, "RecordReport"));
  if (DayOf(request.report().report_date()) < DayOf(incident.decision().decide_date())) {
    return InvalidField("report.report_date", "lies before the decision");
  }
  if (owed) {
    return IncidentRuleNotMet(incident, "chronologies_returned", "an agency owes its chronology");
  }
  *incident.mutable_report() = request.report();
  return absl::OkStatus();
}

// Working Together 2023, chapter 5: the partners publish the report, unless they consider it
// inappropriate; then what they can of the improvements.
absl::Status AgreePublication(SeriousIncident& incident,
                              const pb::AgreePublicationRequest& request) {
  const pb::PublicationAgreement& agreement = request.agreement();
  const bool nothing = agreement.extent() == pb::PUBLICATION_EXTENT_NOTHING;
  RETURN_IF_ERROR(
      TakeIncidentStep(incident, nothing ? "AgreePublication of nothing" : "AgreePublication"));
  RETURN_IF_ERROR(CheckAgreement(agreement, DayOf(incident.report().report_date())));
  for (const pb::SafeguardingPartner partner :
       {pb::SAFEGUARDING_PARTNER_LOCAL_AUTHORITY, pb::SAFEGUARDING_PARTNER_POLICE,
        pb::SAFEGUARDING_PARTNER_HEALTH}) {
    if (!Agrees(agreement, partner)) {
      return IncidentRuleNotMet(incident, "partners_agree",
                                "the local authority, the police and health agree");
    }
  }
  *incident.mutable_agreement() = agreement;
  return absl::OkStatus();
}

absl::Status Publish(SeriousIncident& incident, const pb::PublishReviewRequest& request) {
  RETURN_IF_ERROR(TakeIncidentStep(incident, "PublishReview"));
  const pb::Publication& publication = request.publication();
  RETURN_IF_ERROR(CheckDays(incident, publication));
  const absl::CivilDay published = DayOf(publication.publish_date());
  // Working Together 2023, chapter 5: the national panel and the Secretary of State have the report
  // seven working days before.
  const bool told = publication.has_send_date() &&
                    WorkingDayCalendar().Between(DayOf(publication.send_date()), published) >= 7;
  if (incident.decision().type() == pb::REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW &&
      !told) {
    return IncidentRuleNotMet(incident, "sent_before",
                              "the national panel is sent it seven working days before");
  }
  const bool late =
      DueDay(ReviewPublicationRule(), DayOf(incident.decision().decide_date())) < published;
  if (IsPublishedByLaw(incident) && late && publication.delay_reason().empty()) {
    return IncidentRuleNotMet(incident, "delay_explained",
                              "it is later than six months after the decision: delay_reason must "
                              "say why");
  }
  *incident.mutable_publication() = publication;
  return absl::OkStatus();
}

}  // namespace lscp::child_death_reviews
