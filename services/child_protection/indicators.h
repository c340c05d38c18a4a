#pragma once

#include <vector>

#include "common/indicators/indicator.h"
#include "common/indicators/statement.h"

// What the service counts. A figure about a period does not change once the period is over, but for
// corrections of the records: what happened after it is left out. Children are counted, not
// meetings, unless the indicator says so.
namespace lscp::child_protection {

using Definition = IndicatorDefinition;
using Part = IndicatorPart;
using Statement = IndicatorStatement;

std::vector<IndicatorQuery> ConferenceIndicators();
std::vector<IndicatorQuery> PlanIndicators();
std::vector<IndicatorQuery> VisitIndicators();

// All of them.
std::vector<IndicatorQuery> Indicators();

}  // namespace lscp::child_protection
