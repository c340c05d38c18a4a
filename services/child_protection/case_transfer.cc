#include "child_protection/case_transfer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "child_protection/conference.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::CaseTransfer;

absl::Status TakeStep(CaseTransfer& transfer, CaseTransfer::Direction side, std::string_view verb) {
  if (transfer.direction() != side) {
    const bool leaves = side == CaseTransfer::DIRECTION_OUTGOING;
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, leaves ? "outgoing" : "incoming",
                              transfer.name(),
                              leaves ? "this is for the borough that the child leaves"
                                     : "this is for the borough to which the child moves");
  }
  ASSIGN_OR_RETURN(const CaseTransfer::State next,
                   Next(kCaseTransferTransitions, verb, transfer.state(), transfer.name()));
  transfer.set_state(next);
  // Who is responsible follows from the states alone. The borough that the child leaves is until it
  // hears that the other accepted; the other from when it accepts. So one of them always is.
  transfer.set_responsible((next == CaseTransfer::STATE_ACCEPTED) !=
                           (side == CaseTransfer::DIRECTION_OUTGOING));
  return absl::OkStatus();
}

// What both records know from the notice.
void StartClocks(CaseTransfer& transfer, const Settings::Borough& borough) {
  const absl::Time notice = *ProtoToTime(transfer.notice_time());
  *transfer.mutable_answer_due_time() =
      TimeToProto(DueAt(notice, TransferAnswerRule(borough).due_after, WorkingDayCalendar()));
  if (!transfer.summary().has_protection_plan()) return;
  *transfer.mutable_conference_due_date() = DateToProto(ConferenceDue(LondonDay(notice)));
}

void Answer(CaseTransfer& transfer, const std::string& note, const Step& step) {
  *transfer.mutable_answer_time() = TimeToProto(step.now);
  transfer.set_answer_note(note);
  transfer.set_answered_by(step.person);
}

const char* VerbOf(CaseTransfer::State answer) {
  switch (answer) {
    case CaseTransfer::STATE_ACCEPTED:
      return "the other borough accepted";
    case CaseTransfer::STATE_DECLINED:
      return "the other borough declined";
    case CaseTransfer::STATE_WITHDRAWN:
      return "the other borough let it go";
    default:
      return "the other borough has it";
  }
}

}  // namespace

TimescaleRule TransferAnswerRule(const Settings::Borough& borough) {
  return {kTransferAnswer, "Transfer of a case answered", "notice of transfer",
          WorkingDays(static_cast<int>(borough.transfer_answer_working_days())),
          "Local rule: the borough's setting"};
}

std::string CounterpartIn(const std::string& borough, const std::string& name) {
  ResourceName counterpart = *ResourceName::Parse(name);
  counterpart.borough = borough;
  return counterpart.ToString();
}

absl::StatusOr<CaseTransfer> Send(const pb::TransferCaseRequest& request, const std::string& name,
                                  pb::CaseSummary summary, const Step& step,
                                  const Settings::Borough& borough) {
  if (!summary.has_protection_plan() && !summary.has_child_in_need_plan()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "has_plan", request.child(),
                              "the child has neither a protection plan nor a child in need plan");
  }
  CaseTransfer transfer;
  transfer.set_name(name);
  transfer.set_direction(CaseTransfer::DIRECTION_OUTGOING);
  RETURN_IF_ERROR(TakeStep(transfer, CaseTransfer::DIRECTION_OUTGOING, "TransferCase"));
  transfer.set_child(request.child());
  transfer.set_other_borough(request.to_borough());
  transfer.set_counterpart(CounterpartIn(request.to_borough(), name));
  transfer.set_reason(request.reason());
  *transfer.mutable_move_date() = request.move_date();
  transfer.set_new_address(request.new_address());
  *transfer.mutable_notice_time() = TimeToProto(step.now);
  transfer.set_sent_by(step.person);
  summary.set_given_name(request.given_name());
  summary.set_family_name(request.family_name());
  summary.set_risks(request.risks());
  *transfer.mutable_summary() = std::move(summary);
  StartClocks(transfer, borough);
  return transfer;
}

absl::Status Withdraw(CaseTransfer& transfer, const pb::WithdrawTransferRequest& request) {
  RETURN_IF_ERROR(TakeStep(transfer, CaseTransfer::DIRECTION_OUTGOING, "WithdrawTransfer"));
  transfer.set_withdraw_reason(request.reason());
  return absl::OkStatus();
}

