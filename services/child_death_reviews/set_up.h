#pragma once

#include "absl/status/status.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Registers everything that the service serves. Errors: the settings file's.
absl::Status SetUpChildDeathReviews(ServiceContext& context);

}  // namespace lscp::child_death_reviews
