#include "common/db/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/testing/mariadb.h"

namespace lscp::db {
namespace {

class Values : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = testing::TestDatabase::Empty().release(); }
  static void TearDownTestSuite() { delete database_; }

  void SetUp() override {
    auto owner = database_->database().ConnectAsOwner();
    ASSERT_TRUE(owner.ok()) << owner.status();
    connection_ = *std::move(owner);
    ASSERT_TRUE(connection_
                    ->Run("CREATE OR REPLACE TABLE t (id INT PRIMARY KEY, n BIGINT, "
                          "words VARCHAR(200), bytes MEDIUMBLOB, at DATETIME(6), day DATE) "
                          "CHARACTER SET utf8mb4")
                    .ok());
  }

  // Writes a row with the value in `column` and reads the row back.
  Row There(const char* column, const Value& value) {
    const auto inserted = connection_->Execute(
        std::string("REPLACE INTO t (id, ") + column + ") VALUES (1, ?)", {value});
    EXPECT_TRUE(inserted.ok()) << inserted.status();
    const auto rows = connection_->Query(std::string("SELECT ") + column + " FROM t", {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    return rows.ok() && rows->size() == 1 ? rows->front() : Row({std::nullopt});
  }

  static testing::TestDatabase* database_;
  std::unique_ptr<Connection> connection_;
};

testing::TestDatabase* Values::database_ = nullptr;

TEST_F(Values, NumbersKeepTheirFullRange) {
  for (const int64_t number : {int64_t{0}, int64_t{-1}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(There("n", number).Int(0), number);
  }
  EXPECT_EQ(There("n", true).Int(0), 1);
}

TEST_F(Values, TextKeepsEveryCharacter) {
  for (const std::string text :
       {"", "O'Brien \"\\%_?", "Zoë Łukasz 你好 👩‍👧", "line\nline\ttab"}) {
    EXPECT_EQ(There("words", text).Text(0), text);
  }
}

TEST_F(Values, BytesKeepEveryByteAndLength) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  EXPECT_EQ(There("bytes", bytes).Text(0), bytes);
  std::string large;
  for (int i = 0; i < 4096; ++i) large += bytes;
  EXPECT_EQ(There("bytes", large).Text(0), large);
}

TEST_F(Values, InstantsKeepTheirMicrosecondsInUtc) {
  for (const char* text :
       {"2026-03-29T01:30:00.123456Z", "1970-01-01T00:00:00Z", "1924-02-29T23:59:59.999999Z",
        "2026-10-25T01:00:00.000001Z", "2026-01-01T00:00:00.1Z"}) {
    absl::Time time;
    std::string error;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
    EXPECT_EQ(There("at", time).Time(0), time) << text;
  }
}

TEST_F(Values, WhatIsFinerThanAMicrosecondIsCutOff) {
  const absl::Time time = absl::FromUnixMicros(1'700'000'000'123'456) + absl::Nanoseconds(999);
  EXPECT_EQ(There("at", time).Time(0), absl::FromUnixMicros(1'700'000'000'123'456));
}

TEST_F(Values, DaysAreDays) {
  for (const absl::CivilDay day : {absl::CivilDay(2024, 2, 29), absl::CivilDay(1908, 12, 31)}) {
    EXPECT_EQ(There("day", day).Day(0), day);
  }
}

TEST_F(Values, NullIsAbsentAndReadsAsZero) {
  const Row row = There("at", std::optional<absl::Time>());
  EXPECT_FALSE(row.Has(0));
  EXPECT_EQ(row.OptTime(0), std::nullopt);
  EXPECT_EQ(row.Time(0), absl::Time());
  EXPECT_EQ(There("n", nullptr).Int(0), 0);
  EXPECT_EQ(There("words", std::optional<std::string>()).Text(0), "");
  EXPECT_EQ(There("day", nullptr).OptDay(0), std::nullopt);
  EXPECT_TRUE(There("words", "").Has(0));
}

TEST(Placeholders, AreAsManyAsTheValues) {
  EXPECT_EQ(Placeholders(0), "");
  EXPECT_EQ(Placeholders(1), "?");
  EXPECT_EQ(Placeholders(3), "?, ?, ?");
}

}  // namespace
}  // namespace lscp::db
