#pragma once

#include "absl/status/status.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Loads the settings, makes the handlers and registers every method and every event.
// INVALID_ARGUMENT when the settings are wrong.
absl::Status SetUpChildProtection(ServiceContext& context);

}  // namespace lscp::child_protection
