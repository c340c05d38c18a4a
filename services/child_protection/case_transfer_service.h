#pragma once

#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/case_transfer.h"
#include "child_protection/case_transfer_store.h"
#include "child_protection/leaving_case.h"
#include "child_protection/parts.h"
#include "common/events/sink.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of CaseTransfersService, and of what other boroughs' services say of transfers. The
// contract says what they answer. Thread-safe; the parts must outlive this.
class CaseTransfers {
 public:
  // `reachable` are the boroughs with which events are exchanged.
  CaseTransfers(const Parts& parts, std::set<std::string> reachable)
      : parts_(parts), reachable_(std::move(reachable)), leaving_(parts) {}

  absl::StatusOr<pb::TransferCaseResponse> Transfer(const pb::TransferCaseRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::GetCaseTransferResponse> Get(const pb::GetCaseTransferRequest& request,
                                                  Reading& reading);
  absl::StatusOr<pb::ListCaseTransfersResponse> List(const pb::ListCaseTransfersRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::WithdrawTransferResponse> Withdraw(const pb::WithdrawTransferRequest& request,
                                                        Transaction& tx);
  absl::StatusOr<pb::AcceptTransferResponse> Accept(const pb::AcceptTransferRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::DeclineTransferResponse> Decline(const pb::DeclineTransferRequest& request,
                                                      Transaction& tx);

  // What peers say. INVALID_ARGUMENT when it is not about the record that the event names.
  absl::Status OnNotice(const DeliveredEvent& event, const pb::CaseTransferNotice& notice,
                        Transaction& tx);
  absl::Status OnWithdrawal(const DeliveredEvent& event,
                            const pb::CaseTransferWithdrawal& withdrawal, Transaction& tx);
  absl::Status OnAnswer(const DeliveredEvent& event, const pb::CaseTransferAnswer& answer,
                        Transaction& tx);

 private:
  // Our record of which the other borough speaks.
  absl::StatusOr<pb::CaseTransfer> LockFor(const DeliveredEvent& event, Transaction& tx) const;
  const Settings::Borough& Borough(Transaction& tx) const {
    return parts_.settings->Of(tx.call().borough);
  }

  const Parts parts_;
  const std::set<std::string> reachable_;
  const CaseTransferStore store_;
  const LeavingCase leaving_;
};

// Registers the methods and handlers.
void RegisterCaseTransfers(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
