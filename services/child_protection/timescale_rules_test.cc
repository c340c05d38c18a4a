#include "child_protection/timescale_rules.h"

#include <gtest/gtest.h>

#include <set>

namespace lscp::child_protection {
namespace {

TEST(TimescaleRules, HaveAnIdOfTheirOwnAndASource) {
  std::set<std::string> ids;
  for (const TimescaleRule& rule : TimescaleRulesOf(Settings::Create({}, {})->Of("testborough"))) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_NE(std::string(rule.source), "") << rule.id;
  }
  EXPECT_FALSE(ids.empty());
}

}  // namespace
}  // namespace lscp::child_protection