absl::Status TakeAnswer(CaseTransfer& transfer, const pb::CaseTransferAnswer& answer,
                        absl::Time now) {
  RETURN_IF_ERROR(TakeStep(transfer, CaseTransfer::DIRECTION_OUTGOING, VerbOf(answer.state())));
  if (transfer.state() == CaseTransfer::STATE_PENDING ||
      transfer.state() == CaseTransfer::STATE_WITHDRAWING) {
    *transfer.mutable_receive_time() = answer.answer_time();
    return absl::OkStatus();
  }
  const auto answered = ProtoToTime(answer.answer_time());
  *transfer.mutable_answer_time() = TimeToProto(answered ? std::min(*answered, now) : now);
  transfer.set_decline_reason(answer.decline_reason());
  transfer.set_answer_note(answer.note());
  return absl::OkStatus();
}

CaseTransfer Arrive(const pb::CaseTransferNotice& notice, const std::string& name,
                    const Settings::Borough& borough, absl::Time now) {
  CaseTransfer transfer;
  transfer.set_name(name);
  transfer.set_direction(CaseTransfer::DIRECTION_INCOMING);
  transfer.set_state(CaseTransfer::STATE_PENDING);
  transfer.set_other_borough(BoroughOf(notice.case_transfer()));
  transfer.set_counterpart(notice.case_transfer());
  transfer.set_reason(notice.reason());
  *transfer.mutable_move_date() = notice.move_date();
  transfer.set_new_address(notice.new_address());
  // Nobody's clock starts in the future because the other's is wrong.
  const auto noticed = ProtoToTime(notice.notice_time());
  *transfer.mutable_notice_time() = TimeToProto(noticed ? std::min(*noticed, now) : now);
  *transfer.mutable_receive_time() = TimeToProto(now);
  *transfer.mutable_summary() = notice.summary();
  StartClocks(transfer, borough);
  return transfer;
}

absl::Status Accept(CaseTransfer& transfer, const pb::AcceptTransferRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(transfer, CaseTransfer::DIRECTION_INCOMING, "AcceptTransfer"));
  transfer.set_child(request.child());
  transfer.set_team(request.team());
  transfer.set_worker(request.worker());
  Answer(transfer, request.note(), step);
  return absl::OkStatus();
}

absl::Status Decline(CaseTransfer& transfer, const pb::DeclineTransferRequest& request,
                     const Step& step) {
  RETURN_IF_ERROR(TakeStep(transfer, CaseTransfer::DIRECTION_INCOMING, "DeclineTransfer"));
  transfer.set_decline_reason(request.reason());
  Answer(transfer, request.note(), step);
  return absl::OkStatus();
}

absl::Status TakeWithdrawal(CaseTransfer& transfer, const pb::CaseTransferWithdrawal& withdrawal,
                            absl::Time now) {
  RETURN_IF_ERROR(TakeStep(transfer, CaseTransfer::DIRECTION_INCOMING, "a withdrawal arrives"));
  transfer.set_withdraw_reason(withdrawal.reason());
  if (transfer.state() != CaseTransfer::STATE_WITHDRAWN) return absl::OkStatus();
  *transfer.mutable_answer_time() = TimeToProto(now);
  return absl::OkStatus();
}

pb::CaseTransferNotice NoticeOf(const CaseTransfer& transfer) {
  pb::CaseTransferNotice notice;
  notice.set_case_transfer(transfer.name());
  notice.set_reason(transfer.reason());
  *notice.mutable_move_date() = transfer.move_date();
  notice.set_new_address(transfer.new_address());
  *notice.mutable_notice_time() = transfer.notice_time();
  *notice.mutable_summary() = transfer.summary();
  return notice;
}

pb::CaseTransferWithdrawal WithdrawalOf(const CaseTransfer& transfer) {
  pb::CaseTransferWithdrawal withdrawal;
  withdrawal.set_case_transfer(transfer.name());
  withdrawal.set_reason(transfer.withdraw_reason());
  return withdrawal;
}

pb::CaseTransferAnswer AnswerOf(const CaseTransfer& transfer, absl::Time now) {
  pb::CaseTransferAnswer answer;
  answer.set_case_transfer(transfer.name());
  answer.set_state(transfer.state());
  *answer.mutable_answer_time() = TimeToProto(now);
  answer.set_decline_reason(transfer.decline_reason());
  answer.set_note(transfer.answer_note());
  return answer;
}

}  // namespace lscp::child_protection
