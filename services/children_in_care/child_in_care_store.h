#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// The children in care of the database, with what their care chains were. Immutable and
// thread-safe; errors as of ResourceStore.
class ChildInCareStore : public domain::CaseStore<pb::ChildInCare> {
 public:
  ChildInCareStore();

  // The record of a child, under whatever record of the register; the one that is LOOKED_AFTER when
  // two were merged. Locks it.
  absl::StatusOr<std::optional<pb::ChildInCare>> LockOf(Transaction& tx,
                                                        std::string_view child) const;

  // Who came into care last first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListChildrenInCareRequest& request) const;
  // Who is looked after, who came first first.
  absl::StatusOr<Page> LookedAfter(Reading& reading,
                                   const pb::ListChildrenTonightRequest& request) const;

  // Keeps the chain of a record as it was just stored, also as rows (chain_rows.h); `reason` is
  // that of a correction.
  absl::Status KeepChain(Transaction& tx, const pb::ChildInCare& record, bool correction,
                         const std::string& reason) const;
  // The chains that a record had, the latest first; the record must be one that the caller may
  // read.
  absl::StatusOr<pb::ListCareRevisionsResponse> Revisions(
      Reading& reading, const pb::ListCareRevisionsRequest& request) const;
};

}  // namespace lscp::children_in_care
