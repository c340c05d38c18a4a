#include "child_death_reviews/death_notification_service.h"

#include <thread>

#include "child_death_reviews/death_review.h"
#include "child_death_reviews/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReview;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DeathNotificationsTest : public Fixture {
 protected:
  std::vector<pb::DeathNotification> Mine() {
    pb::ListMyDeathNotificationsRequest request;
    request.set_parent("boroughs/" + harness_.boroughs.front());
    const auto response = harness_.Run(notifications_, &DeathNotifications::ListMine, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->death_notifications().begin(), response->death_notifications().end()};
  }
  std::vector<pb::DeathNotification> List(const std::string& filter = "") {
    const auto response = harness_.Run(
        notifications_, &DeathNotifications::List,
        Parse<pb::ListDeathNotificationsRequest>("parent: 'boroughs/havering' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->death_notifications().begin(), response->death_notifications().end()};
  }
};

TEST_F(DeathNotificationsTest, BeginADeathReviewWithItsClocks) {
  As("testpolice", "");
  const auto notification = Notify("", "kind: NOTIFIER_KIND_POLICE notifier: 'p.constable'");
  ASSERT_TRUE(notification.ok()) << notification.status();
  EXPECT_EQ(notification->agency(), "testpolice");
  ASSERT_THAT(harness_.entries, SizeIs(2));
  ASSERT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(harness_.entries[0].event->type, "child_death_reviews.death_notified");
  AsCoordinator();
  const DeathReview review = Review(notification->death_review());
  EXPECT_EQ(review.state(), DeathReview::STATE_NOTIFIED);
  EXPECT_EQ(review.scope(), pb::SCOPE_FINDING_RESIDENT);
  EXPECT_THAT(review.notifications(), ElementsAre(notification->name()));
  EXPECT_EQ(ClockOf(review.name(), kDeathNotification), "due 2025-03-03 met 2025-03-03");
  EXPECT_EQ(ClockOf(review.name(), kNationalNotification), "due 2025-03-05");
}

TEST_F(DeathNotificationsTest, OfOneChildJoinWhateverAgencySendsThem) {
  As("testpolice", "");
  const auto first = Notify("circumstances: 'a'");
  As("testhospital", "");
  const auto second = Notify("nhs_number: '9990000018' circumstances: 'b' sex: SEX_FEMALE",
                             "kind: NOTIFIER_KIND_HOSPITAL", "TESTA Maria");
  // By the number that the second has told, whatever the name.
  As("testregistrar", "");
  const auto third = Notify("nhs_number: '9990000018'", "kind: NOTIFIER_KIND_REGISTRAR", "Unnamed");
  EXPECT_EQ(second->death_review(), first->death_review());
  EXPECT_EQ(third->death_review(), first->death_review());
  AsCoordinator();
  const DeathReview review = Review(first->death_review());
  EXPECT_THAT(review.notifications(), SizeIs(3));
  EXPECT_EQ(review.particulars().sex(), pb::SEX_FEMALE);
  EXPECT_THAT(review.contradictions(), ElementsAre("given_name"));
  EXPECT_THAT(List(), SizeIs(3));
  EXPECT_THAT(List("kinds: NOTIFIER_KIND_REGISTRAR"), SizeIs(1));
  EXPECT_THAT(List("death_review: '" + review.name() + "'"), SizeIs(3));
}

TEST_F(DeathNotificationsTest, OfTwoChildrenDoNotJoin) {
  const auto one = Notify("nhs_number: '9990000018'");
  const auto other = Notify("nhs_number: '9990000026'");  // of the same name and days
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NE(other->death_review(), one->death_review());
  EXPECT_THAT(Review(other->death_review()).possible_duplicates(),
              ElementsAre(one->death_review()));
  // A twin, of another given name.
  EXPECT_NE(Notify("", "kind: NOTIFIER_KIND_POLICE", "Testo")->death_review(), one->death_review());
}

TEST_F(DeathNotificationsTest, ThatFitTwoReviewsJoinTheSurerAndNameTheOther) {
  const auto numbered = Notify("nhs_number: '9990000018'", "kind: NOTIFIER_KIND_POLICE", "Uno");
  const auto named = Notify("", "kind: NOTIFIER_KIND_POLICE", "Due");
  const auto both = Notify("nhs_number: '9990000018'", "kind: NOTIFIER_KIND_POLICE", "Due");
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->death_review(), numbered->death_review());
  EXPECT_THAT(Review(both->death_review()).possible_duplicates(),
              ElementsAre(named->death_review()));
}

