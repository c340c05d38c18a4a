#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/timescales/rule.h"
#include "common/timescales/store.h"
#include "referrals/settings.h"

// The deadlines of the service. No SQL, no gRPC, no clock.
namespace lscp::referrals {

inline constexpr char kContactAcknowledgement[] = "contact_acknowledgement";
inline constexpr char kContactDecision[] = "contact_decision";
inline constexpr char kContactFeedback[] = "contact_feedback";
inline constexpr char kAgencyCheckAnswer[] = "agency_check_answer";

// All rules as they hold in a borough.
std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough& borough);

// A clock of one of these rules for a record, started at `start` and due as the rule says.
timescales::NewClock ClockOf(const Settings::Borough& borough, std::string_view rule,
                             const std::string& subject, absl::Time start);

}  // namespace lscp::referrals
