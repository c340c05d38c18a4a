#include "common/time/calendar.h"

#include <algorithm>

namespace lscp {
namespace {

struct TableRow {
  int year;
  int month;
  int day;
  const char* title;
};

constexpr TableRow kTable[] = {
#include "bank_holidays.inc"
};

constexpr int kFirstYear = std::begin(kTable)->year;
constexpr int kLastYear = std::prev(std::end(kTable))->year;

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

absl::CivilDay MondayFrom(absl::CivilDay day) {
  return absl::NextWeekday(day - 1, absl::Weekday::monday);
}

absl::CivilDay LastMondayOf(int year, int month) {
  return absl::PrevWeekday(absl::CivilDay(absl::CivilMonth(year, month) + 1),
                           absl::Weekday::monday);
}

bool IsBankHoliday(absl::CivilDay day) {
  const auto is_day = [day](const BankHoliday& holiday) { return holiday.day == day; };
  if (day.year() < kFirstYear || day.year() > kLastYear) {
    const auto regular = RegularBankHolidays(static_cast<int>(day.year()));
    return std::any_of(regular.begin(), regular.end(), is_day);
  }
  const auto& table = ProclaimedBankHolidays();
  const auto found = std::lower_bound(
      table.begin(), table.end(), day,
      [](const BankHoliday& holiday, absl::CivilDay wanted) { return holiday.day < wanted; });
  return found != table.end() && found->day == day;
}

}  // namespace

bool WorkingDayCalendar::IsWorkingDay(absl::CivilDay day) const {
  return !IsWeekend(day) && !IsBankHoliday(day);
}

absl::CivilDay WorkingDayCalendar::Add(absl::CivilDay day, int n) const {
  const int step = n < 0 ? -1 : 1;
  for (; n != 0; n -= step) {
    do {
      day += step;
    } while (!IsWorkingDay(day));
  }
  return day;
}

int WorkingDayCalendar::Between(absl::CivilDay from, absl::CivilDay to) const {
  if (to < from) return -Between(to, from);
  int count = 0;
  while (from < to) count += IsWorkingDay(++from);
  return count;
}

const std::vector<BankHoliday>& ProclaimedBankHolidays() {
  static const auto* const holidays = [] {
    auto* table = new std::vector<BankHoliday>;
    for (const TableRow& row : kTable) {
      table->push_back({absl::CivilDay(row.year, row.month, row.day), row.title});
    }
    return table;
  }();
  return *holidays;
}

std::vector<BankHoliday> RegularBankHolidays(int year) {
  const absl::CivilDay new_year(year, 1, 1);
  const absl::CivilDay easter = EasterSunday(year);
  std::vector<BankHoliday> holidays = {
      {IsWeekend(new_year) ? MondayFrom(new_year) : new_year, "New Year's Day"},
      {easter - 2, "Good Friday"},
      {easter + 1, "Easter Monday"},
      {MondayFrom(absl::CivilDay(year, 5, 1)), "Early May bank holiday"},
      {LastMondayOf(year, 5), "Spring bank holiday"},
      {LastMondayOf(year, 8), "Summer bank holiday"},
  };
  // Each of the two keeps its date on a weekday; one on a weekend goes two days on, which is a
  // weekday again and not the other's.
  for (const int day : {25, 26}) {
    const absl::CivilDay date(year, 12, day);
    holidays.push_back(
        {IsWeekend(date) ? date + 2 : date, day == 25 ? "Christmas Day" : "Boxing Day"});
  }
  std::sort(holidays.begin(), holidays.end(),
            [](const BankHoliday& a, const BankHoliday& b) { return a.day < b.day; });
  return holidays;
}

// The anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8).
absl::CivilDay EasterSunday(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int g = (8 * b + 13) / 25;
  const int h = (19 * a + b - b / 4 - g + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int p = h + l - 7 * m + 114;
  return absl::CivilDay(year, p / 31, p % 31 + 1);
}

}  // namespace lscp
