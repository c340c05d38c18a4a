#pragma once

#include <vector>

#include "common/indicators/indicator.h"

namespace lscp::children_in_care {

// Who is in care on a day, came and left; under which right, where and how steadily placed. By what
// is recorded of the days, so that a figure as at a past day is of that day. Short breaks are left
// out.
std::vector<IndicatorQuery> ChainIndicators();

}  // namespace lscp::children_in_care
