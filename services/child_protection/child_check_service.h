#pragma once

#include "absl/status/statusor.h"
#include "child_protection/child_check_store.h"
#include "child_protection/parts.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of ChildChecksService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class ChildChecks {
 public:
  explicit ChildChecks(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::CheckChildResponse> Check(const pb::CheckChildRequest& request,
                                               Transaction& tx);
  absl::StatusOr<pb::ListChildChecksResponse> List(const pb::ListChildChecksRequest& request,
                                                   Reading& reading);

 private:
  const Parts parts_;
  const ChildCheckStore store_;
};

void RegisterChildChecks(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
