#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// INVALID_ARGUMENT listing everything that is wrong with the configuration, by field, so that it is
// put right in one go. Looks at no file and no network: what they hold is found out by their users.
absl::Status CheckServiceConfig(const safeguarding::config::v1::ServiceConfig& service);
absl::Status CheckGatewayConfig(const safeguarding::config::v1::GatewayConfig& gateway);

// Id of a borough, service or agency: lower-case letters, digits and inner hyphens, at most 63.
bool IsConfigId(std::string_view text);

}  // namespace lscp
