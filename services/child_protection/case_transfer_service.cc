#include "child_protection/case_transfer_service.h"

#include <memory>
#include <utility>
#include <vector>

#include "child_protection/child_status.h"
#include "child_protection/children.h"
#include "child_protection/conference.h"
#include "child_protection/timescale_rules.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::CaseTransfer;

constexpr char kNotice[] = "child_protection.case_transfer_notice";
constexpr char kWithdrawal[] = "child_protection.case_transfer_withdrawal";
constexpr char kAnswer[] = "child_protection.case_transfer_answer";

template <typename Response>
Response ReplyWith(CaseTransfer transfer) {
  Response response;
  *response.mutable_case_transfer() = std::move(transfer);
  return response;
}

void ClearTexts(CaseTransfer& transfer) {
  transfer.clear_summary();
  transfer.clear_new_address();
  transfer.clear_answer_note();
  transfer.clear_withdraw_reason();
}

// An event whose subject is the other borough's record goes there.
Event ToOther(const char* type, const CaseTransfer& transfer,
              const google::protobuf::Message& content) {
  return MakeEvent(type, transfer.counterpart(), content);
}

absl::Status OneOpen(const std::string& child) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_open_transfer", child,
                            "a transfer of the child has not been answered");
}

timescales::NewClock Clock(const TimescaleRule& rule, const CaseTransfer& transfer) {
  return ClockOf(rule, transfer.name(), *ProtoToTime(transfer.notice_time()),
                 transfer.summary().team());
}

absl::Status NotThisRecord(const char* field) {
  return InvalidField(field, "is not of the record that the event names");
}

}  // namespace

absl::StatusOr<pb::TransferCaseResponse> CaseTransfers::Transfer(
    const pb::TransferCaseRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  if (request.to_borough() == tx.call().borough || !reachable_.contains(request.to_borough())) {
    return InvalidField("to_borough", "is no borough that this service can reach");
  }
  // Nobody begins or ends a plan of the child meanwhile.
  RETURN_IF_ERROR(LockChild(tx.db(), request.child()).status());
  ASSIGN_OR_RETURN(const bool open, store_.HasOpen(tx.db(), request.child()));
  if (open) return OneOpen(request.child());
  ASSIGN_OR_RETURN(pb::CaseSummary summary, leaving_.Summary(tx, request.child()));
  ASSIGN_OR_RETURN(CaseTransfer transfer, Send(request, store_.NewName(tx.call().borough, tx.now()),
                                               std::move(summary), StepOf(tx), Borough(tx)));
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough,
                                    {Clock(TransferAnswerRule(Borough(tx)), transfer)}));
  RETURN_IF_ERROR(store_.Insert(tx, transfer, ToOther(kNotice, transfer, NoticeOf(transfer))));
  return ReplyWith<pb::TransferCaseResponse>(std::move(transfer));
}

absl::StatusOr<pb::GetCaseTransferResponse> CaseTransfers::Get(
    const pb::GetCaseTransferRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(CaseTransfer transfer, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetCaseTransferResponse>(std::move(transfer));
}

absl::StatusOr<pb::ListCaseTransfersResponse> CaseTransfers::List(
    const pb::ListCaseTransfersRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListCaseTransfersResponse response;
  for (CaseTransfer& transfer : page.resources) {
    ClearTexts(transfer);
    *response.add_case_transfers() = std::move(transfer);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::WithdrawTransferResponse> CaseTransfers::Withdraw(
    const pb::WithdrawTransferRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(CaseTransfer transfer,
                   ChangeRecord(
                       store_, tx, request,
                       [&](CaseTransfer& t) { return child_protection::Withdraw(t, request); },
                       [](const CaseTransfer& t) {
                         return std::optional(ToOther(kWithdrawal, t, WithdrawalOf(t)));
                       }));
  return ReplyWith<pb::WithdrawTransferResponse>(std::move(transfer));
}

absl::StatusOr<pb::AcceptTransferResponse> CaseTransfers::Accept(
    const pb::AcceptTransferRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(
      CaseTransfer transfer,
      ChangeRecord(
          store_, tx, request,
          [&](CaseTransfer& t) { return child_protection::Accept(t, request, StepOf(tx)); },
          [&](const CaseTransfer& t) {
            return std::optional(ToOther(kAnswer, t, AnswerOf(t, tx.now())));
          }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), transfer.name(), kTransferAnswer, tx.now()).status());
  RETURN_IF_ERROR(
      timescales::Reassign(tx.db(), transfer.name(), transfer.team(), transfer.worker()).status());
  // The other borough ends its plan when it hears of this; until our conference has decided, the
  // child must not look like one without a plan to whoever asks in an emergency.
  if (transfer.summary().has_protection_plan()) {
    RETURN_IF_ERROR(BeginStatus(tx.db(), transfer.child(), pb::CHILD_STATUS_CHILD_PROTECTION_PLAN,
                                transfer.name(), LondonDay(tx.now())));
  }
  return ReplyWith<pb::AcceptTransferResponse>(std::move(transfer));
}

absl::StatusOr<pb::DeclineTransferResponse> CaseTransfers::Decline(
    const pb::DeclineTransferRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(
      CaseTransfer transfer,
      ChangeRecord(
          store_, tx, request,
          [&](CaseTransfer& t) { return child_protection::Decline(t, request, StepOf(tx)); },
          [&](const CaseTransfer& t) {
            return std::optional(ToOther(kAnswer, t, AnswerOf(t, tx.now())));
          }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), transfer.name(), kTransferAnswer, tx.now()).status());
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), transfer.name(), tx.now()).status());
  return ReplyWith<pb::DeclineTransferResponse>(std::move(transfer));
}

