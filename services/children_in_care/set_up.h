#pragma once

#include "absl/status/status.h"
#include "common/lifecycle/service.h"

namespace lscp::children_in_care {

// Registers everything that the service serves. Errors: the settings file's.
absl::Status SetUpChildrenInCare(ServiceContext& context);

}  // namespace lscp::children_in_care
