#pragma once

#include <string>

#include "absl/time/time.h"

namespace lscp {

// A new opaque id for a resource: 26 lower-case characters fit for a resource name, unique for all
// practical purposes, and growing with time so that rows written together lie together.
std::string NewId(absl::Time now);

}  // namespace lscp
