#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "child_protection/case_transfer_store.h"
#include "safeguarding/child_protection/v1/conferences_service.pb.h"

namespace lscp::child_protection {

// What a transfer-in conference does to the transfers by which its children came: it is what they
// are owed. Immutable and thread-safe. Errors: the store's and the database's.
class ArrivedCases {
 public:
  // Each child came by a transfer that owes the conference, so its clock runs there.
  absl::StatusOr<bool> OweAll(Transaction& tx, const pb::Conference& conference) const;

  // It was held, at `held`: their clocks are met.
  absl::Status Held(Transaction& tx, const pb::Conference& conference, absl::Time held) const;

  // It was decided: what their children are from now on is the plan's to say that it began, if any.
  absl::Status Decided(Transaction& tx, const pb::Conference& conference) const;

 private:
  const CaseTransferStore store_;
};

}  // namespace lscp::child_protection
