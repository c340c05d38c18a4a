#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gateway/method_table.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// Until when the service may take: the caller's deadline or the default, no later than the longest
// allowed, less a margin for the way home. The method's own default and maximum go before the
// gateway's. A stream has only the deadline that its caller sets.
// DEADLINE_EXCEEDED (TOO_LATE) when no time is left. `config` has its defaults filled in.
absl::StatusOr<absl::Time> ServiceDeadline(const Method& method,
                                           const safeguarding::config::v1::GatewayConfig& config,
                                           absl::Time callers_deadline, absl::Time now);

}  // namespace lscp::gateway
