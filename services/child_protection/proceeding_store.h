#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "child_protection/proceeding.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The pre-proceedings and care proceedings of the database. Immutable and thread-safe; errors as of
// CaseStore.
class ProceedingStore : public domain::CaseStore<pb::Proceeding> {
 public:
  ProceedingStore();

  // As Update, for proceedings that have ended, whose orders are counted.
  absl::Status UpdateEnded(Transaction& tx, pb::Proceeding& proceeding) const;

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListProceedingsRequest& request) const;

  // The child, under whatever record, has one that has not ended.
  absl::StatusOr<bool> HasOpen(db::Connection& db, std::string_view child) const;
};

}  // namespace lscp::child_protection
