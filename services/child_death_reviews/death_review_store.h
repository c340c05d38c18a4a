#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The death reviews of the database, with the keys by which a notification finds its own. Immutable
// and thread-safe; errors as of ResourceStore.
class DeathReviewStore : public ResourceStore<pb::DeathReview> {
 public:
  DeathReviewStore();

  // The death review of the borough that these particulars are about, locked; nothing when there is
  // none. A key stays locked too: of two who notify at the same time, the second finds the first's.
  absl::StatusOr<std::optional<pb::DeathReview>> LockOf(Transaction& tx,
                                                        const pb::Particulars& particulars) const;

  // Names of the other death reviews of the borough that may be about the same child: of the same
  // key; or of the same day of death, with the same day of birth or the same family name.
  absl::StatusOr<std::vector<std::string>> Alike(Transaction& tx,
                                                 const pb::DeathReview& review) const;

  // Makes the keys of a stored death review those of its particulars, as far as no other has them.
  // ABORTED when another takes one at the same time, to be tried again.
  absl::Status SetKeys(Transaction& tx, const pb::DeathReview& review) const;
  // Whether another death review has one of the keys, of a child who may be the same.
  absl::StatusOr<bool> HasRival(Transaction& tx, const pb::DeathReview& review) const;
  // Gives the keys of a duplicate to the death review that it is merged into.
  absl::Status MoveKeys(Transaction& tx, const pb::DeathReview& duplicate) const;

  // The latest death first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListDeathReviewsRequest& request) const;
};

}  // namespace lscp::child_death_reviews
