#include "common/db/migrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "common/db/errors.h"
#include "common/db/platform_migrations.h"
#include "common/testing/mariadb.h"

namespace lscp::db {
namespace {

using ::testing::HasSubstr;

constexpr Migration kPets[] = {
    {1, "pets", "-- Animals; of all kinds;\nCREATE TABLE pets (id INT PRIMARY KEY);\n"},
    {2, "names",
     "ALTER TABLE pets ADD name VARCHAR(20);\n\nINSERT INTO pets VALUES (1, 'Invented');\n"},
    {3, "no_names", "-- contract\nALTER TABLE pets DROP name;\n"},
};

std::vector<Component> Upto(size_t version) { return {{"pets", std::span(kPets, version)}}; }

std::string Message(const absl::Status& status) { return std::string(status.message()); }

class Migrating : public ::testing::Test {
 protected:
  absl::Status MigrateTo(size_t version) { return Migrate(schema_->database(), Upto(version)); }
  // As the owner: the server's account can't even connect before the first migration.
  absl::Status CheckAs(size_t version) {
    return CheckSchema(**schema_->database().ConnectAsOwner(), Upto(version));
  }
  int64_t Count(const std::string& sql) {
    auto owner = schema_->database().ConnectAsOwner();
    const auto rows = (*owner)->Query(sql, {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    return rows.ok() ? rows->at(0).Int(0) : -1;
  }
  void AsOwner(const std::string& sql) {
    const absl::Status status = (*schema_->database().ConnectAsOwner())->Run(sql);
    ASSERT_TRUE(status.ok()) << status;
  }

  std::unique_ptr<testing::TestDatabase> schema_ = testing::TestDatabase::Empty();
};

TEST_F(Migrating, BringsAnEmptySchemaUpToDateAndAgainDoesNothing) {
  EXPECT_TRUE(MigrateTo(2).ok());
  EXPECT_TRUE(CheckAs(2).ok());
  EXPECT_TRUE(MigrateTo(2).ok());
  EXPECT_EQ(Count("SELECT COUNT(*) FROM pets"), 1);
}

TEST_F(Migrating, ManyMayRaceOnAnEmptySchema) {
  std::vector<absl::Status> results(4);
  std::vector<std::thread> threads;
  for (absl::Status& result : results) threads.emplace_back([&] { result = MigrateTo(3); });
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) EXPECT_TRUE(result.ok()) << result;
  EXPECT_EQ(Count("SELECT COUNT(*) FROM pets"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM schema_migrations WHERE finished_at IS NOT NULL"), 3);
}

TEST_F(Migrating, ALockWhoseHolderIsGoneIsTakenOver) {
  ASSERT_TRUE(MigrateTo(1).ok());
  AsOwner(
      "UPDATE schema_migrator SET holder = 'gone', "
      "expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND");
  EXPECT_TRUE(MigrateTo(2).ok());
  EXPECT_TRUE(CheckAs(2).ok());
}

TEST_F(Migrating, AnInterruptedStepIsRefusedByName) {
  ASSERT_TRUE(MigrateTo(2).ok());
  AsOwner("UPDATE schema_migrations SET finished_at = NULL WHERE version = 2");
  for (const absl::Status& status : {MigrateTo(3), CheckAs(2)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(Message(status), HasSubstr("pets 2 (names)"));
  }
}

TEST_F(Migrating, AStepThatFailedHalfWayIsNotRunAgain) {
  constexpr Migration kBroken[] = {
      {1, "half", "CREATE TABLE first (id INT);\nCREATE TABLE first (id INT);\n"}};
  const std::vector<Component> components = {{"pets", kBroken}};
  const absl::Status first = Migrate(schema_->database(), components);
  EXPECT_EQ(first.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(Message(first), HasSubstr("migration pets 1 (half), statement 2"));
  EXPECT_EQ(Migrate(schema_->database(), components).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(Migrating, AStepThatChangedNothingMayBeBegunAgain) {
  constexpr Migration kBroken[] = {{1, "pets", "CREATE TABLE pets (id NONSENSE);\n"}};
  EXPECT_FALSE(Migrate(schema_->database(), std::vector<Component>{{"pets", kBroken}}).ok());
  EXPECT_TRUE(MigrateTo(1).ok());
}

TEST_F(Migrating, ASchemaThatLacksAStepIsNotServed) {
  EXPECT_EQ(CheckAs(1).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(MigrateTo(1).ok());
  const absl::Status status = CheckAs(2);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Message(status), HasSubstr("lacks migration pets 2 (names)"));
}

TEST_F(Migrating, AnExpandedSchemaServesOlderServers) {
  ASSERT_TRUE(MigrateTo(2).ok());
  EXPECT_TRUE(CheckAs(1).ok());
  EXPECT_TRUE(MigrateTo(1).ok());
}

TEST_F(Migrating, AContractedSchemaServesTheVersionBeforeAndRefusesOlderOnes) {
  ASSERT_TRUE(MigrateTo(3).ok());
  EXPECT_TRUE(CheckAs(3).ok());
  EXPECT_TRUE(CheckAs(2).ok());
  for (const absl::Status& status : {CheckAs(1), MigrateTo(1)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(Message(status), HasSubstr("pets is at version 3 and needs a server of version 2"));
  }
}

TEST_F(Migrating, TwoStepsOfOneNumberAreFoundOut) {
  ASSERT_TRUE(MigrateTo(1).ok());
  constexpr Migration kOther[] = {{1, "cats", "SELECT 1;\n"}};
  const absl::Status status =
      Migrate(schema_->database(), std::vector<Component>{{"pets", kOther}});
  EXPECT_THAT(Message(status), HasSubstr("pets 1 (cats) is known to the database as pets"));
}

TEST_F(Migrating, ComponentsHaveTheirOwnNumbers) {
  EXPECT_TRUE(
      Migrate(schema_->database(), std::vector<Component>{platform::Tables(), Upto(2)[0]}).ok());
  EXPECT_TRUE(CheckAs(2).ok());
  EXPECT_TRUE(CheckSchema(*schema_->Connect(), std::vector<Component>{platform::Tables()}).ok());
}

TEST(ServerAccount, MayOnlyAddToWhatTheAuditSeals) {
  const testing::TestDatabase schema;
  const auto connection = schema.Connect();
  constexpr int kNoRightToTable = 1142;
  for (const std::string table :
       {"journal", "disclosures", "journal_seal", "disclosure_seal", "schema_migrations"}) {
    SCOPED_TRACE(table);
    const std::string column = table == "schema_migrations" ? "version" : "id";
    EXPECT_TRUE(connection->Query("SELECT COUNT(*) FROM " + table, {}).ok());
    EXPECT_EQ(SqlErrno(connection->Run("UPDATE " + table + " SET " + column + " = 1")),
              kNoRightToTable);
    EXPECT_EQ(SqlErrno(connection->Run("DELETE FROM " + table)), kNoRightToTable);
    EXPECT_EQ(SqlErrno(connection->Run("TRUNCATE " + table)), kNoRightToTable);
    EXPECT_EQ(SqlErrno(connection->Run("DROP TABLE " + table)), kNoRightToTable);
  }
  EXPECT_TRUE(connection->Run("INSERT INTO journal_seal VALUES (1, 1, UNHEX(SHA2('', 256)))").ok());
}

TEST(ServerAccount, MayWriteTheOtherTables) {
  const testing::TestDatabase schema;
  const auto connection = schema.Connect();
  EXPECT_TRUE(connection->Run("INSERT INTO event_progress VALUES ('somebody', 1)").ok());
  EXPECT_TRUE(connection->Run("UPDATE event_progress SET pos = 2").ok());
  EXPECT_TRUE(connection->Run("DELETE FROM event_progress").ok());
}

TEST(ServerAccount, MustExist) {
  const auto schema = testing::TestDatabase::Empty();
  auto config = schema->config();
  config.set_user("nobody_of_this_name");
  const absl::Status status = Migrate(Database(config), std::vector<Component>{platform::Tables()});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(Message(status), HasSubstr("'nobody_of_this_name' does not exist"));
}

}  // namespace
}  // namespace lscp::db
