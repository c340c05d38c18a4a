#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "child_death_reviews/settings.h"
#include "common/timescales/rule.h"
#include "common/timescales/store.h"

// The deadlines of the service. No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

// All rules as they hold in a borough. Each resource adds its own, from its header.
std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough& borough);

// A clock of a rule for a record, started at `start` and due as the rule says.
timescales::NewClock ClockOf(const TimescaleRule& rule, const std::string& subject,
                             absl::Time start, const std::string& owner = "");

}  // namespace lscp::child_death_reviews
