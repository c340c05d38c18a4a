#include "children_in_care/timescale_rules.h"

#include "children_in_care/care_clocks.h"

namespace lscp::children_in_care {

std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough&) { return CareRules(); }

}  // namespace lscp::children_in_care
