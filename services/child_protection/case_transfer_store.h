#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "safeguarding/child_protection/v1/case_transfers_service.pb.h"

namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The transfers of the database; of a child who leaves, one at most is not answered. Immutable and
// thread-safe; errors as of CaseStore.
class CaseTransferStore : public domain::CaseStore<pb::CaseTransfer> {
 public:
  CaseTransferStore();

  // A transfer of a child who leaves has not been answered.
  absl::StatusOr<bool> HasOpen(db::Connection& db, std::string_view child) const;

  // Names of the transfers of a child who came with a protection plan and was accepted, whose
  // transfer-in conference has not been held.
  absl::StatusOr<std::vector<std::string>> AwaitingConference(db::Connection& db,
                                                              std::string_view child) const;
  // Names of the transfers whose transfer-in conference this is.
  absl::StatusOr<std::vector<std::string>> OfConference(db::Connection& db,
                                                        std::string_view conference) const;

  // The latest notice first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListCaseTransfersRequest& request) const;

 private:
  static absl::StatusOr<std::vector<std::string>> Names(db::Connection& db,
                                                        const std::string& borough,
                                                        const Where& where);
};

}  // namespace lscp::child_protection
