#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/case_transfer_events.pb.h"
#include "safeguarding/child_protection/v1/case_transfers_service.pb.h"

// The rules of the transfer of a case to another borough. Each borough has a record of it; they
// tell each other by events. No SQL, no gRPC, no clock. Errors are those that the contract
// documents; after one, the record is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The first rows are of an OUTGOING record, the others of an INCOMING one. A withdrawal is a
// request: where the other borough has answered before, its answer stands, so that the two agree
// whichever crosses which.
inline constexpr Transition<pb::CaseTransfer::State> kCaseTransferTransitions[] = {
    {"TransferCase", {pb::CaseTransfer::STATE_UNSPECIFIED}, pb::CaseTransfer::STATE_PENDING},
    {"the other borough has it",
     {pb::CaseTransfer::STATE_PENDING},
     pb::CaseTransfer::STATE_PENDING},
    {"the other borough has it",
     {pb::CaseTransfer::STATE_WITHDRAWING},
     pb::CaseTransfer::STATE_WITHDRAWING},
    {"WithdrawTransfer", {pb::CaseTransfer::STATE_PENDING}, pb::CaseTransfer::STATE_WITHDRAWING},
    {"the other borough accepted",
     {pb::CaseTransfer::STATE_PENDING, pb::CaseTransfer::STATE_WITHDRAWING},
     pb::CaseTransfer::STATE_ACCEPTED},
    {"the other borough declined",
     {pb::CaseTransfer::STATE_PENDING, pb::CaseTransfer::STATE_WITHDRAWING},
     pb::CaseTransfer::STATE_DECLINED},
    {"the other borough let it go",
     {pb::CaseTransfer::STATE_WITHDRAWING},
     pb::CaseTransfer::STATE_WITHDRAWN},
    {"a notice arrives", {pb::CaseTransfer::STATE_UNSPECIFIED}, pb::CaseTransfer::STATE_PENDING},
    {"AcceptTransfer", {pb::CaseTransfer::STATE_PENDING}, pb::CaseTransfer::STATE_ACCEPTED},
    {"DeclineTransfer", {pb::CaseTransfer::STATE_PENDING}, pb::CaseTransfer::STATE_DECLINED},
    {"a withdrawal arrives", {pb::CaseTransfer::STATE_PENDING}, pb::CaseTransfer::STATE_WITHDRAWN},
    {"a withdrawal arrives", {pb::CaseTransfer::STATE_ACCEPTED}, pb::CaseTransfer::STATE_ACCEPTED},
    {"a withdrawal arrives", {pb::CaseTransfer::STATE_DECLINED}, pb::CaseTransfer::STATE_DECLINED},
};

// By when a transfer is answered; the transfer-in conference is kTransferConference. Both run from
// the notice as the borough gave it that the child leaves: an outage between the boroughs does not
// lengthen what the child waits.
inline constexpr char kTransferAnswer[] = "transfer_answer";
TimescaleRule TransferAnswerRule(const Settings::Borough& borough);

// The name of a record's counterpart in the other borough.
std::string CounterpartIn(const std::string& borough, const std::string& name);

// A case as it is sent, under this name. RULE_NOT_MET if the summary tells of no plan.
absl::StatusOr<pb::CaseTransfer> Send(const pb::TransferCaseRequest& request,
                                      const std::string& name, pb::CaseSummary summary,
                                      const Step& step, const Settings::Borough& borough);
absl::Status Withdraw(pb::CaseTransfer& transfer, const pb::WithdrawTransferRequest& request);
// What the other borough says of an OUTGOING one.
absl::Status TakeAnswer(pb::CaseTransfer& transfer, const pb::CaseTransferAnswer& answer,
                        absl::Time now);

// An INCOMING one as its notice arrives, under the name of the counterpart.
pb::CaseTransfer Arrive(const pb::CaseTransferNotice& notice, const std::string& name,
                        const Settings::Borough& borough, absl::Time now);
absl::Status Accept(pb::CaseTransfer& transfer, const pb::AcceptTransferRequest& request,
                    const Step& step);
absl::Status Decline(pb::CaseTransfer& transfer, const pb::DeclineTransferRequest& request,
                     const Step& step);
// It becomes WITHDRAWN unless it was answered before.
absl::Status TakeWithdrawal(pb::CaseTransfer& transfer,
                            const pb::CaseTransferWithdrawal& withdrawal, absl::Time now);

// What the other borough is told.
pb::CaseTransferNotice NoticeOf(const pb::CaseTransfer& transfer);
pb::CaseTransferWithdrawal WithdrawalOf(const pb::CaseTransfer& transfer);
pb::CaseTransferAnswer AnswerOf(const pb::CaseTransfer& transfer, absl::Time now);

}  // namespace lscp::child_protection