TEST_F(DeathNotificationsTest, OfTheSameDeathAtTheSameTimeJoin) {
  const testing::TestDatabase database({{"child-death-reviews", kMigrations}});
  const auto request = Parse<pb::NotifyDeathRequest>(
      "parent: 'boroughs/havering' kind: NOTIFIER_KIND_POLICE particulars { "
      "given_name: 'Testa' family_name: 'Beispiel' birth_date { year: 2020 "
      "month: 1 day: 1 } "
      "death_date { year: 2025 month: 3 day: 1 } }");
  const Call call = harness_.CallOf(request);
  const auto notify = [&](Transaction& tx) -> absl::StatusOr<std::string> {
    const auto response = notifications_.Notify(request, tx);
    if (!response.ok()) return response.status();
    return response->death_notification().death_review();
  };
  std::vector<std::string> reviews(4);
  std::vector<std::thread> senders;
  for (std::string& review : reviews) {
    senders.emplace_back([&] {
      db::Session session(&database.database());
      bool replayed = false;
      const auto reply = RunMutation(session, call, RequestKey(), notify, &replayed);
      EXPECT_TRUE(reply.ok()) << reply.status();
      if (reply.ok()) review = *reply;
    });
  }
  for (std::thread& sender : senders) sender.join();
  for (const std::string& review : reviews) EXPECT_EQ(review, reviews[0]);
  const auto count = database.Connect()->Query(
      "SELECT (SELECT COUNT(*) FROM death_reviews), "
      "(SELECT COUNT(*) FROM death_notifications)",
      {});
  EXPECT_EQ((*count)[0].Int(0), 1);
  EXPECT_EQ((*count)[0].Int(1), 4);
}

TEST_F(DeathNotificationsTest, AreTheSendersOwnAndNobodyElses) {
  As("testpolice", "");
  ASSERT_TRUE(Notify("circumstances: 'as the police saw it'").ok());
  As("testhospital", "");
  ASSERT_TRUE(Notify("sex: SEX_MALE", "kind: NOTIFIER_KIND_HOSPITAL").ok());
  EXPECT_THAT(Mine(), SizeIs(1));
  // It learns nothing of what others told.
  harness_.clock.Advance(absl::Seconds(1));
  ASSERT_TRUE(Notify("sex: SEX_FEMALE", "kind: NOTIFIER_KIND_HOSPITAL").ok());
  for (const auto& mine : Mine()) {
    EXPECT_THAT(mine.contradictions(), IsEmpty());
    EXPECT_EQ(mine.particulars().circumstances(), "");
  }
  AsCoordinator();
  EXPECT_THAT(List()[0].contradictions(), ElementsAre("sex"));
}

TEST_F(DeathNotificationsTest, OfAnotherBoroughAreAbsent) {
  const auto notification = Notify();
  As("testcouncil", "c.redbridge", {"redbridge"});
  pb::GetDeathNotificationRequest get;
  get.set_name(notification->name());
  EXPECT_EQ(harness_.Run(notifications_, &DeathNotifications::Get, get).status().code(),
            absl::StatusCode::kPermissionDenied);
  pb::GetDeathReviewRequest get_review;
  get_review.set_name(notification->death_review());
  EXPECT_EQ(harness_.Run(reviews_, &DeathReviews::Get, get_review).status().code(),
            absl::StatusCode::kPermissionDenied);
  // The same child notified there is another area's review, until one is handed over.
  EXPECT_NE(Notify()->death_review(), notification->death_review());
  // Who serves all three sees both.
  As("testpanel", "p.panel", {"havering", "redbridge", "barking-and-dagenham"});
  const auto all = harness_.Run(notifications_, &DeathNotifications::List,
                                Parse<pb::ListDeathNotificationsRequest>("parent: 'boroughs/-'"));
  EXPECT_THAT(all->death_notifications(), SizeIs(2));
}

TEST_F(DeathNotificationsTest, LateOnesAreOnRecordAsLate) {
  harness_.clock.Advance(absl::Hours(24));
  EXPECT_EQ(ClockOf(Begun().name(), kDeathNotification), "due 2025-03-03 met 2025-03-04");
}

}  // namespace
}  // namespace lscp::child_death_reviews
