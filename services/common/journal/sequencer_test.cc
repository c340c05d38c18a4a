#include "common/journal/sequencer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "absl/time/clock.h"
#include "common/journal/disclosures.h"
#include "common/journal/leases.h"
#include "common/journal/sealing.h"
#include "common/journal/test_support.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using testing::Change;
using testing::Eventually;
using testing::InsertWithoutCommit;
using testing::NumberOf;

const Sequencer::Options kQuick{.lease = absl::Milliseconds(300)};

int64_t Sealed(db::Connection& reader) {
  return NumberOf(reader, "SELECT COUNT(*) FROM journal_seal");
}

// Position of a resource's latest change.
int64_t PositionOf(db::Connection& reader, const std::string& resource) {
  return NumberOf(reader,
                  "SELECT MAX(s.pos) FROM journal_seal s JOIN journal t ON t.id = s.id "
                  "WHERE t.resource = '" +
                      resource + "'");
}

// Remembers what a sequencer reports.
class Reports {
 public:
  std::function<void(const Sequencer::Progress&)> Listener() {
    return [this](const Sequencer::Progress& progress) {
      std::lock_guard lock(mutex_);
      last_ = progress;
    };
  }
  Sequencer::Progress last() const {
    std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  mutable std::mutex mutex_;
  Sequencer::Progress last_;
};

class SequencerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(); }
  static void TearDownTestSuite() { delete database_; }
  void SetUp() override { testing::Clear(*database_); }

  const db::Database& database() const { return database_->database(); }
  int64_t SealOnce() {
    const auto sealed = Sequencer::SealOnce(database(), "test");
    EXPECT_TRUE(sealed.ok()) << sealed.status();
    return sealed.value_or(-1);
  }

  static testing::TestDatabase* database_;
  std::unique_ptr<db::Connection> reader_ = database_->Connect();
  db::Session session_{&database()};
};

testing::TestDatabase* SequencerTest::database_ = nullptr;

TEST_F(SequencerTest, SealsChangesAndDisclosuresInOrder) {
  Change(session_, "boroughs/b/things/1", 1);
  Change(session_, "boroughs/b/things/2", 1);
  EXPECT_EQ(SealOnce(), 2);
  EXPECT_EQ(SealOnce(), 0);
  Change(session_, "boroughs/b/things/3", 1);
  std::atomic<bool> durable = false;
  Disclosures(&database())
      .Write(testing::MakeCall(), {"boroughs/b/things/1"},
             [&durable](const absl::Status& status) { durable = status.ok(); });
  EXPECT_TRUE(durable);
  EXPECT_EQ(SealOnce(), 2);
  EXPECT_EQ(PositionOf(*reader_, "boroughs/b/things/1"), 1);
  EXPECT_EQ(PositionOf(*reader_, "boroughs/b/things/2"), 2);
  EXPECT_EQ(PositionOf(*reader_, "boroughs/b/things/3"), 3);
  EXPECT_EQ(NumberOf(*reader_, "SELECT COUNT(*) FROM disclosure_seal WHERE pos = 1"), 1);
}

// An independent reckoning of what chain.h promises to verifiers.
TEST_F(SequencerTest, TheHashCanBeRecomputedInSql) {
  Change(session_, "boroughs/b/things/1", 1);
  ASSERT_EQ(SealOnce(), 1);
  std::string fields = "UNHEX(REPEAT('00', 32))";
  for (const char* column : {"id", "at", "borough", "agency", "person", "purpose", "method",
                             "trace_id", "request_id", "request_digest", "resource", "revision",
                             "content_digest", "event_type", "event_subject"}) {
    const std::string c = std::string("t.") + column;
    fields += ", IF(" + c + " IS NULL, '-', CONCAT(LENGTH(" + c + "), ':', " + c + "))";
  }
  EXPECT_EQ(NumberOf(*reader_, "SELECT SHA2(CONCAT(" + fields +
                                   "), 256) = LOWER(HEX(s.hash)) "
                                   "FROM journal_seal s JOIN journal t ON t.id = s.id"),
            1);
}

