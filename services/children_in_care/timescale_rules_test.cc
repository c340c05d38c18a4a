#include "children_in_care/timescale_rules.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace lscp::children_in_care {
namespace {

TEST(TimescaleRules, HaveAnIdOfTheirOwnAndASource) {
  std::set<std::string> ids;
  for (const TimescaleRule& rule : TimescaleRulesOf(Settings::Borough())) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_NE(std::string(rule.source), "") << rule.id;
  }
  EXPECT_FALSE(ids.empty());
}

}  // namespace
}  // namespace lscp::children_in_care
