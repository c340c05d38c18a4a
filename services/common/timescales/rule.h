#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/time/calendar.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"

// Deadlines as tables:
//
//   constexpr TimescaleRule kTimescales[] = {
//       // id            title              starts at         due after          source
//       {"box_sent",     "Box sent",        "box packed",     WorkingDays(3),    "Packing guide
//       §2"},
//       {"box_labelled", "Box labelled",    "box packed",     Hours(4),          "borough
//       setting"},
//   };
namespace lscp {

// How long a clock runs.
struct Span {
  enum class Unit { kHours, kDays, kWorkingDays, kMonths };
  int count;
  Unit unit;

  friend bool operator==(const Span&, const Span&) = default;
};

constexpr Span Hours(int n) { return {n, Span::Unit::kHours}; }
constexpr Span Days(int n) { return {n, Span::Unit::kDays}; }
constexpr Span WorkingDays(int n) { return {n, Span::Unit::kWorkingDays}; }
constexpr Span Months(int n) { return {n, Span::Unit::kMonths}; }

// "45 working days", "1 hour".
std::string Describe(Span span);

// An obligation and its clock.
struct TimescaleRule {
  const char* id;         // lower_snake_case; stored, and a label of metrics: never renamed
  const char* title;      // what is owed, in a practitioner's words
  const char* starts_at;  // what starts the clock
  Span due_after;
  const char* source;  // where the rule comes from
};

// The rule as ListTimescaleRules shows it.
safeguarding::timescales::v1::TimescaleRule ToProto(const TimescaleRule& rule);

// When a clock that starts at `start` is due. What is done at this instant is still in time.
//   - Hours are elapsed hours.
//   - Days of either kind and months are counted from the London day of the start, which is day 0,
//     and run to the end of the last day: the due instant is the first of the day after. Three
//     months from 30 November end on the last day of February.
absl::Time DueAt(absl::Time start, Span span, const WorkingDayCalendar& calendar);

// The last London day on which a clock with this due instant is in time: the day to show a reader.
absl::CivilDay LastDayOf(absl::Time due);

}  // namespace lscp
