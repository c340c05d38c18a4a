#include "child_death_reviews/death_notification_store.h"

#include "common/store/where.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

Columns ColumnsOfNotification(const pb::DeathNotification& notification) {
  return {
      {"agency", notification.agency()},
      {"kind", notification.kind()},
      {"death_review", ResourceName::Parse(notification.death_review())->id},
      {"noticed_at", ProtoToTime(notification.notice_time())},
  };
}

template <typename Request>
ListQuery LatestFirst(const Request& request, const Where& where) {
  return {.where = where.sql(),
          .args = where.args(),
          .sort_by = "noticed_at",
          .descending = true,
          .page_size = request.page_size(),
          .page_token = request.page_token()};
}

}  // namespace

DeathNotificationStore::DeathNotificationStore()
    : ResourceStore("deathNotifications", "death_notifications", ColumnsOfNotification) {}

absl::StatusOr<DeathNotificationStore::Page> DeathNotificationStore::Find(
    Reading& reading, const pb::ListDeathNotificationsRequest& request) const {
  Where where;
  where.In("kind", request.kinds());
  if (!request.death_review().empty()) {
    const auto review = ResourceName::Parse(request.death_review());
    where.Add("borough = ? AND death_review = ?", {review->borough, review->id});
  }
  if (request.has_noticed_from()) {
    where.Add("noticed_at >= ?", {ProtoToTime(request.noticed_from())});
  }
  if (request.has_noticed_before()) {
    where.Add("noticed_at < ?", {ProtoToTime(request.noticed_before())});
  }
  return List(reading, request, LatestFirst(request, where));
}

absl::StatusOr<DeathNotificationStore::Page> DeathNotificationStore::FindMine(
    Reading& reading, const pb::ListMyDeathNotificationsRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency});
  return List(reading, request, LatestFirst(request, where));
}

}  // namespace lscp::child_death_reviews
