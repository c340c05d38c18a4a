#include "referrals/timescale_rules.h"

#include "common/time/calendar.h"
#include "referrals/assessment.h"
#include "referrals/referral.h"

namespace lscp::referrals {
namespace {

Span UnratedHours(const Settings::Borough& borough) {
  return Hours(static_cast<int>(borough.decision_hours().unrated()));
}

}  // namespace

std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough& borough) {
  // clang-format off
  return {
      // id                     title                      starts at          due after
      {kContactAcknowledgement, "Contact acknowledged",    "contact arrived", Hours(static_cast<int>(borough.acknowledgement_hours())),
       "Working Together to Safeguard Children: one working day; hours are the borough's"},
      {kContactDecision,        "Contact decided",         "contact arrived", UnratedHours(borough),
       "Working Together to Safeguard Children: one working day; hours are the borough's, by rating"},
      {kContactFeedback,        "Sender told the outcome", "contact decided", WorkingDays(1),
       "Keeping children safe in education: the referrer is told the outcome; the day is a local default"},
      {kAgencyCheckAnswer,      "Agency check answered",   "agency asked",    UnratedHours(borough),
       "Set with each request; else the time by which the contact must be decided"},
      kReferralDecision,
      kAssessmentComplete,
  };
  // clang-format on
}

timescales::NewClock ClockOf(const Settings::Borough& borough, std::string_view rule,
                             const std::string& subject, absl::Time start) {
  for (const TimescaleRule& candidate : TimescaleRulesOf(borough)) {
    if (candidate.id != rule) continue;
    return {subject, candidate.id, start, DueAt(start, candidate.due_after, WorkingDayCalendar())};
  }
  return {subject, std::string(rule), start, start};  // not one of ours: due at once, to be seen
}

}  // namespace lscp::referrals
