#pragma once

#include <vector>

#include "common/indicators/indicator.h"

// What the service counts. A figure about a period does not change once the period is over, but for
// corrections of the records: what happened after it is left out.
namespace lscp::children_in_care {

// Who is in care on a day, came and left; by which right, where and how steadily placed. By what is
// recorded of the days, so that a figure as at a past day is of that day. Short breaks are left
// out.
std::vector<IndicatorQuery> ChainIndicators();

// Health assessments, reviews and visits in time, how children took part, and who was seen alone.
std::vector<IndicatorQuery> DutyIndicators();

// All of them.
std::vector<IndicatorQuery> Indicators();

}  // namespace lscp::children_in_care
