#include "tests/load/statements.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace lscp::tests {
namespace {

using Variant = db::Value::Variant;

const std::string kLog =
    "mariadbd, Version: 10.11 (Debian). started with:\n"
    "Time\t\t    Id Command\tArgument\n"
    "261122  2:30:01\t     7 Connect\tservice@localhost on things using Socket\n"
    "\t\t     7 Prepare\tINSERT INTO things (id, size, owner) VALUES (?, ?, ?)\n"
    "\t\t     8 Prepare\tINSERT INTO disclosures (resource) VALUES (?)\n"
    "\t\t     8 Execute\tINSERT INTO disclosures (resource) VALUES ('a-thing')\n"
    "\t\t     7 Execute\tINSERT INTO things (id, size, owner) VALUES ('a-thing', -12, NULL)\n"
    "\t\t     7 Prepare\tSELECT 1\n  FROM things WHERE document = ?\n"
    "\t\t     7 Execute\tSELECT 1\n  FROM things WHERE document = 'a\\0b\\n\\'?\\\\'\n"
    "\t\t     7 Query\tCOMMIT\n";

TEST(FindCall, TellsTheStatementsOfTheConnectionThatHasTheMarker) {
  const auto call = FindCall(kLog, "thing");
  ASSERT_TRUE(call.ok()) << call.status();
  ASSERT_EQ(call->statements.size(), 2u);
  EXPECT_EQ(call->statements[0].sql, "INSERT INTO things (id, size, owner) VALUES (?, ?, ?)");
  EXPECT_FALSE(call->statements[0].query);
  EXPECT_TRUE(call->statements[1].query);
  EXPECT_TRUE(call->commits);
}

TEST(FindCall, ReadsValuesAsTheyWereBound) {
  const auto call = FindCall(kLog, "thing");
  ASSERT_TRUE(call.ok()) << call.status();
  const db::Args& args = call->statements[0].args;
  ASSERT_EQ(args.size(), 3u);
  EXPECT_EQ(args[0].variant(), Variant(std::string("a-thing")));
  EXPECT_EQ(args[1].variant(), Variant(int64_t{-12}));
  EXPECT_EQ(args[2].variant(), Variant());
  EXPECT_EQ(call->statements[1].args[0].variant(), Variant(std::string("a\0b\n'?\\", 7)));
}

TEST(FindCall, SaysSoWhenThereIsNone) {
  EXPECT_EQ(FindCall(kLog, "something else").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(FindCall("", "a").status().code(), absl::StatusCode::kNotFound);
}

TEST(Replaced, ChangesEveryOccurrenceAndNothingElse) {
  const db::Args args = Replaced({"abc", "in abc and abc", 7, nullptr}, {{"abc", "xyz"}});
  EXPECT_EQ(args[0].variant(), Variant(std::string("xyz")));
  EXPECT_EQ(args[1].variant(), Variant(std::string("in xyz and xyz")));
  EXPECT_EQ(args[2].variant(), Variant(int64_t{7}));
  EXPECT_EQ(args[3].variant(), Variant());
}

}  // namespace
}  // namespace lscp::tests
