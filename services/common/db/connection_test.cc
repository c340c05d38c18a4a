#include "common/db/connection.h"

#include <cppconn/connection.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mysql_driver.h>

#include <thread>

#include "common/db/connection_impl.h"
#include "common/db/errors.h"
#include "common/testing/mariadb.h"

namespace lscp::db {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Migration kThings[] = {
    {1, "things",
     "CREATE TABLE things (id INT PRIMARY KEY, name VARCHAR(700) NOT NULL, n INT NOT NULL "
     "DEFAULT 0, UNIQUE KEY by_name (name), CONSTRAINT small CHECK (n < 100)) "
     "CHARACTER SET utf8mb4;\n"
     "INSERT INTO things (id, name) VALUES (1, 'one'), (2, 'two');\n"}};

std::vector<Component> Things() { return {{"things", kThings}}; }

class Connected : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> Open(Mode mode = Mode::kAutocommit) { return schema_.Connect(mode); }
  int64_t Number(Connection& connection, const std::string& sql) {
    const auto rows = connection.Query(sql, {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    return rows.ok() && !rows->empty() ? rows->at(0).Int(0) : -1;
  }

  const testing::TestDatabase schema_{Things()};
};

absl::Status Update(Connection& connection, int id) {
  return connection.Execute("UPDATE things SET n = n + 1 WHERE id = ?", {id}).status();
}

TEST_F(Connected, ASessionIsSetUpForItsMode) {
  const struct {
    Mode mode;
    const char* settings;
  } kCases[] = {{Mode::kAutocommit, "ON READ-COMMITTED 30.000000 +00:00 utf8mb4"},
                {Mode::kTransaction, "OFF READ-COMMITTED 15.000000 +00:00 utf8mb4"},
                {Mode::kSnapshot, "OFF REPEATABLE-READ 15.000000 +00:00 utf8mb4"}};
  for (const auto& test : kCases) {
    const auto rows = Open(test.mode)->Query(
        "SELECT CONCAT_WS(' ', @@autocommit, @@tx_isolation, @@max_statement_time, @@time_zone, "
        "@@character_set_client)",
        {});
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_EQ(rows->at(0).Text(0), test.settings);
  }
}

TEST_F(Connected, RowsMatchedAreCountedEvenIfTheyStayAsTheyAre) {
  const auto connection = Open();
  const auto update = [&](int id) {
    return *connection->Execute("UPDATE things SET n = 0 WHERE id = ?", {id});
  };
  EXPECT_EQ(update(1), 1);
  EXPECT_EQ(update(3), 0);
}

TEST_F(Connected, ATransactionIsSeenWhenItIsCommittedAndNotWhenItIsRolledBack) {
  const auto writer = Open(Mode::kTransaction);
  const auto reader = Open();
  ASSERT_TRUE(Update(*writer, 1).ok());
  EXPECT_EQ(Number(*reader, "SELECT n FROM things WHERE id = 1"), 0);
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Number(*reader, "SELECT n FROM things WHERE id = 1"), 1);
  ASSERT_TRUE(Update(*writer, 1).ok());
  writer->Rollback();
  EXPECT_FALSE(writer->broken());
  EXPECT_EQ(Number(*reader, "SELECT n FROM things WHERE id = 1"), 1);
}

TEST_F(Connected, ASnapshotStaysAsItWasUntilCommit) {
  const auto snapshot = Open(Mode::kSnapshot);
  EXPECT_EQ(Number(*snapshot, "SELECT n FROM things WHERE id = 1"), 0);
  ASSERT_TRUE(Update(*Open(), 1).ok());
  EXPECT_EQ(Number(*snapshot, "SELECT n FROM things WHERE id = 1"), 0);
  ASSERT_TRUE(snapshot->Commit().ok());
  EXPECT_EQ(Number(*snapshot, "SELECT n FROM things WHERE id = 1"), 1);
}

TEST_F(Connected, ADuplicateNamesItsKeyAndNotItsValue) {
  const auto connection = Open();
  const std::string_view insert = "INSERT INTO things (id, name) VALUES (?, ?)";
  const absl::Status by_name = connection->Execute(insert, {3, "two"}).status();
  EXPECT_EQ(by_name.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(DuplicateKeyName(by_name), "by_name");
  EXPECT_THAT(by_name.ToString(), Not(HasSubstr("two")));
  EXPECT_EQ(DuplicateKeyName(connection->Execute(insert, {1, "three"}).status()), "PRIMARY");
}

TEST_F(Connected, AValueThatLooksLikeAMessageDoesNotNameTheKey) {
  const auto connection = Open();
  for (const std::string& name :
       {std::string("x' for key 'PRIMARY"), "x' for key 'PRIMARY'" + std::string(680, 'y')}) {
    const auto insert = [&](int id) {
      return connection->Execute("INSERT INTO things (id, name) VALUES (?, ?)", {id, name})
          .status();
    };
    ASSERT_TRUE(insert(10).ok());
    const absl::Status status = insert(11);
    EXPECT_EQ(DuplicateKeyName(status), "by_name");
    EXPECT_THAT(status.ToString(), Not(HasSubstr("x'")));
    ASSERT_TRUE(connection->Run("DELETE FROM things WHERE id = 10").ok());
  }
}

TEST_F(Connected, NoErrorHoldsData) {
  const auto connection = Open();
  const struct {
    const char* sql;
    Args args;
    const char* told;
  } kCases[] = {
      {"INSERT INTO things (id, name) VALUES (?, 'n')", {"SECRET"}, "1366 (22007)"},
      {"INSERT INTO things (id, name) VALUES (7, ?)", {"SECRET\xff\xfe"}, "1366 (22007)"},
      {"INSERT INTO things (id, name) VALUES (7, ?)", {"SECRET" + std::string(999, 'x')}, "'name'"},
      {"INSERT INTO things (id, name, n) VALUES (7, ?, 100)", {"SECRET"}, "constraint small"},
      {"INSERT INTO event_inbox VALUES ('e', ?)", {"SECRET"}, "1292 (22007)"},
      {"INSERT INTO things (id, name) VALUES (?, 'SECRET'", {7}, "1064 (42000)"},
      {"SELECT * FROM nowhere WHERE name = ?", {"SECRET"}, "nowhere"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.sql);
    const absl::Status status = connection->Execute(test.sql, test.args).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(test.told));
    EXPECT_THAT(status.ToString(), Not(HasSubstr("SECRET")));
  }
  EXPECT_FALSE(connection->broken());
}

TEST_F(Connected, AValueThatIsMissingIsNotTakenFromTheCallBefore) {
  const auto connection = Open();
  const std::string_view sql = "SELECT ?";
  ASSERT_TRUE(connection->Query(sql, {"of somebody else"}).ok());
  EXPECT_EQ(connection->Query(sql, {}).status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(connection->Query(sql, {"mine", "one too many"}).status().code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(connection->Query(sql, {"mine"})->at(0).Text(0), "mine");
}

TEST_F(Connected, ATransactionThatLivesTooLongIsRolledBackNotCommitted) {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(schema_.config().host());
  options["userName"] = sql::SQLString(schema_.config().user());
  options["schema"] = sql::SQLString(schema_.config().schema());
  std::unique_ptr<sql::Connection> driver(
      sql::mysql::get_mysql_driver_instance()->connect(options));
  driver->setAutoCommit(false);
  const auto slow =
      WrapConnection(std::move(driver), Mode::kTransaction, /*life=*/absl::ZeroDuration());
  ASSERT_TRUE(Update(*slow, 1).ok());
  EXPECT_EQ(slow->Commit().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(Number(*Open(), "SELECT n FROM things WHERE id = 1"), 0);
  EXPECT_TRUE(Update(*slow, 1).ok());  // a new one
}

TEST_F(Connected, ADeadlockAbortsOneAndLetsTheOtherThrough) {
  const auto one = Open(Mode::kTransaction);
  const auto other = Open(Mode::kTransaction);
  ASSERT_TRUE(Update(*one, 1).ok());
  ASSERT_TRUE(Update(*other, 2).ok());
  absl::Status first;
  std::thread thread([&] { first = Update(*one, 2); });
  const absl::Status second = Update(*other, 1);
  thread.join();
  EXPECT_NE(first.ok(), second.ok()) << first << second;
  const absl::Status& loser = first.ok() ? second : first;
  EXPECT_EQ(loser.code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(LostToAnotherTransaction(loser));
  Connection& lost = first.ok() ? *other : *one;
  EXPECT_FALSE(lost.broken());
  ASSERT_TRUE((first.ok() ? *one : *other).Commit().ok());
  EXPECT_TRUE(Update(lost, 1).ok());
}

TEST_F(Connected, ALockWaitAbortsAndRollsTheWholeTransactionBack) {
  const auto holder = Open(Mode::kTransaction);
  const auto waiter = Open(Mode::kTransaction);
  ASSERT_TRUE(Update(*holder, 1).ok());
  ASSERT_TRUE(waiter->Run("SET innodb_lock_wait_timeout = 1").ok());
  ASSERT_TRUE(Update(*waiter, 2).ok());
  const absl::Status status = Update(*waiter, 1);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(LostToAnotherTransaction(status));
  EXPECT_TRUE(Update(*holder, 2).ok());  // its lock is gone
}

TEST_F(Connected, ARowLockedElsewhereMayBeRefusedAtOnce) {
  const auto holder = Open(Mode::kTransaction);
  ASSERT_TRUE(Update(*holder, 1).ok());
  const auto rows =
      Open(Mode::kTransaction)->Query("SELECT 1 FROM things WHERE id = 1 FOR UPDATE NOWAIT", {});
  EXPECT_EQ(rows.status().code(), absl::StatusCode::kAborted);
}

TEST_F(Connected, AStatementThatTakesTooLongIsStopped) {
  const auto connection = Open();
  ASSERT_TRUE(connection->Run("SET max_statement_time = 0.05").ok());
  const auto rows = connection->Query(
      "SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, "
      "information_schema.columns c",
      {});
  EXPECT_EQ(rows.status().code(), absl::StatusCode::kDeadlineExceeded) << rows.status();
  EXPECT_FALSE(connection->broken());
  EXPECT_EQ(Number(*connection, "SELECT 1"), 1);
}

TEST_F(Connected, ATransactionLeftIdleIsEndedByTheServer) {
  const auto idle = Open(Mode::kTransaction);
  ASSERT_TRUE(idle->Run("SET idle_transaction_timeout = 1").ok());
  ASSERT_TRUE(Update(*idle, 1).ok());
  const auto waiting = Open(Mode::kTransaction);
  EXPECT_TRUE(Update(*waiting, 1).ok());  // waits for the lock to be let go
  const absl::Status status = idle->Commit();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_TRUE(idle->broken());
}

TEST_F(Connected, MoreStatementsThanAreKeptStillWork) {
  const auto connection = Open();
  std::string marks = "?";
  Args args = {1};
  for (int i = 0; i < 300; ++i) {
    const auto rows =
        connection->Query("SELECT COUNT(*) FROM things WHERE id IN (" + marks + ")", args);
    ASSERT_TRUE(rows.ok()) << rows.status();
    marks += ", ?";
    args.push_back(i);
  }
  EXPECT_GE(Number(*connection,
                   "SELECT variable_value FROM information_schema.session_status "
                   "WHERE variable_name = 'COM_STMT_CLOSE'"),
            100);
}

TEST_F(Connected, AMigrationUnderPreparedStatementsIsSurvived) {
  const auto connection = Open();
  const auto select = [&](const char* columns) {
    const std::string sql = std::string("SELECT ") + columns + " FROM things WHERE id = ?";
    return connection->Query(sql, {1}).status();
  };
  ASSERT_TRUE(select("name").ok() && select("*").ok());
  ASSERT_TRUE((*schema_.database().ConnectAsOwner())->Run("ALTER TABLE things ADD more INT").ok());
  EXPECT_TRUE(select("name").ok());
  // What it has been promised has changed: the driver can't go on, a new connection can.
  EXPECT_EQ(select("*").code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(connection->broken());
}

}  // namespace
}  // namespace lscp::db
