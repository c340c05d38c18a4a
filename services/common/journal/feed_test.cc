#include "common/journal/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "common/journal/sequencer.h"
#include "common/journal/test_support.h"

namespace lscp {
namespace {

using testing::Change;
using testing::Eventually;
using ::testing::SizeIs;

class FeedTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(); }
  static void TearDownTestSuite() { delete database_; }
  void SetUp() override { testing::Clear(*database_); }

  void ChangeAndSeal(int from, int to) {
    for (int i = from; i <= to; ++i) Change(session_, "boroughs/b/things/1", i);
    ASSERT_EQ(Sequencer::SealOnce(database_->database(), "test").value_or(-1), to - from + 1);
  }

  static testing::TestDatabase* database_;
  std::unique_ptr<db::Connection> reader_ = database_->Connect();
  db::Session session_{&database_->database()};
};

testing::TestDatabase* FeedTest::database_ = nullptr;

TEST_F(FeedTest, AnEntryHoldsWhatWasRecorded) {
  Feed feed(&database_->database());
  ASSERT_TRUE(Eventually([&] { return feed.head() == 0; }));
  ChangeAndSeal(1, 1);
  ASSERT_TRUE(Eventually([&] { return feed.head() == 1; }));
  const auto entries = feed.ReadRecent(0, 10);
  ASSERT_TRUE(entries.has_value());
  ASSERT_THAT(*entries, SizeIs(1));
  const FeedEntry& entry = entries->front();
  EXPECT_EQ(entry.position, 1);
  EXPECT_GT(entry.journal_id, 0);
  EXPECT_LT(absl::AbsDuration(absl::Now() - entry.at), absl::Minutes(1));
  EXPECT_EQ(entry.borough, "northborough");
  EXPECT_EQ(entry.agency, "an-agency");
  EXPECT_EQ(entry.method, "test.v1.Things/Change");
  EXPECT_EQ(entry.resource, "boroughs/b/things/1");
  EXPECT_EQ(entry.revision, 1);
  EXPECT_EQ(entry.payload, "document of boroughs/b/things/1");
  EXPECT_EQ(entry.event_type, "test.Changed");
  EXPECT_EQ(entry.event_subject, "boroughs/b/things/1");
  EXPECT_EQ(entry.event, "event of boroughs/b/things/1");
}

TEST_F(FeedTest, WhatIsNoLongerInMemoryIsReadFromTheDatabase) {
  ChangeAndSeal(1, 5);
  Feed feed(&database_->database());
  ASSERT_TRUE(Eventually([&] { return feed.head() == 5; }));
  ChangeAndSeal(6, 8);
  ASSERT_TRUE(Eventually([&] { return feed.head() == 8; }));
  EXPECT_FALSE(feed.ReadRecent(2, 10).has_value());
  const auto old = feed.Read(*reader_, 2, 4);
  ASSERT_TRUE(old.ok()) << old.status();
  ASSERT_THAT(*old, SizeIs(4));
  EXPECT_EQ(old->front().position, 3);
  const auto recent = feed.ReadRecent(5, 2);
  ASSERT_TRUE(recent.has_value());
  ASSERT_THAT(*recent, SizeIs(2));
  EXPECT_EQ(recent->front().position, 6);
}

TEST_F(FeedTest, AtTheHeadThereIsNothingYet) {
  Feed feed(&database_->database());
  ASSERT_TRUE(Eventually([&] { return feed.head() == 0; }));
  const auto entries = feed.Read(*reader_, 0, 10);
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_THAT(*entries, SizeIs(0));
}

TEST_F(FeedTest, EverythingArrivesInOrderWhileItIsWritten) {
  constexpr int kWriters = 3;
  constexpr int kChangesEach = 80;
  Feed feed(&database_->database());
  std::atomic<int64_t> notified = 0;
  const auto subscription = feed.Subscribe([&] { notified = feed.head(); });
  const Sequencer sequencer(&database_->database(), "test", nullptr);
  std::vector<std::jthread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([w] {
      db::Session session(&database_->database());
      for (int i = 1; i <= kChangesEach; ++i) {
        Change(session, "boroughs/b/things/" + std::to_string(w), i);
      }
    });
  }
  int64_t position = 0;
  std::map<std::string, int64_t> revisions;
  ASSERT_TRUE(Eventually([&] {
    const auto entries = feed.Read(*reader_, position, 7);
    EXPECT_TRUE(entries.ok()) << entries.status();
    for (const FeedEntry& entry : *entries) {
      EXPECT_EQ(entry.position, ++position);
      EXPECT_EQ(entry.revision, ++revisions[entry.resource]);
    }
    return position == kWriters * kChangesEach;
  }));
  EXPECT_TRUE(Eventually([&] { return notified == position; }));
}

TEST_F(FeedTest, NobodyIsCalledAfterUnsubscribing) {
  Feed feed(&database_->database());
  std::atomic<int> kept_calls = 0, dropped_calls = 0;
  const auto kept = feed.Subscribe([&] { ++kept_calls; });
  auto dropped = feed.Subscribe([&] { ++dropped_calls; });
  ASSERT_TRUE(Eventually([&] { return feed.head() == 0; }));
  dropped.reset();
  const int calls = dropped_calls;
  ChangeAndSeal(1, 1);
  ASSERT_TRUE(Eventually([&] { return feed.head() == 1 && kept_calls > 0; }));
  ChangeAndSeal(2, 2);
  ASSERT_TRUE(Eventually([&] { return kept_calls > 1; }));
  EXPECT_EQ(dropped_calls, calls);
}

TEST_F(FeedTest, ASubscriptionMayOutliveTheFeed) {
  auto feed = std::make_unique<Feed>(&database_->database());
  const auto subscription = feed->Subscribe([] {});
  feed.reset();
}

TEST(FeedWithoutDatabaseTest, StartsAndCatchesUpWhenTheDatabaseComesBack) {
  testing::TestMariaDb server;
  const testing::TestDatabase database(std::vector<db::Component>(), server);
  server.Kill9();
  Feed feed(&database.database());
  EXPECT_EQ(feed.head(), -1);
  EXPECT_FALSE(feed.ReadRecent(0, 10).has_value());
  server.Restart();
  db::Session session(&database.database());
  Change(session, "boroughs/b/things/1", 1);
  ASSERT_TRUE(Sequencer::SealOnce(database.database(), "test").ok());
  EXPECT_TRUE(Eventually([&] { return feed.head() == 1; }));
}

}  // namespace
}  // namespace lscp
