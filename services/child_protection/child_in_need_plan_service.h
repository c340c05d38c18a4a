#pragma once

#include "absl/status/statusor.h"
#include "child_protection/child_in_need_plan_store.h"
#include "child_protection/parts.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/child_in_need_plans_service.pb.h"

namespace lscp::child_protection {

// Handlers of ChildInNeedPlansService. The contract says what they answer. Thread-safe; the parts
// must outlive this.
class ChildInNeedPlans {
 public:
  explicit ChildInNeedPlans(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::StartChildInNeedPlanResponse> Start(
      const pb::StartChildInNeedPlanRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetChildInNeedPlanResponse> Get(const pb::GetChildInNeedPlanRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::ListChildInNeedPlansResponse> List(
      const pb::ListChildInNeedPlansRequest& request, Reading& reading);
  absl::StatusOr<pb::ReviewChildInNeedPlanResponse> Review(
      const pb::ReviewChildInNeedPlanRequest& request, Transaction& tx);
  absl::StatusOr<pb::AllocateChildInNeedPlanResponse> Allocate(
      const pb::AllocateChildInNeedPlanRequest& request, Transaction& tx);
  absl::StatusOr<pb::EndChildInNeedPlanResponse> End(const pb::EndChildInNeedPlanRequest& request,
                                                     Transaction& tx);

 private:
  static absl::Status ExpectReview(Transaction& tx, const pb::ChildInNeedPlan& plan,
                                   const char* rule, absl::Time from);

  const Settings::Borough& Borough(const Transaction& tx) const {
    return parts_.settings->Of(tx.call().borough);
  }

  const Parts parts_;
  const ChildInNeedPlanStore store_;
};

// Registers the methods.
void RegisterChildInNeedPlans(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
