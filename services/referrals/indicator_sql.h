#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/indicators/statement.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"

// What this service's indicators share. All functions are thread-safe.
namespace lscp::referrals {

namespace indicators = safeguarding::indicators::v1;
using Definition = indicators::IndicatorDefinition;

using Part = IndicatorPart;
using Statement = IndicatorStatement;

// SQL for the name of a referral source, and of its group, in a column that holds the census's
// code; NULL for none.
std::string SourceSql(std::string_view column);
std::string SourceGroupSql(std::string_view column);

}  // namespace lscp::referrals