TEST_F(SequencerTest, ARowThatBecomesVisibleLateIsSealedLate) {
  const auto slow = database_->Connect(db::Mode::kTransaction);
  ASSERT_TRUE(InsertWithoutCommit(*slow, "boroughs/b/things/slow", 1).ok());
  Change(session_, "boroughs/b/things/quick", 1);
  EXPECT_EQ(SealOnce(), 1);
  ASSERT_TRUE(slow->Commit().ok());
  Change(session_, "boroughs/b/things/after", 1);
  EXPECT_EQ(SealOnce(), 2);
  EXPECT_EQ(PositionOf(*reader_, "boroughs/b/things/quick"), 1);
  EXPECT_EQ(PositionOf(*reader_, "boroughs/b/things/slow"), 2);
  EXPECT_EQ(PositionOf(*reader_, "boroughs/b/things/after"), 3);
}

TEST_F(SequencerTest, AJumpOfTheIdsCostsNothingAndLosesNothing) {
  Change(session_, "boroughs/b/things/1", 1);
  testing::RunAsOwner(*database_, "ALTER TABLE journal AUTO_INCREMENT = 4000000000000");
  Change(session_, "boroughs/b/things/2", 1);
  EXPECT_EQ(SealOnce(), 2);
  Change(session_, "boroughs/b/things/3", 1);
  testing::RunAsOwner(*database_,
                      "UPDATE journal SET id = 2000000000000 "
                      "WHERE resource = 'boroughs/b/things/3'");
  EXPECT_EQ(SealOnce(), 1);
}

TEST_F(SequencerTest, OnlyOneOfTwoLeadsAndTheOtherTakesOver) {
  Reports first, second;
  auto leader = std::make_unique<Sequencer>(&database(), "a", first.Listener(), kQuick);
  ASSERT_TRUE(Eventually([&] { return first.last().leading; }));
  const Sequencer follower(&database(), "b", second.Listener(), kQuick);
  for (int i = 1; i <= 20; ++i) Change(session_, "boroughs/b/things/1", i);
  ASSERT_TRUE(Eventually([&] { return Sealed(*reader_) == 20; }));
  EXPECT_FALSE(second.last().leading);
  leader.reset();
  Change(session_, "boroughs/b/things/1", 21);
  ASSERT_TRUE(Eventually([&] { return Sealed(*reader_) == 21; }));
  ASSERT_TRUE(Eventually([&] { return second.last().leading; }));
  EXPECT_EQ(second.last().journal_position, 21);
}

TEST_F(SequencerTest, NobodySealsUntilTheLeaseOfADeadHolderExpires) {
  const Lease dead("sequencer", "dead", absl::Seconds(60));
  ASSERT_EQ(dead.Acquire(*reader_).value_or(false), true);
  Change(session_, "boroughs/b/things/1", 1);
  const auto refused = Sequencer::SealOnce(database(), "test");
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  Reports reports;
  const Sequencer waiting(&database(), "next", reports.Listener(), kQuick);
  EXPECT_EQ(Sealed(*reader_), 0);
  testing::RunAsOwner(*database_, "UPDATE leases SET expires_at = utc_timestamp(6)");
  EXPECT_TRUE(Eventually([&] { return Sealed(*reader_) == 1; }));
}

TEST_F(SequencerTest, WhoWasDeposedSealsNothing) {
  Reports reports;
  const Sequencer deposed(&database(), "a", reports.Listener(), kQuick);
  ASSERT_TRUE(Eventually([&] { return reports.last().leading; }));
  testing::RunAsOwner(*database_,
                      "UPDATE leases SET holder = 'another', "
                      "expires_at = utc_timestamp(6) + INTERVAL 1 HOUR");
  Change(session_, "boroughs/b/things/1", 1);
  ASSERT_TRUE(Eventually([&] { return !reports.last().leading; }));
  EXPECT_EQ(Sealed(*reader_), 0);
}

