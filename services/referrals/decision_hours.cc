#include "referrals/decision_hours.h"

#include <algorithm>

#include "common/time/calendar.h"
#include "common/time/london.h"

namespace lscp::referrals {
namespace {

absl::Time MinuteOf(absl::CivilDay day, uint32_t minute) {
  return absl::FromCivil(absl::CivilMinute(day) + minute, London());
}

// Adds time of which only the hub's opening hours of working days count. The settings make sure
// that the hub opens before it closes.
absl::Time AddOpeningHours(absl::Time from, absl::Duration left,
                           const safeguarding::referrals::v1::DecisionHours& hours) {
  const WorkingDayCalendar calendar;
  absl::CivilDay day = LondonDay(from);
  if (!calendar.IsWorkingDay(day)) day = calendar.Add(day, 1);
  for (;; day = calendar.Add(day, 1)) {
    const absl::Time begin = std::max(from, MinuteOf(day, hours.open_minute()));
    const absl::Duration open = MinuteOf(day, hours.close_minute()) - begin;
    if (left <= open) return begin + left;
    left -= std::max(open, absl::ZeroDuration());
  }
}

}  // namespace

absl::Time DecisionDue(absl::Time received, safeguarding::referrals::v1::Brag rating,
                       const Settings::Borough& borough) {
  const DecisionTime time = DecisionTimeOf(borough, rating);
  if (!time.working) return received + time.duration;
  return AddOpeningHours(received, time.duration, borough.decision_hours());
}

}  // namespace lscp::referrals
