#pragma once

#include <string>

#include "absl/status/status.h"

namespace lscp {

// Tells whoever waits for `file` which port was bound. The file appears whole or not at all. Does
// nothing when `file` is empty. FAILED_PRECONDITION when it cannot be written.
absl::Status WritePortFile(const std::string& file, int port);

}  // namespace lscp
