#include "common/timescales/rule.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/time/london.h"

namespace lscp {
namespace {

const char* NameOf(Span::Unit unit) {
  switch (unit) {
    case Span::Unit::kHours:
      return "hour";
    case Span::Unit::kDays:
      return "day";
    case Span::Unit::kWorkingDays:
      return "working day";
    case Span::Unit::kMonths:
      return "month";
  }
  return "";
}

// The same day of a later month, or the last one of a month without it.
absl::CivilDay AddMonths(absl::CivilDay day, int n) {
  const absl::CivilMonth month = absl::CivilMonth(day) + n;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month) + (day.day() - 1), last);
}

}  // namespace

std::string Describe(Span span) {
  return absl::StrCat(span.count, " ", NameOf(span.unit), span.count == 1 ? "" : "s");
}

safeguarding::timescales::v1::TimescaleRule ToProto(const TimescaleRule& rule) {
  safeguarding::timescales::v1::TimescaleRule proto;
  proto.set_rule(rule.id);
  proto.set_title(rule.title);
  proto.set_starts_at(rule.starts_at);
  proto.set_due_after(Describe(rule.due_after));
  proto.set_source(rule.source);
  return proto;
}

absl::Time DueAt(absl::Time start, Span span, const WorkingDayCalendar& calendar) {
  const absl::CivilDay day = LondonDay(start);
  switch (span.unit) {
    case Span::Unit::kHours:
      break;
    case Span::Unit::kDays:
      return EndOfDay(day + span.count);
    case Span::Unit::kWorkingDays:
      return EndOfDay(calendar.Add(day, span.count));
    case Span::Unit::kMonths:
      return EndOfDay(AddMonths(day, span.count));
  }
  return start + absl::Hours(span.count);
}

absl::CivilDay LastDayOf(absl::Time due) { return LondonDay(due - absl::Microseconds(1)); }

}  // namespace lscp