TEST_F(SequencerTest, WhatAppearsAfterItWasGivenUpIsFoundByTheCheckAndSealed) {
  const auto snapshots = database_->Connect(db::Mode::kSnapshot);
  Sealing hasty(&kJournalAccount, absl::ZeroDuration());
  ASSERT_TRUE(hasty.Load(*snapshots).ok());
  ASSERT_TRUE(snapshots->Commit().ok());
  const auto pass = [&] {
    EXPECT_TRUE(hasty.Read(*snapshots, std::chrono::steady_clock::now()).ok());
    const size_t sealed = hasty.pending();
    EXPECT_TRUE(hasty.Write(*snapshots).ok());
    EXPECT_TRUE(snapshots->Commit().ok());
    hasty.Advance();
    return sealed;
  };
  const auto check = [&] {
    const int64_t found = hasty.CheckSettled(*snapshots).value_or(-1);
    EXPECT_TRUE(snapshots->Commit().ok());
    return found;
  };
  const auto slow = database_->Connect(db::Mode::kTransaction);
  ASSERT_TRUE(InsertWithoutCommit(*slow, "boroughs/b/things/slow", 1).ok());
  Change(session_, "boroughs/b/things/quick", 1);
  EXPECT_EQ(pass(), 1u);
  EXPECT_EQ(pass(), 0u);  // gives the hole up
  EXPECT_EQ(check(), 0);
  ASSERT_TRUE(slow->Commit().ok());
  EXPECT_EQ(pass(), 0u);
  EXPECT_EQ(check(), 1);
  EXPECT_EQ(pass(), 1u);
  EXPECT_EQ(check(), 0);
  EXPECT_EQ(PositionOf(*reader_, "boroughs/b/things/slow"), 2);
}

TEST_F(SequencerTest, ARowThatTookItsTimeIsNotGivenUpByARestart) {
  const auto slow = database_->Connect(db::Mode::kTransaction);
  ASSERT_TRUE(InsertWithoutCommit(*slow, "boroughs/b/things/slow", 1).ok());
  for (int restart = 1; restart <= 3; ++restart) {
    Change(session_, "boroughs/b/things/quick", restart);
    EXPECT_EQ(SealOnce(), 1);
  }
  ASSERT_TRUE(slow->Commit().ok());
  EXPECT_EQ(SealOnce(), 1);
}

// Writers who lock what they change, dawdle before the end, and now and then change their mind.
class Writers {
 public:
  Writers(const db::Database* database, int threads, int changes_each) : database_(database) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this, i, changes_each] { Write(i, changes_each); });
    }
  }
  void Join() { threads_.clear(); }
  bool busy() const { return finished_ < static_cast<int>(threads_.size()); }

 private:
  static constexpr int kThings = 4;

  void Write(int seed, int changes) {
    std::minstd_rand random(seed + 1);
    std::unique_ptr<db::Connection> connection;
    for (int done = 0; done < changes;) {
      if (connection == nullptr || connection->broken()) {
        auto opened = database_->Connect(db::Mode::kTransaction);
        if (!opened.ok()) {
          absl::SleepFor(absl::Milliseconds(5));
          continue;
        }
        connection = *std::move(opened);
      }
      const std::string thing = "boroughs/b/things/" + std::to_string(random() % kThings);
      if (!Change(*connection, thing, random).ok()) connection->Rollback();
      ++done;
    }
    ++finished_;
  }

  static absl::Status Change(db::Connection& connection, const std::string& thing,
                             std::minstd_rand& random) {
    RETURN_IF_ERROR(connection
                        .Execute("INSERT INTO event_progress (subscriber, pos) VALUES (?, 1) "
                                 "ON DUPLICATE KEY UPDATE pos = pos + 1",
                                 {thing})
                        .status());
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        connection.Query("SELECT pos FROM event_progress WHERE subscriber = ?", {thing}));
    RETURN_IF_ERROR(InsertWithoutCommit(connection, thing, rows[0].Int(0)));
    // Changes of other things overtake this one.
    absl::SleepFor(absl::Microseconds(random() % 4000));
    if (random() % 10 == 0) return absl::CancelledError();
    return connection.Commit();
  }

  const db::Database* const database_;
  std::atomic<int> finished_ = 0;
  std::vector<std::jthread> threads_;
};

