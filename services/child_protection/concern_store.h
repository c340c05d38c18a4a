#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/concern.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The people, places and patterns of concern of the database. One to which a hidden child is tied
// is hidden. Immutable and thread-safe; errors as of CaseStore.
class ConcernStore : public domain::CaseStore<pb::Concern> {
 public:
  ConcernStore();

  // As Update, with the row by which the last notice is counted.
  absl::Status UpdateNotice(Transaction& tx, pb::Concern& concern) const;

  // The latest recorded first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListConcernsRequest& request) const;
};

}  // namespace lscp::child_protection
