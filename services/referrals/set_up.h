#pragma once

#include "absl/status/status.h"
#include "common/lifecycle/service.h"

namespace lscp::referrals {

// Loads the settings, makes the handlers and registers every method. INVALID_ARGUMENT when the
// settings are wrong.
absl::Status SetUpReferrals(ServiceContext& context);

}  // namespace lscp::referrals