absl::Status CaseTransfers::OnNotice(const DeliveredEvent& event,
                                     const pb::CaseTransferNotice& notice, Transaction& tx) {
  if (notice.case_transfer() != event.resource() || !ResourceName::Parse(event.resource()) ||
      CounterpartIn(tx.call().borough, event.resource()) != event.subject()) {
    return NotThisRecord("events.content.case_transfer");
  }
  CaseTransfer transfer = Arrive(notice, event.subject(), Borough(tx), tx.now());
  std::vector<timescales::NewClock> clocks = {Clock(TransferAnswerRule(Borough(tx)), transfer)};
  if (transfer.summary().has_protection_plan()) {
    clocks.push_back(Clock(kTransferConference, transfer));
  }
  // The team is one of the other borough.
  for (timescales::NewClock& clock : clocks) clock.team.clear();
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough, clocks));
  return store_.Insert(tx, transfer, ToOther(kAnswer, transfer, AnswerOf(transfer, tx.now())));
}

absl::Status CaseTransfers::OnWithdrawal(const DeliveredEvent& event,
                                         const pb::CaseTransferWithdrawal& withdrawal,
                                         Transaction& tx) {
  ASSIGN_OR_RETURN(CaseTransfer transfer, LockFor(event, tx));
  RETURN_IF_ERROR(TakeWithdrawal(transfer, withdrawal, tx.now()));
  // What was answered before is on its way, or there.
  if (transfer.state() != CaseTransfer::STATE_WITHDRAWN) return store_.Update(tx, transfer);
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), transfer.name(), tx.now()).status());
  return store_.Update(tx, transfer, ToOther(kAnswer, transfer, AnswerOf(transfer, tx.now())));
}

absl::Status CaseTransfers::OnAnswer(const DeliveredEvent& event,
                                     const pb::CaseTransferAnswer& answer, Transaction& tx) {
  ASSIGN_OR_RETURN(CaseTransfer transfer, LockFor(event, tx));
  RETURN_IF_ERROR(TakeAnswer(transfer, answer, tx.now()));
  if (transfer.has_answer_time()) {
    const absl::Time answered = *ProtoToTime(transfer.answer_time());
    RETURN_IF_ERROR(timescales::Meet(tx.db(), transfer.name(), kTransferAnswer, answered).status());
    if (transfer.state() == CaseTransfer::STATE_ACCEPTED) {
      RETURN_IF_ERROR(leaving_.EndPlans(tx, transfer.child(), LondonDay(answered)));
    }
  }
  return store_.Update(tx, transfer);
}

absl::StatusOr<CaseTransfer> CaseTransfers::LockFor(const DeliveredEvent& event,
                                                    Transaction& tx) const {
  ASSIGN_OR_RETURN(CaseTransfer transfer, store_.LockUnseen(tx, event.subject()));
  if (transfer.counterpart() != event.resource()) return NotThisRecord("events.resource");
  return transfer;
}

void RegisterCaseTransfers(ServiceContext& context, const Parts& parts) {
  std::set<std::string> reachable;
  for (const auto& subscriber : context.config().subscribers()) {
    if (!subscriber.has_peer()) continue;
    reachable.insert(subscriber.boroughs().begin(), subscriber.boroughs().end());
  }
  CaseTransfers* const transfers =
      context.Keep(std::make_unique<CaseTransfers>(parts, std::move(reachable)));
  context.methods()
      .Of("safeguarding.child_protection.v1.CaseTransfersService", transfers)
      .Write("TransferCase", &CaseTransfers::Transfer)
      .Read("GetCaseTransfer", &CaseTransfers::Get)
      .Read("ListCaseTransfers", &CaseTransfers::List)
      .Write("WithdrawTransfer", &CaseTransfers::Withdraw)
      .Write("AcceptTransfer", &CaseTransfers::Accept)
      .Write("DeclineTransfer", &CaseTransfers::Decline);
  context.OnPeerEvent<pb::CaseTransferNotice>(
      kNotice, [transfers](const DeliveredEvent& event, const pb::CaseTransferNotice& notice,
                           Transaction& tx) { return transfers->OnNotice(event, notice, tx); });
  context.OnPeerEvent<pb::CaseTransferWithdrawal>(
      kWithdrawal,
      [transfers](const DeliveredEvent& event, const pb::CaseTransferWithdrawal& withdrawal,
                  Transaction& tx) { return transfers->OnWithdrawal(event, withdrawal, tx); });
  context.OnPeerEvent<pb::CaseTransferAnswer>(
      kAnswer, [transfers](const DeliveredEvent& event, const pb::CaseTransferAnswer& answer,
                           Transaction& tx) { return transfers->OnAnswer(event, answer, tx); });
}

}  // namespace lscp::child_protection
