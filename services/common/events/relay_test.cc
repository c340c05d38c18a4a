#include "common/events/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "common/events/test_support.h"

namespace lscp {
namespace {

using safeguarding::events::v1::DeliverRequest;
using ::testing::Each;
using testing::Eventually;
using testing::NumberOf;
using testing::Publish;
using ::testing::SizeIs;

// What lies between relays and their subscriber. Thread-safe.
class Line {
 public:
  explicit Line(testing::Receiver* receiver) : receiver_(receiver) {}

  // What a delivery meets before it arrives and, if that is OK, after it was taken.
  using Fault = std::function<absl::Status(const DeliverRequest&)>;
  void SetFaults(Fault before, Fault after = nullptr) {
    std::lock_guard lock(mutex_);
    before_ = std::move(before);
    after_ = std::move(after);
  }

  absl::Status Deliver(int relay, const DeliverRequest& request) {
    Fault before, after;
    {
      std::lock_guard lock(mutex_);
      relays_.insert(relay);
      ids_.push_back(request.request_id());
      before = before_;
      after = after_;
    }
    if (before != nullptr) RETURN_IF_ERROR(before(request));
    RETURN_IF_ERROR(receiver_->Take(request).status());
    return after == nullptr ? absl::OkStatus() : after(request);
  }

  std::vector<std::string> request_ids() const {
    std::lock_guard lock(mutex_);
    return ids_;
  }
  std::set<int> relays() const {
    std::lock_guard lock(mutex_);
    return relays_;
  }

 private:
  testing::Receiver* const receiver_;
  mutable std::mutex mutex_;
  Fault before_;
  Fault after_;
  std::vector<std::string> ids_;
  std::set<int> relays_;
};

class FakeChannel : public EventChannel {
 public:
  FakeChannel(Line* line, int relay) : line_(line), relay_(relay) {}
  absl::Status Deliver(const DeliverRequest& request, absl::Time) override {
    return line_->Deliver(relay_, request);
  }
  void Cancel() override {}

 private:
  Line* const line_;
  const int relay_;
};

absl::Status Down(const DeliverRequest&) { return absl::UnavailableError("down"); }

class RelayTest : public ::testing::Test {
 protected:
  Relay::Options Options() const {
    Relay::Options options;
    options.service = "sender";
    options.holder = "test";
    options.subscriber.set_name("receiver");
    options.lease = absl::Seconds(2);
    options.first_delay = absl::Milliseconds(2);
    options.longest_delay = absl::Milliseconds(20);
    return options;
  }
  std::unique_ptr<Relay> Start(int relay = 1) {
    return std::make_unique<Relay>(&sender_.database(), &feed_,
                                   std::make_unique<FakeChannel>(&line_, relay), Options(),
                                   [this](const Relay::Progress& progress) {
                                     std::lock_guard lock(mutex_);
                                     last_ = progress;
                                     delivered_ += progress.delivered;
                                     failures_ += progress.failure.ok() ? 0 : 1;
                                   });
  }

  // The steps [from, to] of two subjects, mixed.
  void PublishSteps(int from, int to) {
    for (int i = from; i <= to; ++i) {
      Publish(session_, "one", i);
      Publish(session_, "two", i);
    }
    testing::Seal(sender_);
  }
  bool BothGetTo(int steps) {
    return Eventually(
        [&] { return receiver_.Steps("one") == steps && receiver_.Steps("two") == steps; });
  }
  int64_t SavedPosition() {
    return NumberOf(*reader_, "SELECT COALESCE(MAX(pos), 0) FROM event_progress");
  }
  Relay::Progress last() {
    std::lock_guard lock(mutex_);
    return last_;
  }
  int64_t delivered() {
    std::lock_guard lock(mutex_);
    return delivered_;
  }
  int failures() {
    std::lock_guard lock(mutex_);
    return failures_;
  }

