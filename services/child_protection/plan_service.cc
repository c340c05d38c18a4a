#include "child_protection/plan_service.h"

#include <memory>
#include <utility>

#include "common/status/macros.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::ProtectionPlan;

template <typename Response>
Response ReplyWith(ProtectionPlan plan, absl::Time now) {
  SetDuration(plan, LondonDay(now));
  Response response;
  *response.mutable_plan() = std::move(plan);
  return response;
}

}  // namespace

absl::StatusOr<pb::GetPlanResponse> Plans::Get(const pb::GetPlanRequest& request,
                                               Reading& reading) {
  ASSIGN_OR_RETURN(ProtectionPlan plan, keeper_.store().Get(reading, request.name()));
  return ReplyWith<pb::GetPlanResponse>(std::move(plan), reading.now());
}

absl::StatusOr<pb::ListPlansResponse> Plans::List(const pb::ListPlansRequest& request,
                                                  Reading& reading) {
  ASSIGN_OR_RETURN(auto page, keeper_.store().Find(reading, request));
  pb::ListPlansResponse response;
  for (ProtectionPlan& plan : page.resources) {
    plan.clear_outcomes();
    plan.clear_end_note();
    SetDuration(plan, LondonDay(reading.now()));
    *response.add_plans() = std::move(plan);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::SetPlanOutcomesResponse> Plans::SetOutcomes(
    const pb::SetPlanOutcomesRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ProtectionPlan plan, keeper_.store().Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::SetOutcomes(plan, request));
  RETURN_IF_ERROR(keeper_.store().Update(tx, plan));
  return ReplyWith<pb::SetPlanOutcomesResponse>(std::move(plan), tx.now());
}

absl::StatusOr<pb::AllocatePlanResponse> Plans::Allocate(const pb::AllocatePlanRequest& request,
                                                         Transaction& tx) {
  ASSIGN_OR_RETURN(ProtectionPlan plan, keeper_.store().Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Allocate(plan, request));
  RETURN_IF_ERROR(timescales::Reassign(tx.db(), plan.name(), plan.team(), plan.worker()).status());
  RETURN_IF_ERROR(keeper_.store().Update(tx, plan));
  return ReplyWith<pb::AllocatePlanResponse>(std::move(plan), tx.now());
}

absl::StatusOr<pb::EndPlanResponse> Plans::End(const pb::EndPlanRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ProtectionPlan plan, keeper_.store().Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::End(plan, request));
  RETURN_IF_ERROR(keeper_.StoreEnded(tx, plan));
  return ReplyWith<pb::EndPlanResponse>(std::move(plan), tx.now());
}

void RegisterPlans(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.PlansService",
          context.Keep(std::make_unique<Plans>(parts)))
      .Read("GetPlan", &Plans::Get)
      .Read("ListPlans", &Plans::List)
      .Write("SetPlanOutcomes", &Plans::SetOutcomes)
      .Write("AllocatePlan", &Plans::Allocate)
      .Write("EndPlan", &Plans::End);
}

}  // namespace lscp::child_protection
