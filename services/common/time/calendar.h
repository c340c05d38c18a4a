#pragma once

#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"

namespace lscp {

struct BankHoliday {
  absl::CivilDay day;
  std::string_view title;
};

// The working days of England and Wales: every day but Saturday, Sunday, Christmas Day, Good Friday
// and the bank holidays under the Banking and Financial Dealings Act 1971.
//
// For the years of bank_holidays.csv (2012 to 2028) the days are those proclaimed, with the
// one-offs (jubilees, a funeral, a coronation, moved days). For other years they are computed from
// the regular rule, so a one-off proclaimed for 2029 or later is unknown until it is added to the
// file.
//
// A value without state of its own; thread-safe.
class WorkingDayCalendar {
 public:
  bool IsWorkingDay(absl::CivilDay day) const;

  // The n-th working day after `day`, which itself doesn't count and need not be a working day: the
  // first working day after a Saturday is day 1. A negative n counts back; 0 gives `day`.
  absl::CivilDay Add(absl::CivilDay day, int n) const;

  // How many working days lie after `from` up to and including `to`: Between(d, Add(d, n)) is n for
  // n ≥ 0. Negative when `to` is earlier.
  int Between(absl::CivilDay from, absl::CivilDay to) const;
};

// The holidays of the file, in order.
const std::vector<BankHoliday>& ProclaimedBankHolidays();

// The holidays that a year has by rule, in order: New Year's Day, Good Friday, Easter Monday, the
// first Monday of May, the last Mondays of May and August, Christmas Day and Boxing Day; for those
// with a fixed date that fall on a weekend the next weekday that is not a holiday already.
std::vector<BankHoliday> RegularBankHolidays(int year);

// Easter Sunday of the Gregorian calendar.
absl::CivilDay EasterSunday(int year);

}  // namespace lscp
