#include "child_protection/indicators.h"

#include <iterator>
#include <utility>

namespace lscp::child_protection {

std::vector<IndicatorQuery> Indicators() {
  std::vector<IndicatorQuery> all = ConferenceIndicators();
  for (auto part : {PlanIndicators, VisitIndicators}) {
    std::vector<IndicatorQuery> more = part();
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace lscp::child_protection
