#include "common/time/london.h"

#include <gtest/gtest.h>

#include <string>

namespace lscp {
namespace {

absl::Time Utc(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

TEST(London, HasItsTimeZoneHere) { EXPECT_TRUE(CheckLondon().ok()); }

TEST(London, DayOfAnInstantFollowsSummerTime) {
  EXPECT_EQ(LondonDay(Utc("2025-01-15T23:59:59Z")), absl::CivilDay(2025, 1, 15));
  EXPECT_EQ(LondonDay(Utc("2025-07-15T22:59:59Z")), absl::CivilDay(2025, 7, 15));
  EXPECT_EQ(LondonDay(Utc("2025-07-15T23:00:00Z")), absl::CivilDay(2025, 7, 16));
}

TEST(London, DayStartsAtMidnightThere) {
  EXPECT_EQ(StartOfDay(absl::CivilDay(2025, 1, 15)), Utc("2025-01-15T00:00:00Z"));
  EXPECT_EQ(StartOfDay(absl::CivilDay(2025, 7, 15)), Utc("2025-07-14T23:00:00Z"));
}

TEST(London, DaysOnWhichTheClocksChangeHave23And25Hours) {
  const absl::CivilDay spring(2025, 3, 30);
  const absl::CivilDay autumn(2025, 10, 26);
  EXPECT_EQ(EndOfDay(spring) - StartOfDay(spring), absl::Hours(23));
  EXPECT_EQ(EndOfDay(autumn) - StartOfDay(autumn), absl::Hours(25));
}

}  // namespace
}  // namespace lscp
