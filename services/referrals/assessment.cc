#include "referrals/assessment.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/field_mask.h"

namespace lscp::referrals {
namespace {

using pb::Assessment;
using pb::Referral;

absl::Status TakeStep(Assessment& assessment, std::string_view verb) {
  ASSIGN_OR_RETURN(const Assessment::State next,
                   Next(kAssessmentTransitions, verb, assessment.state(), assessment.name()));
  assessment.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(std::string_view rule, std::string_view subject,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, subject, description);
}

absl::CivilDay ReceiveDay(const Referral& referral) {
  return LondonDay(*ProtoToTime(referral.receive_time()));
}

bool Has(const Assessment& assessment, pb::AssessmentFactor factor) {
  return std::find(assessment.factors().begin(), assessment.factors().end(), factor) !=
         assessment.factors().end();
}

// CIN census rules 8869, 8898, 8945Q and 8950Q.
std::vector<FieldViolation> FactorFaults(const Assessment& assessment) {
  const auto& factors = assessment.factors();
  std::vector<FieldViolation> faults;
  const auto need = [&faults](bool met, const char* description) {
    if (!met) faults.push_back({"assessment.factors", description});
  };
  need(std::set<int>(factors.begin(), factors.end()).size() == static_cast<size_t>(factors.size()),
       "a factor occurs twice");
  need(!Has(assessment, pb::ASSESSMENT_FACTOR_UNSPECIFIED), "a factor is not set");
  need(!Has(assessment, pb::ASSESSMENT_FACTOR_NO_FACTORS) || factors.size() == 1,
       "NO_FACTORS stands alone");
  need(!Has(assessment, pb::ASSESSMENT_FACTOR_PHYSICAL_ABUSE) &&
           !Has(assessment, pb::ASSESSMENT_FACTOR_SEXUAL_ABUSE),
       "18A and 19A are superseded: say whether by a child or by an adult");
  return faults;
}

// CIN census rule 8873Q: without any factor there is nothing to work on.
bool AllowsNoFactors(pb::AssessmentOutcome outcome) {
  return outcome == pb::ASSESSMENT_OUTCOME_NO_FURTHER_ACTION ||
         outcome == pb::ASSESSMENT_OUTCOME_REFERRAL_TO_OTHER_AGENCY ||
         outcome == pb::ASSESSMENT_OUTCOME_STEP_DOWN_TO_EARLY_HELP;
}

absl::Status CheckSeenRequest(const Assessment& assessment,
                              const pb::RecordChildSeenRequest& request, const Referral& referral) {
  const bool seen = request.has_seen_date();
  const bool reason = request.not_seen_reason() != pb::NOT_SEEN_REASON_UNSPECIFIED;
  std::vector<FieldViolation> violations;
  const auto need = [&violations](bool met, const char* field, const char* description) {
    if (!met) violations.push_back({field, description});
  };
  need(seen != reason, "seen_date", "either seen_date or not_seen_reason is required");
  need(!seen || *ProtoToDate(request.seen_date()) >= ReceiveDay(referral), "seen_date",
       "lies before the referral was received");
  need(!reason || assessment.seen().empty(), "not_seen_reason", "the child has been seen");
  need(request.not_seen_reason() != pb::NOT_SEEN_REASON_OTHER || !request.not_seen_note().empty(),
       "not_seen_note", "is required with OTHER");
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

// Keeps the oldest first.
void AddSeen(Assessment& assessment, const pb::RecordChildSeenRequest& request,
             const std::string& person) {
  pb::ChildSeen seen;
  *seen.mutable_date() = request.seen_date();
  seen.set_alone(request.alone());
  seen.set_seen_by(request.seen_by().empty() ? person : request.seen_by());
  *assessment.add_seen() = seen;
  std::stable_sort(assessment.mutable_seen()->begin(), assessment.mutable_seen()->end(),
                   [](const pb::ChildSeen& a, const pb::ChildSeen& b) {
                     return *ProtoToDate(a.date()) < *ProtoToDate(b.date());
                   });
}

}  // namespace

bool IsOpen(const Assessment& assessment) {
  return assessment.state() == Assessment::STATE_IN_PROGRESS ||
         assessment.state() == Assessment::STATE_AWAITING_AUTHORISATION;
}

absl::Time AssessmentDue(const Referral& referral) {
  return DueAt(*ProtoToTime(referral.receive_time()), kAssessmentComplete.due_after,
               WorkingDayCalendar());
}

absl::StatusOr<Assessment> StartAssessment(const pb::StartAssessmentRequest& request,
                                           const Referral& referral,
                                           const std::vector<Assessment>& earlier, const Step& step,
                                           const Settings::Borough& borough) {
  const absl::CivilDay today = LondonDay(step.now);
  const absl::CivilDay start =
      request.has_start_date() ? *ProtoToDate(request.start_date()) : today;
  std::vector<FieldViolation> violations;
  const auto& types = borough.assessment_types();
  if (std::find(types.begin(), types.end(), request.type()) == types.end()) {
    violations.push_back({"type", "the borough does not use this type of assessment"});
  }
  if (!request.team().empty() && !HasTeam(borough, request.team(), today)) {
    violations.push_back({"team", "the borough has no such team"});
  }
  if (start < ReceiveDay(referral)) {
    violations.push_back({"start_date", "lies before the referral was received"});
  }
  if (!violations.empty()) return InvalidFields(violations);
  if (referral.state() != Referral::STATE_IN_PROGRESS) {
    return RuleNotMet("referral_in_progress", referral.name(), "the referral is not in progress");
  }
  if (std::any_of(earlier.begin(), earlier.end(), IsOpen)) {
    return RuleNotMet("one_open_assessment", referral.name(),
                      "an assessment of the referral is open already");
  }
  Assessment assessment;
  RETURN_IF_ERROR(TakeStep(assessment, "StartAssessment"));
  assessment.set_referral(referral.name());
  assessment.set_child(referral.child());
  assessment.set_type(request.type());
  assessment.set_is_first_of_referral(std::all_of(
      earlier.begin(), earlier.end(),
      [](const Assessment& other) { return other.state() == Assessment::STATE_CANCELLED; }));
  assessment.set_team(request.team().empty() ? referral.team() : request.team());
  assessment.set_worker(request.worker().empty() ? referral.worker() : request.worker());
  *assessment.mutable_start_date() = DateToProto(start);
  *assessment.mutable_due_date() = DateToProto(LastDayOf(AssessmentDue(referral)));
  return assessment;
}

absl::Status Write(Assessment& assessment, const pb::UpdateAssessmentRequest& request) {
  RETURN_IF_ERROR(TakeStep(assessment, "UpdateAssessment"));
  RETURN_IF_ERROR(ApplyUpdate(request.assessment(), request.update_mask(), &assessment));
  const std::vector<FieldViolation> faults = FactorFaults(assessment);
  return faults.empty() ? absl::OkStatus() : InvalidFields(faults);
}

absl::Status RecordSeen(Assessment& assessment, const pb::RecordChildSeenRequest& request,
                        const Referral& referral, const Step& step) {
  RETURN_IF_ERROR(TakeStep(assessment, "RecordChildSeen"));
  RETURN_IF_ERROR(CheckSeenRequest(assessment, request, referral));
  assessment.set_not_seen_reason(request.not_seen_reason());
  assessment.set_not_seen_note(request.has_seen_date() ? "" : request.not_seen_note());
  if (request.has_seen_date()) AddSeen(assessment, request, step.person);
  return absl::OkStatus();
}

absl::Status Extend(Assessment& assessment, const pb::ExtendAssessmentRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(assessment, "ExtendAssessment"));
  if (*ProtoToDate(request.until_date()) <= *ProtoToDate(assessment.due_date())) {
    return InvalidField("until_date", "is not after the due date");
  }
  if (step.person == assessment.worker()) {
    return RuleNotMet("extended_by_manager", assessment.name(),
                      "a delay is agreed by somebody else than the worker");
  }
  pb::AssessmentExtension& extension = *assessment.add_extensions();
  *extension.mutable_until_date() = request.until_date();
  extension.set_reason(request.reason());
  extension.set_manager(step.person);
  *extension.mutable_agree_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status Submit(Assessment& assessment, const Step& step) {
  RETURN_IF_ERROR(TakeStep(assessment, "SubmitAssessment"));
  std::vector<std::string> missing;
  if (assessment.seen().empty() &&
      assessment.not_seen_reason() == pb::NOT_SEEN_REASON_UNSPECIFIED) {
    missing.push_back("that the child was seen, or why not");
  }
  if (assessment.analysis().empty()) missing.push_back("the analysis");
  if (assessment.factors().empty()) missing.push_back("the factors, or NO_FACTORS");
  if (!missing.empty()) {
    return RuleNotMet("assessment_whole", assessment.name(),
                      absl::StrCat("missing: ", absl::StrJoin(missing, "; ")));
  }
  // Every assessment has an author, who is not the one to authorise it.
  if (assessment.worker().empty()) assessment.set_worker(step.person);
  *assessment.mutable_submit_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status Return(Assessment& assessment, const pb::ReturnAssessmentRequest& request) {
  RETURN_IF_ERROR(TakeStep(assessment, "ReturnAssessment"));
  assessment.set_return_reason(request.reason());
  assessment.set_returns(assessment.returns() + 1);
  return absl::OkStatus();
}

absl::Status Authorise(Assessment& assessment, const pb::AuthoriseAssessmentRequest& request,
                       const Referral& referral, const Step& step) {
  RETURN_IF_ERROR(TakeStep(assessment, "AuthoriseAssessment"));
  if (Has(assessment, pb::ASSESSMENT_FACTOR_NO_FACTORS) && !AllowsNoFactors(request.outcome())) {
    return InvalidField("outcome", "no factors were found, so the case cannot go on");
  }
  if (step.person == assessment.worker()) {
    return RuleNotMet("authorised_by_manager", assessment.name(),
                      "an assessment is authorised by somebody else than its worker");
  }
  const absl::CivilDay today = LondonDay(step.now);
  if (today > *ProtoToDate(assessment.due_date()) && assessment.extensions().empty()) {
    return RuleNotMet("delay_explained", assessment.name(),
                      "it is late, and no extension gives the reason");
  }
  assessment.set_outcome(request.outcome());
  assessment.set_manager(step.person);
  assessment.set_manager_oversight(request.manager_oversight());
  *assessment.mutable_authorise_time() = TimeToProto(step.now);
  assessment.set_working_days(WorkingDayCalendar().Between(ReceiveDay(referral), today));
  return absl::OkStatus();
}

absl::Status Cancel(Assessment& assessment, const pb::CancelAssessmentRequest& request) {
  RETURN_IF_ERROR(TakeStep(assessment, "CancelAssessment"));
  assessment.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

pb::AssessmentAuthorised AuthorisedOf(const Assessment& assessment) {
  pb::AssessmentAuthorised authorised;
  authorised.set_assessment(assessment.name());
  authorised.set_referral(assessment.referral());
  authorised.set_child(assessment.child());
  authorised.set_outcome(assessment.outcome());
  *authorised.mutable_factors() = assessment.factors();
  *authorised.mutable_authorise_time() = assessment.authorise_time();
  authorised.set_team(assessment.team());
  return authorised;
}

}  // namespace lscp::referrals
