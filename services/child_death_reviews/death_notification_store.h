#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/death_notifications_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The notifications of the database. Immutable and thread-safe; errors as of ResourceStore.
class DeathNotificationStore : public ResourceStore<pb::DeathNotification> {
 public:
  DeathNotificationStore();

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading,
                            const pb::ListDeathNotificationsRequest& request) const;
  // Those of the calling agency, the latest first.
  absl::StatusOr<Page> FindMine(Reading& reading,
                                const pb::ListMyDeathNotificationsRequest& request) const;
};

}  // namespace lscp::child_death_reviews
