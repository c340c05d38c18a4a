#include <gtest/gtest.h>

#include "child_protection/conference.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;

struct DueRow {
  CivilDay start;
  CivilDay due;
  const char* why;
};

TEST(ConferenceDue, IsTheFifteenthWorkingDay) {
  const DueRow rows[] = {
      {CivilDay(2025, 3, 3), CivilDay(2025, 3, 24), "no holiday between"},
      {CivilDay(2025, 5, 20), CivilDay(2025, 6, 11), "the late May bank holiday"},
      {CivilDay(2022, 5, 31), CivilDay(2022, 6, 23), "both days of the jubilee"},
      {CivilDay(2022, 9, 12), CivilDay(2022, 10, 4), "the day of the Queen's funeral"},
      {CivilDay(2023, 4, 28), CivilDay(2023, 5, 23), "May Day and the coronation"},
      {CivilDay(2022, 12, 23), CivilDay(2023, 1, 18), "Christmas and New Year with substitutes"},
      {CivilDay(2026, 12, 24), CivilDay(2027, 1, 19), "a substitute for Boxing Day"},
      {CivilDay(2024, 2, 9), CivilDay(2024, 3, 1), "a leap day"},
      {CivilDay(2025, 3, 8), CivilDay(2025, 3, 28), "an enquiry that starts on a Saturday"},
      {CivilDay(2025, 3, 21), CivilDay(2025, 4, 11), "the clocks go forward"},
      {CivilDay(2025, 10, 20), CivilDay(2025, 11, 10), "the clocks go back"},
  };
  for (const DueRow& row : rows) EXPECT_EQ(ConferenceDue(row.start), row.due) << row.why;
}

}  // namespace
}  // namespace lscp::child_protection
