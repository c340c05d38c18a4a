#include "children_in_care/indicators.h"

#include <iterator>
#include <utility>

namespace lscp::children_in_care {

std::vector<IndicatorQuery> Indicators() {
  std::vector<IndicatorQuery> all = ChainIndicators();
  std::vector<IndicatorQuery> duties = DutyIndicators();
  std::move(duties.begin(), duties.end(), std::back_inserter(all));
  return all;
}

}  // namespace lscp::children_in_care
