#include "child_protection/indicators.h"

#include <iterator>
#include <utility>

namespace lscp::child_protection {

std::vector<IndicatorQuery> Indicators() {
  std::vector<IndicatorQuery> all;
  for (auto part :
       {StrategyIndicators, EnquiryIndicators, ConferenceIndicators, PlanIndicators,
        VisitIndicators, ChildInNeedIndicators, ProceedingIndicators, MissingIndicators,
        CareIndicators, ExploitationIndicators, SeamIndicators, VulnerableAdolescentIndicators}) {
    std::vector<IndicatorQuery> more = part();
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace lscp::child_protection
