#pragma once

#include "absl/status/statusor.h"
#include "child_protection/parts.h"
#include "child_protection/plan_keeper.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of PlansService. The contract says what they answer. Thread-safe; the parts must outlive
// this.
class Plans {
 public:
  explicit Plans(const Parts& parts) : keeper_(parts) {}

  absl::StatusOr<pb::GetPlanResponse> Get(const pb::GetPlanRequest& request, Reading& reading);
  absl::StatusOr<pb::ListPlansResponse> List(const pb::ListPlansRequest& request, Reading& reading);
  absl::StatusOr<pb::SetPlanOutcomesResponse> SetOutcomes(const pb::SetPlanOutcomesRequest& request,
                                                          Transaction& tx);
  absl::StatusOr<pb::AllocatePlanResponse> Allocate(const pb::AllocatePlanRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::EndPlanResponse> End(const pb::EndPlanRequest& request, Transaction& tx);

 private:
  const PlanKeeper keeper_;
};

// Registers the methods.
void RegisterPlans(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
