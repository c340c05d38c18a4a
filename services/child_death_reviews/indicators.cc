#include "child_death_reviews/indicators.h"

#include <iterator>
#include <utility>

namespace lscp::child_death_reviews {

std::vector<IndicatorQuery> Indicators() {
  std::vector<IndicatorQuery> all;
  for (auto part : {DeathIndicators, LearningIndicators, TimelinessIndicators}) {
    std::vector<IndicatorQuery> more = part();
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace lscp::child_death_reviews
