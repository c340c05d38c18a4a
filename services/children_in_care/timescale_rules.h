#pragma once

#include <vector>

#include "children_in_care/settings.h"
#include "common/timescales/rule.h"

// The deadlines of the service. No SQL, no gRPC, no clock.
namespace lscp::children_in_care {

// All rules as they hold in a borough. Each resource adds its own, from its header.
std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough& borough);

}  // namespace lscp::children_in_care
