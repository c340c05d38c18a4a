#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/recommendations_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The recommendations of the database. Immutable and thread-safe; errors as of ResourceStore.
class RecommendationStore : public ResourceStore<pb::Recommendation> {
 public:
  RecommendationStore();

  // That what a recommendation is drawn from is there, in the borough of the call.
  // PERMISSION_DENIED when it is not, or lies elsewhere.
  absl::Status CheckSource(Transaction& tx, std::string_view source) const;

  // A recommendation to the calling agency; others are absent.
  absl::StatusOr<pb::Recommendation> LockMine(Transaction& tx, std::string_view name,
                                              std::string_view etag) const;

  // How many that are drawn from it are neither closed nor withdrawn.
  absl::StatusOr<int64_t> CountOpen(Transaction& tx, std::string_view source) const;

  // Those that are drawn from `duplicate` are drawn from `review`, with which it was merged.
  absl::Status MoveSource(Transaction& tx, std::string_view duplicate,
                          std::string_view review) const;

  // The first due first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListRecommendationsRequest& request) const;
  // Those to the calling agency, the first due first.
  absl::StatusOr<Page> FindMine(Reading& reading,
                                const pb::ListMyRecommendationsRequest& request) const;
};

}  // namespace lscp::child_death_reviews
