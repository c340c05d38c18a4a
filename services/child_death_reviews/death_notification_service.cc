#include "child_death_reviews/death_notification_service.h"

#include <memory>
#include <utility>

#include "child_death_reviews/death_review.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/journal/step.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathNotification;
using pb::DeathReview;

Event NotifiedEvent(const DeathReview& review) {
  pb::DeathNotified notified;
  notified.set_death_review(review.name());
  notified.set_child(review.particulars().child());
  *notified.mutable_death_date() = review.particulars().death_date();
  return MakeEvent("child_death_reviews.death_notified", review.name(), notified);
}

// What the agency may know: its own words, not where others' differ.
DeathNotification AsTold(DeathNotification notification) {
  notification.clear_contradictions();
  return notification;
}

}  // namespace

absl::StatusOr<std::string> DeathNotifications::BeginReview(
    Transaction& tx, const DeathNotification& notification) const {
  const Settings::Borough& borough = settings_->Of(tx.call().borough);
  DeathReview review = Begin(notification, borough.area_code());
  review.set_name(reviews_.NewName(tx.call().borough, tx.now()));
  ASSIGN_OR_RETURN(const auto alike, reviews_.Alike(tx, review));
  review.mutable_possible_duplicates()->Assign(alike.begin(), alike.end());
  timescales::NewClock notified = ClockOf(DeathNotificationRule(borough), review.name(),
                                          TimeOfDeath(review.particulars(), tx.now()));
  notified.met_at = tx.now();
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {std::move(notified), ClockOf(NationalNotificationRule(borough), review.name(), tx.now())}));
  RETURN_IF_ERROR(reviews_.Insert(tx, review, NotifiedEvent(review)));
  RETURN_IF_ERROR(reviews_.SetKeys(tx, review));
  // Nobody had the keys when they were looked up, so who has them now came at the same time.
  ASSIGN_OR_RETURN(const bool rival, reviews_.HasRival(tx, review));
  if (rival) return absl::AbortedError("the same death was notified at the same time");
  return review.name();
}

absl::StatusOr<pb::NotifyDeathResponse> DeathNotifications::Notify(
    const pb::NotifyDeathRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathNotification notification,
                   child_death_reviews::Notify(request, StepOf(tx)));
  notification.set_name(store_.NewName(tx.call().borough, tx.now()));
  ASSIGN_OR_RETURN(auto known, reviews_.LockOf(tx, notification.particulars()));
  if (known) {
    const Settings::Borough& borough = settings_->Of(tx.call().borough);
    RETURN_IF_ERROR(Join(*known, notification, borough.area_code()));
    ASSIGN_OR_RETURN(const auto alike, reviews_.Alike(tx, *known));
    known->mutable_possible_duplicates()->Assign(alike.begin(), alike.end());
    RETURN_IF_ERROR(reviews_.Update(tx, *known));
    RETURN_IF_ERROR(reviews_.SetKeys(tx, *known));
    notification.set_death_review(known->name());
  } else {
    ASSIGN_OR_RETURN(*notification.mutable_death_review(), BeginReview(tx, notification));
  }
  RETURN_IF_ERROR(store_.Insert(tx, notification));
  pb::NotifyDeathResponse response;
  *response.mutable_death_notification() = AsTold(std::move(notification));
  return response;
}

absl::StatusOr<pb::ListMyDeathNotificationsResponse> DeathNotifications::ListMine(
    const pb::ListMyDeathNotificationsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.FindMine(reading, request));
  pb::ListMyDeathNotificationsResponse response;
  for (DeathNotification& notification : page.resources) {
    *response.add_death_notifications() = AsTold(std::move(notification));
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::GetDeathNotificationResponse> DeathNotifications::Get(
    const pb::GetDeathNotificationRequest& request, Reading& reading) {
  pb::GetDeathNotificationResponse response;
  ASSIGN_OR_RETURN(*response.mutable_death_notification(), store_.Get(reading, request.name()));
  return response;
}

absl::StatusOr<pb::ListDeathNotificationsResponse> DeathNotifications::List(
    const pb::ListDeathNotificationsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListDeathNotificationsResponse response;
  for (DeathNotification& notification : page.resources) {
    *response.add_death_notifications() = std::move(notification);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

void RegisterDeathNotifications(ServiceContext& context, const Settings* settings) {
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.DeathNotificationsService",
          context.Keep(std::make_unique<DeathNotifications>(settings)))
      .Write("NotifyDeath", &DeathNotifications::Notify)
      .Read("ListMyDeathNotifications", &DeathNotifications::ListMine)
      .Read("GetDeathNotification", &DeathNotifications::Get)
      .Read("ListDeathNotifications", &DeathNotifications::List);
}

}  // namespace lscp::child_death_reviews
