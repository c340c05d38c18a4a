#include "common/db/value.h"

#include <charconv>

namespace lscp::db {
namespace {

// Reads the whole number at the front of `text` and what follows it up to and including one
// separator; 0 when there is none.
int64_t TakeNumber(std::string_view& text) {
  int64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(end - text.data());
  if (!text.empty()) text.remove_prefix(1);
  return number;
}

absl::CivilDay TakeDay(std::string_view& text) {
  const int64_t year = TakeNumber(text);
  const int64_t month = TakeNumber(text);
  const int64_t day = TakeNumber(text);
  return absl::CivilDay(year, month, day);
}

// "2026-03-01 09:30:00.123456", the fraction as long as the column has it.
absl::Time ParseTime(std::string_view text) {
  const absl::CivilDay day = TakeDay(text);
  const int64_t hour = TakeNumber(text);
  const int64_t minute = TakeNumber(text);
  const int64_t second = TakeNumber(text);
  std::string fraction(text);
  fraction.resize(6, '0');
  std::string_view digits = fraction;
  return absl::FromCivil(
             absl::CivilSecond(day.year(), day.month(), day.day(), hour, minute, second),
             absl::UTCTimeZone()) +
         absl::Microseconds(TakeNumber(digits));
}

}  // namespace

std::string Placeholders(size_t count) {
  std::string list;
  for (size_t i = 0; i < count; ++i) list += i == 0 ? "?" : ", ?";
  return list;
}

int64_t Row::Int(size_t column) const {
  if (!Has(column)) return 0;
  std::string_view text = *cells_[column];
  return TakeNumber(text);
}

absl::Time Row::Time(size_t column) const { return OptTime(column).value_or(absl::Time()); }

absl::CivilDay Row::Day(size_t column) const { return OptDay(column).value_or(absl::CivilDay()); }

std::optional<absl::Time> Row::OptTime(size_t column) const {
  if (!Has(column)) return std::nullopt;
  return ParseTime(*cells_[column]);
}

std::optional<absl::CivilDay> Row::OptDay(size_t column) const {
  if (!Has(column)) return std::nullopt;
  std::string_view text = *cells_[column];
  return TakeDay(text);
}

}  // namespace lscp::db
