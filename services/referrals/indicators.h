#pragma once

#include <string>
#include <vector>

#include "common/indicators/indicator.h"
#include "referrals/settings.h"

// What the service counts. A figure about a period does not change once the period is over, but for
// corrections of the records: what happened after it is left out.
namespace lscp::referrals {

std::vector<IndicatorQuery> ContactIndicators();
// Rates are of the children who live in `boroughs`, as the settings say.
std::vector<IndicatorQuery> ReferralIndicators(const Settings& settings,
                                               const std::vector<std::string>& boroughs);
std::vector<IndicatorQuery> AssessmentIndicators();

// All of them.
std::vector<IndicatorQuery> Indicators(const Settings& settings,
                                       const std::vector<std::string>& boroughs);

}  // namespace lscp::referrals
