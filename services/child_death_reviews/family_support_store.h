#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/family_supports_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The family supports of the database. Immutable and thread-safe; errors as of ResourceStore.
class FamilySupportStore : public ResourceStore<pb::FamilySupport> {
 public:
  FamilySupportStore();

  // A family support that the calling person may add to: its key worker, and who answers for the
  // death review. For anybody else it is absent.
  absl::StatusOr<pb::FamilySupport> LockMine(Transaction& tx, std::string_view name,
                                             std::string_view etag) const;

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListFamilySupportsRequest& request) const;
  // Those whose key worker is calling, the latest begun first.
  absl::StatusOr<Page> FindMine(Reading& reading, const pb::ListMyFamiliesRequest& request) const;
};

}  // namespace lscp::child_death_reviews
