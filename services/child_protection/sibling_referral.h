#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"
#include "safeguarding/child_protection/v1/sibling_referrals_service.pb.h"
#include "safeguarding/child_protection/v1/strategy_discussions_service.pb.h"

// The rules of what is done for the brothers and sisters of a child who died. No SQL, no gRPC, no
// clock. Errors are those that the contract documents; after one, the record is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

inline constexpr Transition<pb::SiblingReferral::State> kSiblingReferralTransitions[] = {
    {"a referral arrives",
     {pb::SiblingReferral::STATE_UNSPECIFIED},
     pb::SiblingReferral::STATE_OPEN},
    {"DecideSiblingReferral",
     {pb::SiblingReferral::STATE_OPEN},
     pb::SiblingReferral::STATE_DECIDED},
};

inline constexpr TimescaleRule kUrgentSiblingReferral = {
    "sibling_referral_urgent", "Urgent referral of brothers and sisters decided",
    "brothers and sisters of a child who died referred", Days(0),
    "London safeguarding children procedures, part A: the same day where a child may be in danger"};
inline constexpr TimescaleRule kSiblingReferral = {
    "sibling_referral", "Referral of brothers and sisters decided",
    "brothers and sisters of a child who died referred", WorkingDays(1),
    "Working Together to Safeguard Children 2023, chapter 3: a decision within one working day of "
    "a referral"};

// The one that holds for it.
const TimescaleRule& RuleOf(const pb::SiblingReferral& referral);

// What the child death reviews service asks at `at` of a borough, OPEN; it has no name yet. Its
// clock runs from then, however late it arrives. INVALID_ARGUMENT when it is of no death review of
// the borough.
absl::StatusOr<pb::SiblingReferral> StartSiblingReferral(
    const safeguarding::child_death_reviews::v1::SiblingsReferred& referred,
    std::string_view borough, absl::Time at);

// `discussion` is the strategy discussion that the request names; null when it names none.
absl::Status Decide(pb::SiblingReferral& referral, const pb::DecideSiblingReferralRequest& request,
                    const pb::StrategyDiscussion* discussion, const Step& step);

}  // namespace lscp::child_protection
