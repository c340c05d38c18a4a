#pragma once

#include "absl/status/statusor.h"
#include "gateway/admission.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// Verifies the tokens of the issuers that the configuration names; each only for the agencies that
// it may speak for. Without an issuer every token is refused. FAILED_PRECONDITION when a key file
// cannot be read.
absl::StatusOr<VerifyToken> MakeTokenVerifier(
    const safeguarding::config::v1::GatewayConfig& config);

}  // namespace lscp::gateway
