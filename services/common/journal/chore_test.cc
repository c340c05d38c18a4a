#include "common/journal/chore.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "common/journal/test_support.h"
#include "common/time/clock_fake.h"

namespace lscp {
namespace {

using testing::NumberOf;

constexpr db::Migration kThings[] = {
    {1, "things",
     "CREATE TABLE things (name VARCHAR(40) PRIMARY KEY, due_at DATETIME(6),"
     " done INT NOT NULL DEFAULT 0);\n"}};

// The things are rows of a table: done when they have been counted.
class ChoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = new testing::TestDatabase({db::Component{"things", kThings}});
  }
  static void TearDownTestSuite() { delete database_; }
  void SetUp() override {
    testing::Clear(*database_);
    testing::RunAsOwner(*database_, "DELETE FROM things");
  }

  // Due so long after now.
  void Add(const std::string& name, absl::Duration after) {
    ASSERT_TRUE(connection_
                    ->Execute("INSERT INTO things (name, due_at) VALUES (?, ?)",
                              {name, clock_.Now() + after})
                    .ok());
  }
  Chore Counting() {
    Chore chore{"CountThings", nullptr, nullptr};
    chore.find = [](db::Connection& db, absl::Time now,
                    int most) -> absl::StatusOr<std::vector<Chore::Thing>> {
      const auto rows =
          db.Query("SELECT name FROM things WHERE done = 0 AND due_at <= ? ORDER BY due_at LIMIT ?",
                   {now, most});
      if (!rows.ok()) return rows.status();
      std::vector<Chore::Thing> things;
      for (const db::Row& row : *rows) things.push_back({"northborough", row.Text(0)});
      return things;
    };
    chore.act = [](const std::string& name, Transaction& tx) {
      const auto rows = tx.db().Query("SELECT done FROM things WHERE name = ? FOR UPDATE", {name});
      if (!rows.ok()) return rows.status();
      if ((*rows)[0].Int(0) > 0) {
        tx.NothingChanged();
        return absl::OkStatus();
      }
      tx.Record({name, 1, "counted", std::nullopt});
      return tx.db().Execute("UPDATE things SET done = done + 1 WHERE name = ?", {name}).status();
    };
    return chore;
  }
  ChoreRunner Runner(Chore chore) {
    return ChoreRunner(&database_->database(), &clock_, "counter", std::move(chore));
  }
  int64_t Journalled(const std::string& where = "TRUE") {
    return NumberOf(*connection_, "SELECT COUNT(*) FROM journal WHERE " + where);
  }
  void ExpireLease() {
    testing::RunAsOwner(*database_, "UPDATE leases SET expires_at = utc_timestamp(6)");
  }

  static testing::TestDatabase* database_;
  std::unique_ptr<db::Connection> connection_ = database_->Connect();
  FakeClock clock_{absl::Now()};
};

testing::TestDatabase* ChoreTest::database_ = nullptr;

TEST_F(ChoreTest, WhatIsDueIsDoneOnceByTheServiceItself) {
  Add("late", absl::Hours(-2));
  Add("due", absl::ZeroDuration());
  Add("later", absl::Hours(1));
  ChoreRunner runner = Runner(Counting());
  EXPECT_EQ(runner.Run().done, 2);
  EXPECT_EQ(Journalled("agency = 'service.counter' AND person = '' AND borough = 'northborough' "
                       "AND method = 'counter/CountThings'"),
            2);
  EXPECT_EQ(runner.Run().done, 0);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(runner.Run().done, 1);
  EXPECT_EQ(Journalled(), 3);
}

TEST_F(ChoreTest, OneProcessDoesItUntilItIsGone) {
  ChoreRunner one = Runner(Counting());
  ChoreRunner other = Runner(Counting());
  Add("a", absl::ZeroDuration());
  EXPECT_EQ(one.Run().done, 1);
  Add("b", absl::ZeroDuration());
  EXPECT_EQ(other.Run().done, 0);
  ExpireLease();
  EXPECT_EQ(other.Run().done, 1);
}

TEST_F(ChoreTest, TwoProcessesThatFoundTheSameDoItOnce) {
  for (int i = 0; i < 40; ++i) Add("thing-" + std::to_string(i), absl::Seconds(-i));
  std::vector<std::thread> processes;
  for (int i = 0; i < 2; ++i) {
    processes.emplace_back([this] {
      Chore chore = Counting();
      // As if the other's lease had just run out.
      chore.find = [this, find = chore.find](db::Connection& db, absl::Time now, int most) {
        ExpireLease();
        return find(db, now, most);
      };
      ChoreRunner runner = Runner(std::move(chore));
      EXPECT_TRUE(testing::Eventually([&] {
        EXPECT_TRUE(runner.Run().failure.ok());
        return NumberOf(*database_->Connect(), "SELECT COUNT(*) FROM things WHERE done = 0") == 0;
      }));
    });
  }
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(Journalled(), 40);
  EXPECT_EQ(NumberOf(*connection_, "SELECT MAX(done) FROM things"), 1);
}

TEST_F(ChoreTest, WhatFailsChangesNothingAndHoldsUpNothing) {
  Add("bad", absl::Hours(-1));
  Add("good", absl::ZeroDuration());
  bool broken = true;
  Chore chore = Counting();
  chore.act = [&broken, act = chore.act](const std::string& name, Transaction& tx) {
    const absl::Status done = act(name, tx);
    return broken && name == "bad" ? absl::InternalError("broken") : done;
  };
  ChoreRunner runner = Runner(std::move(chore));
  const ChoreRunner::Pass pass = runner.Run();
  EXPECT_EQ(pass.done, 1);
  EXPECT_EQ(pass.failed, 1);
  EXPECT_EQ(pass.failure.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Journalled(), 1);
  broken = false;
  EXPECT_EQ(runner.Run().done, 1);
  EXPECT_EQ(Journalled("resource = 'bad'"), 1);
}

}  // namespace
}  // namespace lscp
