#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"

namespace lscp {

// The flags that every process of the suite has.
struct Flags {
  std::string config_file;  // --config FILE
  bool migrate = false;     // --migrate: bring the schema up to date and exit
};

// Reads the flags and runs `body`; its error is logged. Result: the exit code: 0, 1 for an error of
// body, 2 for wrong flags.
int RunMain(int argc, char** argv, const char* name,
            const std::function<absl::Status(const Flags&)>& body);

}  // namespace lscp
