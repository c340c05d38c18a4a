#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/chronologies_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The chronologies of the database. Immutable and thread-safe; errors as of ResourceStore.
class ChronologyStore : public ResourceStore<pb::Chronology> {
 public:
  ChronologyStore();

  // A chronology of the calling agency; others are absent.
  absl::StatusOr<pb::Chronology> LockMine(Transaction& tx, std::string_view name,
                                          std::string_view etag) const;
  // Those of a serious incident, in the order in which they were asked for, locked.
  absl::StatusOr<std::vector<pb::Chronology>> LockOf(Transaction& tx,
                                                     std::string_view incident) const;
  // Those of a serious incident, the first due first.
  absl::StatusOr<std::vector<pb::Chronology>> ReadOf(
      Reading& reading, const pb::CombineChronologiesRequest& request) const;

  // The first due first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListChronologiesRequest& request) const;
  // Those of the calling agency, the first due first.
  absl::StatusOr<Page> FindMine(Reading& reading,
                                const pb::ListMyChronologiesRequest& request) const;
};

}  // namespace lscp::child_death_reviews
