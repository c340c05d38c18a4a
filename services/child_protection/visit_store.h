#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/case_store.h"
#include "safeguarding/child_protection/v1/visits_service.pb.h"

namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The visits of the database. Immutable and thread-safe; errors as of CaseStore.
class VisitStore : public domain::CaseStore<pb::Visit> {
 public:
  VisitStore();

  // When the child of a visit was last seen before `before`, on a visit made under the same plan.
  absl::StatusOr<std::optional<absl::Time>> LastSeen(Transaction& tx, const pb::Visit& visit,
                                                     absl::Time before) const;

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListVisitsRequest& request) const;
};

}  // namespace lscp::child_protection
