#include "child_protection/arrived_case.h"

#include "child_protection/child_status.h"
#include "child_protection/conference.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {

using pb::CaseTransfer;

absl::StatusOr<bool> ArrivedCases::OweAll(Transaction& tx, const pb::Conference& conference) const {
  for (const std::string& child : conference.children()) {
    ASSIGN_OR_RETURN(const auto owing, store_.AwaitingConference(tx.db(), child));
    if (owing.empty()) return false;
  }
  return true;
}

absl::Status ArrivedCases::Held(Transaction& tx, const pb::Conference& conference,
                                absl::Time held) const {
  for (const std::string& child : conference.children()) {
    ASSIGN_OR_RETURN(const auto owing, store_.AwaitingConference(tx.db(), child));
    for (const std::string& name : owing) {
      ASSIGN_OR_RETURN(CaseTransfer transfer, store_.LockUnseen(tx, name));
      transfer.set_conference(conference.name());
      RETURN_IF_ERROR(timescales::Meet(tx.db(), name, kTransferConference.id, held).status());
      RETURN_IF_ERROR(store_.Update(tx, transfer));
    }
  }
  return absl::OkStatus();
}

absl::Status ArrivedCases::Decided(Transaction& tx, const pb::Conference& conference) const {
  ASSIGN_OR_RETURN(const auto names, store_.OfConference(tx.db(), conference.name()));
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const CaseTransfer transfer, store_.Read(tx, name));
    RETURN_IF_ERROR(EndStatus(tx.db(), transfer.child(), pb::CHILD_STATUS_CHILD_PROTECTION_PLAN,
                              name, LondonDay(*ProtoToTime(conference.hold_time()))));
  }
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
