#pragma once

#include <vector>

#include "common/indicators/indicator.h"

// What the service counts. A death that was ruled out, handed over to another area or merged into
// another review is not counted.
namespace lscp::child_death_reviews {

std::vector<IndicatorQuery> DeathIndicators();
// Recommendations and serious incidents.
std::vector<IndicatorQuery> LearningIndicators();
// Clocks that were to be met.
std::vector<IndicatorQuery> TimelinessIndicators();

// All of them.
std::vector<IndicatorQuery> Indicators();

}  // namespace lscp::child_death_reviews
