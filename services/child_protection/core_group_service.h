#pragma once

#include "absl/status/statusor.h"
#include "child_protection/core_group.h"
#include "child_protection/core_group_store.h"
#include "child_protection/parts.h"
#include "child_protection/plan_store.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of CoreGroupsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class CoreGroups {
 public:
  explicit CoreGroups(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::PlanCoreGroupResponse> Plan(const pb::PlanCoreGroupRequest& request,
                                                 Transaction& tx);
  absl::StatusOr<pb::GetCoreGroupResponse> Get(const pb::GetCoreGroupRequest& request,
                                               Reading& reading);
  absl::StatusOr<pb::ListCoreGroupsResponse> List(const pb::ListCoreGroupsRequest& request,
                                                  Reading& reading);
  absl::StatusOr<pb::HoldCoreGroupResponse> Hold(const pb::HoldCoreGroupRequest& request,
                                                 Transaction& tx);
  absl::StatusOr<pb::CancelCoreGroupResponse> Cancel(const pb::CancelCoreGroupRequest& request,
                                                     Transaction& tx);

 private:
  // The clock of a plan is met, and the next begins, if a core group moved its due date.
  absl::Status MoveClock(Transaction& tx, const pb::ProtectionPlan& plan,
                         const google::type::Date& due_before, absl::Time held) const;

  const Parts parts_;
  const CoreGroupStore store_;
  const PlanStore plans_;
};

// Registers the methods.
void RegisterCoreGroups(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
