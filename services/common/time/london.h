#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

// Days as people in England live them. A date in the suite is a Europe/London date; an instant is
// UTC. All functions are thread-safe.
namespace lscp {

// FAILED_PRECONDITION when this machine has no usable time zone data (Debian: package tzdata). To
// be called when a process starts; without it London() ends the process at its first use, because
// every due date would silently be an hour off in summer.
absl::Status CheckLondon();

// The zone Europe/London.
const absl::TimeZone& London();

// The day on which an instant falls in London.
absl::CivilDay LondonDay(absl::Time instant);

// The first instant of a London day.
absl::Time StartOfDay(absl::CivilDay day);

// The first instant after a London day. (A day has 23 or 25 hours when the clocks change.)
absl::Time EndOfDay(absl::CivilDay day);

}  // namespace lscp
