#pragma once

#include "absl/status/statusor.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// The configuration with every default filled in. INVALID_ARGUMENT naming the first field that is
// missing or contradicts another.
absl::StatusOr<safeguarding::config::v1::GatewayConfig> Complete(
    safeguarding::config::v1::GatewayConfig config);

}  // namespace lscp::gateway
