#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "child_protection/plan.h"
#include "child_protection/settings.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/core_groups_service.pb.h"

// The rules of a core group. No SQL, no gRPC, no clock. Errors are those that the contract
// documents; after one, neither the core group nor a plan is to be stored.
namespace lscp::child_protection {

// What is done to a core group, and in which states.
inline constexpr Transition<pb::CoreGroup::State> kCoreGroupTransitions[] = {
    {"PlanCoreGroup", {pb::CoreGroup::STATE_UNSPECIFIED}, pb::CoreGroup::STATE_PLANNED},
    {"HoldCoreGroup", {pb::CoreGroup::STATE_PLANNED}, pb::CoreGroup::STATE_HELD},
    {"CancelCoreGroup", {pb::CoreGroup::STATE_PLANNED}, pb::CoreGroup::STATE_CANCELLED},
};

// Working Together to Safeguard Children: within ten working days of the initial conference.
inline constexpr TimescaleRule kFirstCoreGroup = {
    "core_group_first", "First core group held", "plan started", WorkingDays(10),
    "Working Together to Safeguard Children, chapter 3: within 10 working days of the conference"};
// As often as the borough has set.
TimescaleRule LaterCoreGroup(const Settings::Borough& borough);

// Last day on which the next core group of a plan is in time.
absl::CivilDay CoreGroupDue(const pb::ProtectionPlan& plan, const Settings::Borough& borough);

// A core group as it is planned, without a name yet; `plans` are those of the request in order.
absl::StatusOr<pb::CoreGroup> PlanCoreGroup(const pb::PlanCoreGroupRequest& request,
                                            const std::vector<pb::ProtectionPlan>& plans);

// That it was held: the plans learn what was found of their outcomes, and when the next is due.
absl::Status Hold(pb::CoreGroup& core_group, std::vector<pb::ProtectionPlan>& plans,
                  const pb::HoldCoreGroupRequest& request, const Settings::Borough& borough);

absl::Status Cancel(pb::CoreGroup& core_group, const pb::CancelCoreGroupRequest& request);

}  // namespace lscp::child_protection
