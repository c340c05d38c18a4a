#include "children_in_care/indicators.h"

namespace lscp::children_in_care {

std::vector<IndicatorQuery> Indicators() { return DutyIndicators(); }

}  // namespace lscp::children_in_care
