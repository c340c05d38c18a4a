#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_death_reviews/death_notification_store.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of DeathNotificationsService. The contract says what they answer. Thread-safe; the
// settings must outlive this.
class DeathNotifications {
 public:
  explicit DeathNotifications(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::NotifyDeathResponse> Notify(const pb::NotifyDeathRequest& request,
                                                 Transaction& tx);
  absl::StatusOr<pb::ListMyDeathNotificationsResponse> ListMine(
      const pb::ListMyDeathNotificationsRequest& request, Reading& reading);
  absl::StatusOr<pb::GetDeathNotificationResponse> Get(
      const pb::GetDeathNotificationRequest& request, Reading& reading);
  absl::StatusOr<pb::ListDeathNotificationsResponse> List(
      const pb::ListDeathNotificationsRequest& request, Reading& reading);

 private:
  // The death review that the notification begins, with its clocks. Result: its name.
  absl::StatusOr<std::string> BeginReview(Transaction& tx,
                                          const pb::DeathNotification& notification) const;

  const Settings* const settings_;
  const DeathNotificationStore store_;
  const DeathReviewStore reviews_;
};

void RegisterDeathNotifications(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
