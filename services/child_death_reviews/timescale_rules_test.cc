#include "child_death_reviews/timescale_rules.h"

#include <set>

#include "child_death_reviews/death_review.h"
#include "common/testing/rules.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::LondonTime;

Settings::Borough Defaults() { return Settings::Create({}, {})->Of("testborough"); }

TEST(TimescaleRules, HaveAnIdOfTheirOwnAndASource) {
  std::set<std::string> ids;
  for (const TimescaleRule& rule : TimescaleRulesOf(Defaults())) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_NE(std::string(rule.source), "") << rule.id;
  }
  EXPECT_FALSE(ids.empty());
}

struct DueCase {
  absl::Time start;
  uint32_t hours;
  absl::Time due;
};

class NotificationDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(NotificationDue, IsElapsedHoursAfterTheDeath) {
  Settings::Borough borough = Defaults();
  borough.set_notification_hours(GetParam().hours);
  EXPECT_EQ(ClockOf(DeathNotificationRule(borough), "x", GetParam().start).due_at, GetParam().due);
}

INSTANTIATE_TEST_SUITE_P(
    Times, NotificationDue,
    ::testing::Values(
        DueCase{LondonTime(2025, 1, 10, 9), 48, LondonTime(2025, 1, 12, 9)},
        DueCase{LondonTime(2025, 3, 29, 10), 48, LondonTime(2025, 3, 31, 11)},   // clocks forward
        DueCase{LondonTime(2025, 10, 25, 10), 48, LondonTime(2025, 10, 27, 9)},  // clocks back
        DueCase{LondonTime(2024, 2, 28, 23), 48, LondonTime(2024, 3, 1, 23)},    // a leap day
        DueCase{LondonTime(2025, 2, 28, 23), 48, LondonTime(2025, 3, 2, 23)},
        DueCase{LondonTime(2025, 12, 24, 8), 24, LondonTime(2025, 12, 25, 8)}));  // holidays count

}  // namespace
}  // namespace lscp::child_death_reviews
