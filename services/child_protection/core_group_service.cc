#include "child_protection/core_group_service.h"

#include <memory>
#include <utility>
#include <vector>

#include "child_protection/after_birth.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::CoreGroup;
using pb::ProtectionPlan;

template <typename Response>
Response ReplyWith(CoreGroup core_group) {
  Response response;
  *response.mutable_core_group() = std::move(core_group);
  return response;
}

}  // namespace

absl::StatusOr<pb::PlanCoreGroupResponse> CoreGroups::Plan(const pb::PlanCoreGroupRequest& request,
                                                           Transaction& tx) {
  std::vector<ProtectionPlan> plans;
  for (const std::string& name : request.plans()) {
    ASSIGN_OR_RETURN(plans.emplace_back(), plans_.Lock(tx, name, ""));
  }
  ASSIGN_OR_RETURN(CoreGroup core_group, PlanCoreGroup(request, plans));
  core_group.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, core_group));
  return ReplyWith<pb::PlanCoreGroupResponse>(std::move(core_group));
}

absl::StatusOr<pb::GetCoreGroupResponse> CoreGroups::Get(const pb::GetCoreGroupRequest& request,
                                                         Reading& reading) {
  ASSIGN_OR_RETURN(CoreGroup core_group, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetCoreGroupResponse>(std::move(core_group));
}

absl::StatusOr<pb::ListCoreGroupsResponse> CoreGroups::List(
    const pb::ListCoreGroupsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListCoreGroupsResponse response;
  for (CoreGroup& core_group : page.resources) {
    core_group.clear_findings();
    core_group.clear_note();
    core_group.clear_cancel_reason();
    *response.add_core_groups() = std::move(core_group);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::HoldCoreGroupResponse> CoreGroups::Hold(const pb::HoldCoreGroupRequest& request,
                                                           Transaction& tx) {
  ASSIGN_OR_RETURN(CoreGroup core_group, store_.Lock(tx, request.name(), request.etag()));
  std::vector<ProtectionPlan> plans;
  for (const std::string& name : core_group.plans()) {
    ASSIGN_OR_RETURN(plans.emplace_back(), plans_.Lock(tx, name, ""));
  }
  const std::vector<ProtectionPlan> before = plans;
  RETURN_IF_ERROR(
      child_protection::Hold(core_group, plans, request, parts_.settings->Of(tx.call().borough)));
  for (size_t i = 0; i < plans.size(); ++i) {
    if (plans[i].state() != ProtectionPlan::STATE_ACTIVE) continue;
    RETURN_IF_ERROR(MeetAfterBirth(tx, plans[i], *ProtoToTime(core_group.hold_time())));
    RETURN_IF_ERROR(MoveClock(tx, plans[i], before[i].core_group_due_date(),
                              *ProtoToTime(core_group.hold_time())));
    RETURN_IF_ERROR(plans_.Update(tx, plans[i]));
  }
  RETURN_IF_ERROR(store_.Update(tx, core_group));
  return ReplyWith<pb::HoldCoreGroupResponse>(std::move(core_group));
}

absl::Status CoreGroups::MoveClock(Transaction& tx, const ProtectionPlan& plan,
                                   const google::type::Date& due_before, absl::Time held) const {
  const absl::CivilDay due = *ProtoToDate(plan.core_group_due_date());
  if (due == ProtoToDate(due_before)) return absl::OkStatus();  // told late
  const TimescaleRule later = LaterCoreGroup(parts_.settings->Of(tx.call().borough));
  for (const char* rule : {kFirstCoreGroup.id, later.id}) {
    RETURN_IF_ERROR(timescales::Meet(tx.db(), plan.name(), rule, held).status());
  }
  return timescales::Start(
      tx.db(), tx.call().borough,
      {{plan.name(), later.id, held, EndOfDay(due), plan.team(), plan.worker()}});
}

absl::StatusOr<pb::CancelCoreGroupResponse> CoreGroups::Cancel(
    const pb::CancelCoreGroupRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(CoreGroup core_group, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Cancel(core_group, request));
  RETURN_IF_ERROR(store_.Update(tx, core_group));
  return ReplyWith<pb::CancelCoreGroupResponse>(std::move(core_group));
}

void RegisterCoreGroups(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.CoreGroupsService",
          context.Keep(std::make_unique<CoreGroups>(parts)))
      .Write("PlanCoreGroup", &CoreGroups::Plan)
      .Read("GetCoreGroup", &CoreGroups::Get)
      .Read("ListCoreGroups", &CoreGroups::List)
      .Write("HoldCoreGroup", &CoreGroups::Hold)
      .Write("CancelCoreGroup", &CoreGroups::Cancel);
}

}  // namespace lscp::child_protection
