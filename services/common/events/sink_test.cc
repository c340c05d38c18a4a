#include "common/events/sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "common/events/test_support.h"
#include "google/protobuf/duration.pb.h"

namespace lscp {
namespace {

using google::protobuf::Duration;
using google::protobuf::Timestamp;
using safeguarding::events::v1::DeliverRequest;
using testing::kStepped;
using testing::Step;

class EventSinkTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { receiver_ = new testing::Receiver(); }
  static void TearDownTestSuite() { delete receiver_; }
  void SetUp() override {
    testing::Clear(receiver_->database());
    testing::RunAsOwner(receiver_->database(), "TRUNCATE event_inbox");
  }

  // The steps [from, to] of subject "one", in one delivery.
  static DeliverRequest Steps(const std::string& request_id, int from, int to) {
    DeliverRequest request;
    request.set_parent("boroughs/northborough");
    request.set_request_id("00000000-0000-4000-8000-" + request_id);
    for (int i = from; i <= to; ++i) Add(request, "sender/northborough/" + std::to_string(i), i);
    return request;
  }
  static DeliveredEvent& Add(DeliverRequest& request, const std::string& id, int step) {
    DeliveredEvent& event = *request.add_events();
    event.set_id(id);
    event.set_type(kStepped);
    event.set_resource("boroughs/northborough/things/1");
    event.set_subject("boroughs/northborough/subjects/one");
    event.mutable_content()->PackFrom(Step(step));
    return event;
  }

  static int64_t Inbox() { return receiver_->Number("SELECT COUNT(*) FROM event_inbox"); }
  static int64_t Journal() { return receiver_->Number("SELECT COUNT(*) FROM journal"); }

  static testing::Receiver* receiver_;
};

testing::Receiver* EventSinkTest::receiver_ = nullptr;

TEST_F(EventSinkTest, EventsHaveTheirEffectAndAreRemembered) {
  EXPECT_EQ(receiver_->Take(Steps("000000000001", 1, 3)).value_or(-1), 3);
  EXPECT_EQ(receiver_->Steps("one"), 3);
  EXPECT_EQ(Inbox(), 3);
  EXPECT_EQ(receiver_->Number("SELECT COUNT(*) FROM journal WHERE revision = 1 AND resource IN "
                              "('boroughs/northborough/events/sender-northborough-1', "
                              "'boroughs/northborough/events/sender-northborough-2', "
                              "'boroughs/northborough/events/sender-northborough-3')"),
            3);
}

TEST_F(EventSinkTest, TheJournalDoesNotRepeatTheContent) {
  ASSERT_TRUE(receiver_->Take(Steps("000000000001", 1, 1)).ok());
  const auto rows = receiver_->database().Connect()->Query("SELECT payload FROM journal", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  DeliveredEvent event;
  ASSERT_TRUE(event.ParseFromString((*rows)[0].Text(0)));
  EXPECT_EQ(event.id(), "sender/northborough/1");
  EXPECT_FALSE(event.has_content());
}

TEST_F(EventSinkTest, KnownEventsAreSkippedWhateverTheyAreDeliveredWith) {
  ASSERT_TRUE(receiver_->Take(Steps("000000000001", 1, 3)).ok());
  EXPECT_EQ(receiver_->Take(Steps("000000000001", 1, 3)).value_or(-1), 3) << "answered from memory";
  EXPECT_EQ(receiver_->Take(Steps("000000000002", 2, 5)).value_or(-1), 2);
  EXPECT_EQ(receiver_->Take(Steps("000000000003", 1, 5)).value_or(-1), 0);
  EXPECT_EQ(receiver_->Steps("one"), 5);
  EXPECT_EQ(Journal(), 5);
}

TEST_F(EventSinkTest, AnEventThatIsInADeliveryTwiceCountsOnce) {
  DeliverRequest request = Steps("000000000001", 1, 1);
  Add(request, "sender/northborough/1", 1);
  EXPECT_EQ(receiver_->Take(request).value_or(-1), 1);
  EXPECT_EQ(receiver_->Steps("one"), 1);
}

TEST_F(EventSinkTest, MoreEventsThanAStatementTakesAreAllTaken) {
  EXPECT_EQ(receiver_->Take(Steps("000000000001", 1, 100)).value_or(-1), 100);
  EXPECT_EQ(receiver_->Take(Steps("000000000002", 1, 230)).value_or(-1), 130);
  EXPECT_EQ(receiver_->Steps("one"), 230);
}

TEST_F(EventSinkTest, EventsOfUnknownTypesArePassedOver) {
  DeliverRequest request = Steps("000000000001", 1, 2);
  request.mutable_events(1)->set_type("trial.of_a_newer_sender");
  EXPECT_EQ(receiver_->Take(request).value_or(-1), 1);
  request = Steps("000000000002", 7, 7);
  request.mutable_events(0)->set_type("trial.of_a_newer_sender");
  EXPECT_EQ(receiver_->Take(request).value_or(-1), 0);
  EXPECT_EQ(Inbox(), 1);
}

TEST_F(EventSinkTest, AnEmptyDeliveryIsTaken) {
  EXPECT_EQ(receiver_->Take(Steps("000000000001", 1, 0)).value_or(-1), 0);
  EXPECT_EQ(Journal(), 0);
}

TEST_F(EventSinkTest, AContentOfTheWrongTypeRefusesTheWholeDelivery) {
  DeliverRequest request = Steps("000000000001", 1, 2);
  request.mutable_events(1)->mutable_content()->PackFrom(Duration());
  EXPECT_TRUE(absl::IsInvalidArgument(receiver_->Take(request).status()));
  EXPECT_EQ(Inbox(), 0);
  EXPECT_EQ(receiver_->Steps("one"), 0);
}

TEST_F(EventSinkTest, WhenAHandlerFailsNothingOfTheDeliveryHappened) {
  EXPECT_TRUE(absl::IsFailedPrecondition(receiver_->Take(Steps("000000000001", 2, 3)).status()));
  EXPECT_EQ(Inbox(), 0);
  EXPECT_EQ(Journal(), 0);
  EXPECT_TRUE(receiver_->Take(Steps("000000000001", 1, 3)).ok());
}

TEST_F(EventSinkTest, DeliveriesAtTheSameTimeHaveTheirEffectOnce) {
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  std::vector<absl::Status> statuses(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      statuses[i] =
          receiver_->Take(Steps("00000000000" + std::to_string(i), 1, 10 + 10 * i)).status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(receiver_->Steps("one"), 40);
  EXPECT_EQ(Inbox(), 40);
}

TEST(EventSink, HandlersOfATypeRunInTheOrderOfTheirRegistration) {
  testing::Receiver receiver;
  std::string order;
  for (const char name : {'a', 'b'}) {
    receiver.sink().On<Timestamp>(
        "trial.other", [&order, name](const DeliveredEvent&, const Timestamp&, Transaction&) {
          order += name;
          return absl::OkStatus();
        });
  }
  DeliverRequest request;
  request.set_parent("boroughs/northborough");
  request.set_request_id("00000000-0000-4000-8000-000000000001");
  DeliveredEvent& event = *request.add_events();
  event.set_id("sender/northborough/1");
  event.set_type("trial.other");
  event.mutable_content()->PackFrom(Step(1));
  EXPECT_EQ(receiver.Take(request).value_or(-1), 1);
  EXPECT_EQ(order, "ab");
}

}  // namespace
}  // namespace lscp
