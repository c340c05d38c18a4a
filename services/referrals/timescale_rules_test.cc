#include "referrals/timescale_rules.h"

#include <gtest/gtest.h>

#include <set>

#include "common/time/london.h"

namespace lscp::referrals {
namespace {

Settings::Borough Borough() {
  safeguarding::referrals::v1::ReferralsSettings proto;
  proto.add_boroughs()->set_id("testborough");
  proto.mutable_boroughs(0)->set_acknowledgement_hours(6);
  return Settings::Create(proto, {"testborough"})->Of("testborough");
}

TEST(TimescaleRules, HaveAnIdOfTheirOwnAndASource) {
  std::set<std::string> ids;
  for (const TimescaleRule& rule : TimescaleRulesOf(Borough())) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_NE(std::string(rule.source), "") << rule.id;
  }
}

TEST(ClockOf, IsDueAsTheBoroughChose) {
  const absl::Time arrived = absl::FromUnixSeconds(1741600800);
  const auto clock = ClockOf(Borough(), kContactAcknowledgement, "boroughs/x/contacts/1", arrived);
  EXPECT_EQ(clock.due_at, arrived + absl::Hours(6));
  EXPECT_EQ(clock.started_at, arrived);
}

TEST(ClockOf, FeedbackIsDueAtTheEndOfTheNextWorkingDay) {
  const absl::Time friday = absl::FromCivil(absl::CivilMinute(2025, 3, 7, 16, 0), London());
  const auto clock = ClockOf(Borough(), kContactFeedback, "boroughs/x/contacts/1", friday);
  EXPECT_EQ(LastDayOf(clock.due_at), absl::CivilDay(2025, 3, 10));
}

}  // namespace
}  // namespace lscp::referrals
