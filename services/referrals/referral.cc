#include "referrals/referral.h"

#include <algorithm>
#include <string_view>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "referrals/assessment.h"
#include "referrals/codes.h"

namespace lscp::referrals {
namespace {

using pb::Assessment;
using pb::Referral;

absl::Status TakeStep(Referral& referral, std::string_view verb) {
  ASSIGN_OR_RETURN(const Referral::State next,
                   Next(kReferralTransitions, verb, referral.state(), referral.name()));
  referral.set_state(next);
  return absl::OkStatus();
}

const char* VerbOf(pb::ReferralDecision decision) {
  switch (decision) {
    case pb::REFERRAL_DECISION_ASSESSMENT:
      return "DecideReferral on assessment";
    case pb::REFERRAL_DECISION_STRATEGY_DISCUSSION:
      return "DecideReferral on strategy discussion";
    default:
      return "DecideReferral on anything else";
  }
}

absl::Status RuleNotMet(const Referral& referral, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, referral.name(), description);
}

// The one authorised last; nullptr when none is.
const Assessment* LastAuthorised(const std::vector<Assessment>& assessments) {
  const Assessment* last = nullptr;
  for (const Assessment& assessment : assessments) {
    if (assessment.state() != Assessment::STATE_AUTHORISED) continue;
    if (last == nullptr ||
        *ProtoToTime(last->authorise_time()) < *ProtoToTime(assessment.authorise_time())) {
      last = &assessment;
    }
  }
  return last;
}

// RC8 and RC9 say what the assessment led to (CIN census guide, reason for closure; rule 8825Q).
bool Agrees(pb::ReferralClosureReason reason, const Assessment* assessment) {
  const auto outcome =
      assessment == nullptr ? pb::ASSESSMENT_OUTCOME_UNSPECIFIED : assessment->outcome();
  switch (reason) {
    case pb::REFERRAL_CLOSURE_REASON_NO_FURTHER_ACTION_AFTER_ASSESSMENT:
      return outcome == pb::ASSESSMENT_OUTCOME_NO_FURTHER_ACTION ||
             outcome == pb::ASSESSMENT_OUTCOME_REFERRAL_TO_OTHER_AGENCY;
    case pb::REFERRAL_CLOSURE_REASON_EARLY_HELP_AFTER_ASSESSMENT:
      return outcome == pb::ASSESSMENT_OUTCOME_STEP_DOWN_TO_EARLY_HELP;
    default:
      return true;
  }
}

}  // namespace

absl::Time DecisionDue(absl::Time start) {
  return DueAt(start, kReferralDecision.due_after, WorkingDayCalendar());
}

bool IsReReferral(absl::Time previous, absl::Time received) {
  const absl::Time anniversary = DueAt(previous, Months(12), WorkingDayCalendar());
  return LondonDay(received) <= LastDayOf(anniversary);
}

Referral ReceiveReferral(const ReferralFacts& facts,
                         const std::optional<PreviousReferral>& previous, absl::Time now) {
  Referral referral;
  referral.set_state(Referral::STATE_RECEIVED);
  referral.set_child(facts.child);
  referral.set_contact(facts.contact->name());
  referral.set_source(facts.contact->source());
  referral.set_source_group(SourceGroupOf(facts.contact->source()));
  referral.set_primary_need(facts.primary_need);
  referral.set_team(facts.team);
  if (!facts.team.empty()) *referral.mutable_allocate_time() = TimeToProto(now);
  const absl::Time received = *ProtoToTime(facts.contact->receive_time());
  *referral.mutable_receive_time() = facts.contact->receive_time();
  *referral.mutable_decision_due_time() = TimeToProto(DecisionDue(received));
  if (previous) {
    referral.set_previous_referral(previous->name);
    referral.set_re_referral(IsReReferral(previous->received, received));
  }
  return referral;
}

absl::Status Decide(Referral& referral, const pb::DecideReferralRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(referral, VerbOf(request.decision())));
  referral.set_decision(request.decision());
  referral.set_manager(step.person);
  referral.set_rationale(request.rationale());
  *referral.mutable_decide_time() = TimeToProto(step.now);
  if (referral.state() == Referral::STATE_CLOSED) {
    *referral.mutable_close_date() = DateToProto(LondonDay(step.now));
  }
  return absl::OkStatus();
}

absl::Status Allocate(Referral& referral, const pb::AllocateReferralRequest& request,
                      const Step& step, const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(referral, "AllocateReferral"));
  if (!HasTeam(borough, request.team(), LondonDay(step.now))) {
    return InvalidField("team", "the borough has no such team");
  }
  referral.set_team(request.team());
  referral.set_worker(request.worker());
  *referral.mutable_allocate_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status Close(Referral& referral, const pb::CloseReferralRequest& request, const Step& step,
                   const std::vector<Assessment>& assessments) {
  RETURN_IF_ERROR(TakeStep(referral, "CloseReferral"));
  const absl::CivilDay day =
      request.has_close_date() ? *ProtoToDate(request.close_date()) : LondonDay(step.now);
  if (day < LondonDay(*ProtoToTime(referral.receive_time()))) {
    return InvalidField("close_date", "lies before the referral was received");
  }
  if (std::any_of(assessments.begin(), assessments.end(), IsOpen)) {
    return RuleNotMet(referral, "assessments_ended",
                      "an assessment of the referral is neither authorised nor cancelled");
  }
  if (!Agrees(request.reason(), LastAuthorised(assessments))) {
    return RuleNotMet(referral, "closure_follows_assessment",
                      "the reason says what an assessment led to, and the last one authorised did "
                      "not lead to that");
  }
  referral.set_closure_reason(request.reason());
  *referral.mutable_close_date() = DateToProto(day);
  return absl::OkStatus();
}

absl::Status Reopen(Referral& referral, const pb::ReopenReferralRequest& request,
                    const Step& step) {
  const bool by_decision = referral.closure_reason() == pb::REFERRAL_CLOSURE_REASON_UNSPECIFIED;
  RETURN_IF_ERROR(
      TakeStep(referral, by_decision ? "ReopenReferral closed by its decision" : "ReopenReferral"));
  referral.set_reopen_reason(request.reason());
  referral.clear_closure_reason();
  referral.clear_close_date();
  if (!by_decision) return absl::OkStatus();
  // It is to be decided again, from now; what was decided stays in the journal.
  referral.clear_decision();
  referral.clear_manager();
  referral.clear_rationale();
  referral.clear_decide_time();
  *referral.mutable_decision_due_time() = TimeToProto(DecisionDue(step.now));
  return absl::OkStatus();
}

pb::ReferralDecided DecidedOf(const Referral& referral) {
  pb::ReferralDecided decided;
  decided.set_referral(referral.name());
  decided.set_child(referral.child());
  decided.set_decision(referral.decision());
  *decided.mutable_receive_time() = referral.receive_time();
  decided.set_re_referral(referral.re_referral());
  decided.set_team(referral.team());
  return decided;
}

}  // namespace lscp::referrals
