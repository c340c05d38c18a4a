#include "child_protection/emergency_protection_service.h"

#include <memory>
#include <string>
#include <utility>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::EmergencyProtection;

template <typename Response>
Response ReplyWith(EmergencyProtection protection) {
  Response response;
  *response.mutable_emergency_protection() = std::move(protection);
  return response;
}

absl::Status Protected() {
  return Error(absl::StatusCode::kAlreadyExists, reason::ERROR_REASON_DUPLICATE_RECORD,
               "the child is protected in this way already");
}

}  // namespace

absl::Status EmergencyProtections::Start(Transaction& tx, EmergencyProtection& protection) const {
  protection.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {{protection.name(), std::string(ClockRuleOf(protection)),
        *ProtoToTime(protection.start_time()), *ProtoToTime(protection.expire_time())}}));
  return store_.Insert(tx, protection);
}

absl::Status EmergencyProtections::Finish(Transaction& tx, EmergencyProtection& protection) const {
  RETURN_IF_ERROR(timescales::Meet(tx.db(), protection.name(), ClockRuleOf(protection),
                                   *ProtoToTime(protection.end_time()))
                      .status());
  return store_.Update(tx, protection);
}

absl::Status EmergencyProtections::EndPoliceProtection(Transaction& tx,
                                                       const EmergencyProtection& order) const {
  ASSIGN_OR_RETURN(auto in_force, store_.LockInForce(tx, order.child()));
  if (!in_force) return absl::OkStatus();
  if (in_force->kind() == EmergencyProtection::KIND_ORDER) return Protected();
  RETURN_IF_ERROR(GiveWay(*in_force, *ProtoToTime(order.start_time())));
  return Finish(tx, *in_force);
}

absl::StatusOr<pb::RecordPoliceProtectionResponse> EmergencyProtections::RecordPolice(
    const pb::RecordPoliceProtectionRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(const auto in_force, store_.LockInForce(tx, request.child()));
  if (in_force) return Protected();
  EmergencyProtection protection = StartPoliceProtection(request, StepOf(tx));
  RETURN_IF_ERROR(Start(tx, protection));
  return ReplyWith<pb::RecordPoliceProtectionResponse>(std::move(protection));
}

absl::StatusOr<pb::RecordEmergencyProtectionOrderResponse> EmergencyProtections::RecordOrder(
    const pb::RecordEmergencyProtectionOrderRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(EmergencyProtection order, StartOrder(request, StepOf(tx)));
  RETURN_IF_ERROR(EndPoliceProtection(tx, order));
  RETURN_IF_ERROR(Start(tx, order));
  return ReplyWith<pb::RecordEmergencyProtectionOrderResponse>(std::move(order));
}

absl::StatusOr<pb::ExtendEmergencyProtectionOrderResponse> EmergencyProtections::Extend(
    const pb::ExtendEmergencyProtectionOrderRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(EmergencyProtection order, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Extend(order, request));
  RETURN_IF_ERROR(timescales::Extend(tx.db(), order.name(), ClockRuleOf(order),
                                     *ProtoToTime(order.expire_time()))
                      .status());
  RETURN_IF_ERROR(store_.Update(tx, order));
  return ReplyWith<pb::ExtendEmergencyProtectionOrderResponse>(std::move(order));
}

absl::StatusOr<pb::EndEmergencyProtectionResponse> EmergencyProtections::End(
    const pb::EndEmergencyProtectionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(EmergencyProtection protection, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::End(protection, request, StepOf(tx)));
  RETURN_IF_ERROR(Finish(tx, protection));
  return ReplyWith<pb::EndEmergencyProtectionResponse>(std::move(protection));
}

absl::StatusOr<pb::GetEmergencyProtectionResponse> EmergencyProtections::Get(
    const pb::GetEmergencyProtectionRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(EmergencyProtection protection, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetEmergencyProtectionResponse>(std::move(protection));
}

absl::StatusOr<pb::ListEmergencyProtectionsResponse> EmergencyProtections::List(
    const pb::ListEmergencyProtectionsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListEmergencyProtectionsResponse response;
  for (EmergencyProtection& protection : page.resources) {
    *response.add_emergency_protections() = std::move(protection);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

void RegisterEmergencyProtections(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.EmergencyProtectionsService",
          context.Keep(std::make_unique<EmergencyProtections>(parts)))
      .Write("RecordPoliceProtection", &EmergencyProtections::RecordPolice)
      .Write("RecordEmergencyProtectionOrder", &EmergencyProtections::RecordOrder)
      .Write("ExtendEmergencyProtectionOrder", &EmergencyProtections::Extend)
      .Write("EndEmergencyProtection", &EmergencyProtections::End)
      .Read("GetEmergencyProtection", &EmergencyProtections::Get)
      .Read("ListEmergencyProtections", &EmergencyProtections::List);
}

}  // namespace lscp::child_protection
