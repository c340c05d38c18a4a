#pragma once

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "safeguarding/child_protection/v1/conferences_service.pb.h"

namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The conferences of the database. Immutable and thread-safe; errors as of CaseStore.
class ConferenceStore : public domain::CaseStore<pb::Conference> {
 public:
  ConferenceStore();

  // As Update, with the rows by which children are counted.
  absl::Status UpdateCounted(Transaction& tx, pb::Conference& conference,
                             std::optional<Event> event = std::nullopt) const;

  // A conference is to consider the child, or has not been decided yet.
  absl::StatusOr<bool> IsToConsider(Transaction& tx, std::string_view child) const;

  // The earliest planned first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListConferencesRequest& request) const;
};

}  // namespace lscp::child_protection
