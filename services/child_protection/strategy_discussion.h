#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/strategy_discussions_service.pb.h"
#include "safeguarding/referrals/v1/events.pb.h"

// The rules of a strategy discussion. No SQL, no gRPC, no clock. Errors are those that the contract
// documents; after one, the discussion is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// Working Together to Safeguard Children 2023, chapter 3: strategy discussion.
inline constexpr Transition<pb::StrategyDiscussion::State> kStrategyDiscussionTransitions[] = {
    {"OpenStrategyDiscussion",
     {pb::StrategyDiscussion::STATE_UNSPECIFIED},
     pb::StrategyDiscussion::STATE_OPEN},
    {"AddChildren", {pb::StrategyDiscussion::STATE_OPEN}, pb::StrategyDiscussion::STATE_OPEN},
    {"InviteAgencies", {pb::StrategyDiscussion::STATE_OPEN}, pb::StrategyDiscussion::STATE_OPEN},
    {"HoldStrategyDiscussion",
     {pb::StrategyDiscussion::STATE_OPEN},
     pb::StrategyDiscussion::STATE_HELD},
    {"DecideStrategyDiscussion",
     {pb::StrategyDiscussion::STATE_HELD},
     pb::StrategyDiscussion::STATE_DECIDED},
    {"CancelStrategyDiscussion",
     {pb::StrategyDiscussion::STATE_OPEN},
     pb::StrategyDiscussion::STATE_CANCELLED},
};

// The two clocks of which one runs: the urgent one first.
std::vector<TimescaleRule> StrategyDiscussionRules(const Settings::Borough& borough);
TimescaleRule RuleOf(const pb::StrategyDiscussion& discussion, const Settings::Borough& borough);

// A discussion as it starts, OPEN; it has no name yet.
absl::StatusOr<pb::StrategyDiscussion> OpenDiscussion(
    const pb::OpenStrategyDiscussionRequest& request, const Step& step,
    const Settings::Borough& borough);
// The one that the front door asks for.
pb::StrategyDiscussion OpenDiscussion(
    const safeguarding::referrals::v1::StrategyDiscussionRequested& request,
    const Settings::Borough& borough);

absl::Status AddChildren(pb::StrategyDiscussion& discussion, const pb::AddChildrenRequest& request);
absl::Status Invite(pb::StrategyDiscussion& discussion, const pb::InviteAgenciesRequest& request);
absl::Status Hold(pb::StrategyDiscussion& discussion,
                  const pb::HoldStrategyDiscussionRequest& request, const Step& step);
absl::Status Decide(pb::StrategyDiscussion& discussion,
                    const pb::DecideStrategyDiscussionRequest& request, const Step& step);
absl::Status Cancel(pb::StrategyDiscussion& discussion,
                    const pb::CancelStrategyDiscussionRequest& request);

// A section 47 enquiry follows.
bool LeadsToEnquiry(pb::StrategyOutcome outcome);

}  // namespace lscp::child_protection