// Every committed row has one position, positions are 1..N, each thing's revisions are in order,
// and the chain verifies.
void ExpectSealedExactlyOnceInOrder(db::Connection& reader) {
  const auto rows = reader.Query(
      "SELECT s.pos, t.resource, t.revision FROM journal_seal s LEFT JOIN journal t ON t.id = s.id "
      "ORDER BY s.pos",
      {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(static_cast<int64_t>(rows->size()), NumberOf(reader, "SELECT COUNT(*) FROM journal"));
  int64_t position = 0;
  std::map<std::string, int64_t> revisions;
  for (const db::Row& row : *rows) {
    ASSERT_EQ(row.Int(0), ++position);
    ASSERT_EQ(row.Int(2), ++revisions[row.Text(1)]) << row.Text(1) << " at " << position;
  }
  const auto verified = VerifyChains(reader);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->chains(0).verified(), position);
  EXPECT_EQ(verified->chains(0).problem(), "");
  EXPECT_EQ(verified->chains(0).unsealed(), 0);
}

TEST_F(SequencerTest, EveryCommittedRowIsSealedOnceWhileSequencersComeAndGo) {
  Writers writers(&database(), 6, 150);
  std::minstd_rand random(1);
  int64_t generations = 0;
  while (writers.busy()) {
    const Sequencer sequencer(&database(), "s" + std::to_string(++generations), nullptr, kQuick);
    absl::SleepFor(absl::Milliseconds(random() % 80));
  }
  writers.Join();
  EXPECT_GT(generations, 1);
  while (SealOnce() > 0) {
  }
  EXPECT_GT(Sealed(*reader_), 500);
  ExpectSealedExactlyOnceInOrder(*reader_);
}

TEST_F(SequencerTest, TwoSequencersUnderLoadSealLikeOne) {
  Writers writers(&database(), 6, 100);
  const Sequencer one(&database(), "one", nullptr, kQuick);
  const Sequencer two(&database(), "two", nullptr, kQuick);
  while (writers.busy()) {
    // Whoever leads finds now and then that it does no more.
    testing::RunAsOwner(*database_,
                        "UPDATE leases SET holder = 'gone', expires_at = "
                        "utc_timestamp(6)");
    absl::SleepFor(absl::Milliseconds(40));
  }
  writers.Join();
  ASSERT_TRUE(Eventually(
      [&] { return Sealed(*reader_) == NumberOf(*reader_, "SELECT COUNT(*) FROM journal"); }));
  ExpectSealedExactlyOnceInOrder(*reader_);
}

TEST(SequencerAndKillNine, AServerKilledUnderLoadLosesNoPlaceInTheChain) {
  testing::TestMariaDb server;
  const testing::TestDatabase database(std::vector<db::Component>(), server);
  Writers writers(&database.database(), 6, 120);
  const Sequencer sequencer(&database.database(), "s", nullptr, kQuick);
  const auto sealed_more_than = [&database](int64_t count) {
    return Eventually([&] { return Sealed(*database.Connect()) > count; });
  };
  ASSERT_TRUE(sealed_more_than(50));
  server.Kill9();
  server.Restart();
  writers.Join();
  const auto reader = database.Connect();
  ASSERT_TRUE(Eventually(
      [&] { return Sealed(*reader) == NumberOf(*reader, "SELECT COUNT(*) FROM journal"); }));
  ExpectSealedExactlyOnceInOrder(*reader);
}

}  // namespace
}  // namespace lscp