  testing::TestDatabase sender_;
  testing::Receiver receiver_;
  db::Session session_{&sender_.database()};
  std::unique_ptr<db::Connection> reader_ = sender_.Connect();
  Feed feed_{&sender_.database()};
  Line line_{&receiver_};
  std::mutex mutex_;
  Relay::Progress last_;
  int64_t delivered_ = 0;
  int failures_ = 0;
};

TEST_F(RelayTest, DeliversWhatHappenedBeforeItAndWhatHappensThen) {
  PublishSteps(1, 30);
  const auto relay = Start();
  EXPECT_TRUE(BothGetTo(30));
  PublishSteps(31, 40);
  EXPECT_TRUE(BothGetTo(40));
  EXPECT_TRUE(Eventually([&] { return delivered() == 80 && last().lag_positions == 0; }));
  EXPECT_TRUE(last().delivering);
  EXPECT_EQ(last().lag, absl::ZeroDuration());
  EXPECT_EQ(SavedPosition(), 80);
  EXPECT_EQ(failures(), 0);
}

TEST_F(RelayTest, GoesOnWhereAnotherEnded) {
  PublishSteps(1, 10);
  auto relay = Start();
  ASSERT_TRUE(BothGetTo(10));
  relay.reset();
  PublishSteps(11, 12);
  const size_t before = line_.request_ids().size();
  relay = Start();
  EXPECT_TRUE(BothGetTo(12));
  EXPECT_THAT(line_.request_ids(), SizeIs(before + 1));
}

TEST_F(RelayTest, ASubscriberThatIsDownLosesNothingAndItsLagIsSeen) {
  line_.SetFaults(Down);
  const auto relay = Start();
  PublishSteps(1, 10);
  ASSERT_TRUE(Eventually([&] { return failures() > 5; }));
  EXPECT_GT(last().lag, absl::ZeroDuration());
  EXPECT_TRUE(Eventually([&] { return last().lag_positions == 20; }));
  EXPECT_FALSE(last().stuck);
  EXPECT_EQ(SavedPosition(), 0);
  line_.SetFaults(nullptr);
  EXPECT_TRUE(BothGetTo(10));
}

TEST_F(RelayTest, WhatWasTakenButNotAcknowledgedIsTheSameRequestAgainWithoutEffect) {
  PublishSteps(1, 5);
  std::atomic<int> lost = 3;
  line_.SetFaults(nullptr, [&](const DeliverRequest& request) {
    return lost-- > 0 ? Down(request) : absl::OkStatus();
  });
  const auto relay = Start();
  EXPECT_TRUE(Eventually([&] { return SavedPosition() == 10; }));
  EXPECT_EQ(receiver_.Steps("one"), 5);
  const std::vector<std::string> ids = line_.request_ids();
  EXPECT_THAT(ids, SizeIs(4));
  EXPECT_THAT(ids, Each(ids[0]));
}

TEST_F(RelayTest, WhoeverLosesTheLeaseAfterADeliveryRecordsNothingAndNothingHappensTwice) {
  PublishSteps(1, 5);
  std::atomic<bool> deposed = false;
  line_.SetFaults(nullptr, [&](const DeliverRequest&) {
    if (deposed.exchange(true)) return absl::OkStatus();
    // As if this process had been suspended, and another had taken over.
    const auto connection = sender_.Connect();
    EXPECT_TRUE(
        connection->Run("UPDATE leases SET holder = 'another' WHERE name LIKE 'relay/%'").ok());
    return absl::OkStatus();
  });
  const auto relay = Start();
  ASSERT_TRUE(Eventually([&] { return deposed && !last().delivering; }));
  EXPECT_EQ(SavedPosition(), 0);
  EXPECT_TRUE(Eventually([&] { return SavedPosition() == 10; })) << "once the lease has run out";
  EXPECT_EQ(receiver_.Steps("one"), 5);
  EXPECT_EQ(receiver_.Steps("two"), 5);
}

TEST_F(RelayTest, OfTwoOneDeliversAndTheOtherTakesOver) {
  auto one = Start(1);
  ASSERT_TRUE(Eventually([&] { return last().delivering; }));
  auto two = Start(2);
  for (int i = 1; i <= 20; ++i) PublishSteps(i, i);
  ASSERT_TRUE(BothGetTo(20));
  EXPECT_EQ(line_.relays(), std::set{1});
  one.reset();
  PublishSteps(21, 25);
  EXPECT_TRUE(BothGetTo(25));
  EXPECT_EQ(line_.relays(), (std::set{1, 2}));
}

TEST_F(RelayTest, ARefusedEventStopsEverythingBehindItWithAnAlarmUntilItIsTaken) {
  PublishSteps(1, 10);
  const std::string refused = "sender/northborough/7";  // subject "one", step 4
  line_.SetFaults([&](const DeliverRequest& request) {
    for (const auto& event : request.events()) {
      if (event.id() == refused) return absl::InvalidArgumentError("malformed");
    }
    return absl::OkStatus();
  });
  const auto relay = Start();
  ASSERT_TRUE(Eventually([&] { return last().stuck; }));
  EXPECT_EQ(receiver_.Steps("one"), 3);
  EXPECT_EQ(receiver_.Steps("two"), 3);
  EXPECT_EQ(SavedPosition(), 6);
  EXPECT_TRUE(absl::IsInvalidArgument(last().failure));
  line_.SetFaults(nullptr);
  EXPECT_TRUE(BothGetTo(10));
  EXPECT_TRUE(Eventually([&] { return !last().stuck; }));
}

TEST_F(RelayTest, ARefusedEventCanBePassedOverByHand) {
  Publish(session_, "one", 1);
  Publish(session_, "one", 1, "trial.stepped", "southborough");
  Publish(session_, "two", 1);
  testing::Seal(sender_);
  line_.SetFaults([](const DeliverRequest& request) {
    return request.parent() == "boroughs/southborough" ? absl::PermissionDeniedError("not served")
                                                       : absl::OkStatus();
  });
  const auto relay = Start();
  ASSERT_TRUE(Eventually([&] { return last().stuck; }));
  EXPECT_EQ(receiver_.Steps("two"), 0);
  ASSERT_TRUE(reader_->Run("UPDATE event_progress SET pos = 2 WHERE subscriber = 'receiver'").ok());
  EXPECT_TRUE(Eventually([&] { return receiver_.Steps("two") == 1 && !last().stuck; }));
}

TEST_F(RelayTest, EventsThatNobodyWantsMoveThePositionAlong) {
  for (int i = 1; i <= 5; ++i) Publish(session_, "one", i, "");
  testing::Seal(sender_);
  ASSERT_TRUE(Eventually([&] { return feed_.head() == 5; }));
  {
    const auto relay = Start();
    ASSERT_TRUE(Eventually([&] { return last().delivering && last().lag_positions == 0; }));
  }
  EXPECT_EQ(SavedPosition(), 5);
  EXPECT_THAT(line_.request_ids(), SizeIs(0));
}

TEST_F(RelayTest, ADeliveryUnderWayIsBrokenOffWhenTheRelayEnds) {
  // Gets stuck until it is cancelled.
  class Silent : public EventChannel {
   public:
    explicit Silent(std::atomic<bool>* asked) : asked_(asked) {}
    absl::Status Deliver(const DeliverRequest&, absl::Time) override {
      *asked_ = true;
      std::unique_lock lock(mutex_);
      ended_.wait(lock, [&] { return cancelled_; });
      return absl::CancelledError("");
    }
    void Cancel() override {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      ended_.notify_all();
    }

   private:
    std::atomic<bool>* const asked_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool cancelled_ = false;
  };
  PublishSteps(1, 1);
  std::atomic<bool> asked = false;
  auto relay = std::make_unique<Relay>(&sender_.database(), &feed_,
                                       std::make_unique<Silent>(&asked), Options(), nullptr);
  ASSERT_TRUE(Eventually([&] { return asked.load(); }));
  relay.reset();
  const auto next = Start();
  EXPECT_TRUE(BothGetTo(1));
}

TEST(RelayOutage, WhenTheSendersDatabaseDiesNothingIsLostAndNothingHappensTwice) {
  testing::TestMariaDb server;
  testing::TestDatabase sender({}, server);
  testing::Receiver receiver;
  Feed feed(&sender.database());
  db::Session session(&sender.database());
  for (int i = 1; i <= 20; ++i) Publish(session, "one", i);
  testing::Seal(sender);
  Line line(&receiver);
  std::atomic<bool> killed = false;
  line.SetFaults(nullptr, [&](const DeliverRequest&) {
    if (!killed.exchange(true)) server.Kill9();
    return absl::OkStatus();
  });
  Relay::Options options;
  options.service = "sender";
  options.subscriber.set_name("receiver");
  options.lease = absl::Seconds(2);
  std::atomic<int> failures = 0;
  const Relay relay(&sender.database(), &feed, std::make_unique<FakeChannel>(&line, 1), options,
                    [&](const Relay::Progress& progress) { failures += !progress.failure.ok(); });
  ASSERT_TRUE(Eventually([&] { return failures > 0; }));
  EXPECT_EQ(receiver.Steps("one"), 20);
  server.Restart();
  db::Session again(&sender.database());
  Publish(again, "one", 21);
  testing::Seal(sender);
  EXPECT_TRUE(Eventually([&] { return receiver.Steps("one") == 21; }));
}

}  // namespace
}  // namespace lscp
