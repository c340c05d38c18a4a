#include "common/time/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace lscp {
namespace {

using Day = absl::CivilDay;

const WorkingDayCalendar kCalendar;

std::set<Day> DaysOf(const std::vector<BankHoliday>& holidays, int year) {
  std::set<Day> days;
  for (const BankHoliday& holiday : holidays) {
    if (holiday.day.year() == year) days.insert(holiday.day);
  }
  return days;
}

TEST(BankHolidays, AreTheProclaimedOnesInOrder) {
  const auto& table = ProclaimedBankHolidays();
  EXPECT_EQ(table.size(), 140u);
  EXPECT_EQ(table.front().day, Day(2012, 1, 2));
  EXPECT_EQ(table.back().day, Day(2028, 12, 26));
  for (size_t i = 1; i < table.size(); ++i) EXPECT_LT(table[i - 1].day, table[i].day);
}

TEST(BankHolidays, RuleGivesTheTableForEveryYearButTheOneOffs) {
  struct OneOffs {
    std::set<Day> proclaimed_only;
    std::set<Day> rule_only;
  };
  const std::map<int, OneOffs> one_offs = {
      {2012, {{Day(2012, 6, 4), Day(2012, 6, 5)}, {Day(2012, 5, 28)}}},
      {2020, {{Day(2020, 5, 8)}, {Day(2020, 5, 4)}}},
      {2022, {{Day(2022, 6, 2), Day(2022, 6, 3), Day(2022, 9, 19)}, {Day(2022, 5, 30)}}},
      {2023, {{Day(2023, 5, 8)}, {}}},
  };
  for (int year = 2012; year <= 2028; ++year) {
    SCOPED_TRACE(year);
    std::set<Day> expected = DaysOf(RegularBankHolidays(year), year);
    if (const auto found = one_offs.find(year); found != one_offs.end()) {
      for (const Day day : found->second.rule_only) EXPECT_EQ(expected.erase(day), 1u);
      expected.insert(found->second.proclaimed_only.begin(), found->second.proclaimed_only.end());
    }
    EXPECT_EQ(DaysOf(ProclaimedBankHolidays(), year), expected);
  }
}

TEST(BankHolidays, BeyondTheTableAreEightDistinctWeekdaysAYear) {
  for (int year = 2029; year <= 2200; ++year) {
    const auto days = DaysOf(RegularBankHolidays(year), year);
    EXPECT_EQ(days.size(), 8u) << year;
    for (const Day day : days) {
      EXPECT_NE(absl::GetWeekday(day), absl::Weekday::saturday) << day;
      EXPECT_NE(absl::GetWeekday(day), absl::Weekday::sunday) << day;
      EXPECT_FALSE(kCalendar.IsWorkingDay(day)) << day;
    }
  }
}

TEST(EasterSunday, IsThatOfTheAlmanac) {
  EXPECT_EQ(EasterSunday(1961), Day(1961, 4, 2));
  EXPECT_EQ(EasterSunday(2000), Day(2000, 4, 23));
  EXPECT_EQ(EasterSunday(2024), Day(2024, 3, 31));
  EXPECT_EQ(EasterSunday(2038), Day(2038, 4, 25));
  EXPECT_EQ(EasterSunday(2285), Day(2285, 3, 22));
}

struct Sum {
  const char* sentence;
  Day from;
  int n;
  Day to;
};

class WorkingDayTest : public ::testing::TestWithParam<Sum> {};

TEST_P(WorkingDayTest, AreCountedFromTheDayAfter) {
  const Sum& sum = GetParam();
  SCOPED_TRACE(sum.sentence);
  EXPECT_EQ(kCalendar.Add(sum.from, sum.n), sum.to);
}

INSTANTIATE_TEST_SUITE_P(
    , WorkingDayTest,
    ::testing::Values(
        Sum{"over the Spring bank holiday of 2025", Day(2025, 5, 20), 15, Day(2025, 6, 11)},
        Sum{"over Christmas with its substitute and New Year", Day(2022, 12, 23), 10,
            Day(2023, 1, 11)},
        Sum{"over the Platinum Jubilee", Day(2022, 5, 31), 3, Day(2022, 6, 7)},
        Sum{"over the state funeral", Day(2022, 9, 16), 1, Day(2022, 9, 20)},
        Sum{"in the year when the early May holiday moved", Day(2020, 5, 7), 1, Day(2020, 5, 11)},
        Sum{"nothing to add", Day(2025, 5, 24), 0, Day(2025, 5, 24)},
        Sum{"from a Saturday the next working day is day 1", Day(2025, 5, 24), 1, Day(2025, 5, 27)},
        Sum{"from Good Friday", Day(2025, 4, 18), 1, Day(2025, 4, 22)},
        Sum{"back over Easter", Day(2025, 4, 22), -1, Day(2025, 4, 17)},
        Sum{"beyond the table, over Christmas 2032, a Saturday", Day(2032, 12, 24), 1,
            Day(2032, 12, 29)}));

TEST(WorkingDays, BetweenIsTheInverseOfAdd) {
  for (Day from(2022, 1, 1); from < Day(2022, 12, 31); ++from) {
    for (const int n : {0, 1, 10, 45}) {
      EXPECT_EQ(kCalendar.Between(from, kCalendar.Add(from, n)), n) << from;
    }
  }
  EXPECT_EQ(kCalendar.Between(Day(2025, 6, 11), Day(2025, 5, 20)), -15);
}

}  // namespace
}  // namespace lscp
