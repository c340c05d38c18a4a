#pragma once

#include <vector>

#include "common/indicators/indicator.h"

// What the service counts. A figure about a period does not change once the period is over, but for
// corrections of the records: what happened after it is left out. Children are counted, not
// meetings, unless the indicator says so.
namespace lscp::child_protection {

std::vector<IndicatorQuery> CareIndicators();
std::vector<IndicatorQuery> ChildInNeedIndicators();
std::vector<IndicatorQuery> ConferenceIndicators();
std::vector<IndicatorQuery> EnquiryIndicators();
std::vector<IndicatorQuery> ExploitationIndicators();
std::vector<IndicatorQuery> MissingIndicators();
std::vector<IndicatorQuery> PlanIndicators();
std::vector<IndicatorQuery> ProceedingIndicators();
std::vector<IndicatorQuery> SeamIndicators();
std::vector<IndicatorQuery> StrategyIndicators();
std::vector<IndicatorQuery> VisitIndicators();
std::vector<IndicatorQuery> VulnerableAdolescentIndicators();

// All of them.
std::vector<IndicatorQuery> Indicators();

}  // namespace lscp::child_protection
