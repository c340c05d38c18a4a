#pragma once

#include <algorithm>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "google/type/date.pb.h"

// Days that a request may leave open. No clock.
namespace lscp {

// The day given, or the London day of `now`.
inline absl::CivilDay DayOrToday(bool given, const google::type::Date& date, absl::Time now) {
  return given ? *ProtoToDate(date) : LondonDay(now);
}

// When something happened of which only the day is known: its last instant, or now if the day is
// not over. A clock that ends with a day is in time all day.
inline absl::Time InstantOn(absl::CivilDay day, absl::Time now) {
  return std::min(now, EndOfDay(day) - absl::Microseconds(1));
}

}  // namespace lscp
