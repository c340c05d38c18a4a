#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/child_in_need_plans_service.pb.h"
#include "safeguarding/child_protection/v1/events.pb.h"

// The rules of a child in need plan (Children Act 1989, section 17). No SQL, no gRPC, no clock.
// Errors are those that the contract documents; after one, the plan is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

inline constexpr Transition<pb::ChildInNeedPlan::State> kChildInNeedPlanTransitions[] = {
    {"StartChildInNeedPlan",
     {pb::ChildInNeedPlan::STATE_UNSPECIFIED},
     pb::ChildInNeedPlan::STATE_OPEN},
    {"ReviewChildInNeedPlan", {pb::ChildInNeedPlan::STATE_OPEN}, pb::ChildInNeedPlan::STATE_OPEN},
    {"AllocateChildInNeedPlan", {pb::ChildInNeedPlan::STATE_OPEN}, pb::ChildInNeedPlan::STATE_OPEN},
    {"EndChildInNeedPlan", {pb::ChildInNeedPlan::STATE_OPEN}, pb::ChildInNeedPlan::STATE_ENDED},
};

// Two clocks of which one runs: that of the first review, and that of all later ones.
inline constexpr char kCinFirstReview[] = "cin_first_review";
inline constexpr char kCinReview[] = "cin_review";
std::vector<TimescaleRule> ChildInNeedPlanRules(const Settings::Borough& borough);

// A plan as it starts, without a name yet.
pb::ChildInNeedPlan StartPlan(const pb::StartChildInNeedPlanRequest& request, const Step& step,
                              const Settings::Borough& borough);

absl::Status Review(pb::ChildInNeedPlan& plan, const pb::ReviewChildInNeedPlanRequest& request,
                    const Step& step, const Settings::Borough& borough);

absl::Status Allocate(pb::ChildInNeedPlan& plan, const pb::AllocateChildInNeedPlanRequest& request);

// Day of the last review, or the first of the plan; the plan ends no sooner.
absl::CivilDay LastHappened(const pb::ChildInNeedPlan& plan);

absl::Status End(pb::ChildInNeedPlan& plan, const pb::EndChildInNeedPlanRequest& request,
                 const Step& step);

// What other services are told.
pb::ChildInNeedPlanStarted StartedOf(const pb::ChildInNeedPlan& plan);
pb::ChildInNeedPlanEnded EndedOf(const pb::ChildInNeedPlan& plan);

}  // namespace lscp::child_protection
