#include "child_protection/sibling_referral.h"

#include <string>
#include <vector>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::SiblingReferral;

absl::Status TakeStep(SiblingReferral& referral, std::string_view verb) {
  ASSIGN_OR_RETURN(const SiblingReferral::State next,
                   Next(kSiblingReferralTransitions, verb, referral.state(), referral.name()));
  referral.set_state(next);
  return absl::OkStatus();
}

bool IsNameIn(const std::string& text, std::string_view borough, std::string_view collection) {
  const auto name = ResourceName::Parse(text);
  return name && name->borough == borough && name->collection == collection;
}

// A name is given when, and only when, the outcome needs it.
void CheckNeeded(const char* field, bool needed, bool given, std::vector<FieldViolation>& faults) {
  if (needed && !given) faults.push_back({field, "is required for this outcome"});
  if (!needed && given) faults.push_back({field, "is not for this outcome"});
}

}  // namespace

const TimescaleRule& RuleOf(const SiblingReferral& referral) {
  return referral.urgent() ? kUrgentSiblingReferral : kSiblingReferral;
}

absl::StatusOr<SiblingReferral> StartSiblingReferral(
    const safeguarding::child_death_reviews::v1::SiblingsReferred& referred,
    std::string_view borough, absl::Time at) {
  if (!IsNameIn(referred.death_review(), borough, "deathReviews")) {
    return InvalidField("events.content", "names no death review of the borough");
  }
  SiblingReferral referral;
  RETURN_IF_ERROR(TakeStep(referral, "a referral arrives"));
  referral.set_death_review(referred.death_review());
  // Who died need not be known here for the others to be looked after.
  if (IsNameIn(referred.child(), borough, "children")) referral.set_child(referred.child());
  for (const auto& sibling : referred.siblings()) {
    pb::ReferredSibling& kept = *referral.add_siblings();
    kept.set_given_name(sibling.given_name());
    kept.set_family_name(sibling.family_name());
    if (sibling.has_birth_date()) *kept.mutable_birth_date() = sibling.birth_date();
  }
  referral.set_concerns(referred.concerns());
  referral.set_urgent(referred.urgent());
  *referral.mutable_refer_time() = TimeToProto(at);
  *referral.mutable_due_time() =
      TimeToProto(DueAt(at, RuleOf(referral).due_after, WorkingDayCalendar()));
  return referral;
}

absl::Status Decide(SiblingReferral& referral, const pb::DecideSiblingReferralRequest& request,
                    const pb::StrategyDiscussion* discussion, const Step& step) {
  RETURN_IF_ERROR(TakeStep(referral, "DecideSiblingReferral"));
  std::vector<FieldViolation> faults;
  CheckNeeded("strategy_discussion",
              request.outcome() == pb::SIBLING_REFERRAL_OUTCOME_STRATEGY_DISCUSSION,
              discussion != nullptr, faults);
  CheckNeeded("referral", request.outcome() == pb::SIBLING_REFERRAL_OUTCOME_FRONT_DOOR,
              !request.referral().empty(), faults);
  if (discussion != nullptr && BoroughOf(discussion->name()) != BoroughOf(referral.name())) {
    faults.push_back({"strategy_discussion", "is of another borough"});
  }
  if (!faults.empty()) return InvalidFields(faults);
  // What will not be held looks after nobody.
  if (discussion != nullptr && discussion->state() == pb::StrategyDiscussion::STATE_CANCELLED) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "discussion_not_cancelled",
                              discussion->name(), "the strategy discussion was cancelled");
  }
  referral.set_outcome(request.outcome());
  referral.set_rationale(request.rationale());
  referral.set_strategy_discussion(request.strategy_discussion());
  referral.set_referral(request.referral());
  referral.set_decided_by(step.person);
  *referral.mutable_decide_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
