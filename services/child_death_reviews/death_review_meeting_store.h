#pragma once

#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/death_review_meetings_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The child death review meetings of the database. Immutable and thread-safe; errors as of
// ResourceStore.
class DeathReviewMeetingStore : public ResourceStore<pb::DeathReviewMeeting> {
 public:
  DeathReviewMeetingStore();

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading,
                            const pb::ListDeathReviewMeetingsRequest& request) const;
};

}  // namespace lscp::child_death_reviews
