#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace lscp {

// The value at a dotted path of singular fields, as a method's option `scope` gives it: "parent",
// "child.name". Errors: INVALID_ARGUMENT naming the field when it is empty or on the way to it a
// message is unset; INTERNAL when the request's type has no such string field. Thread-safe.
absl::StatusOr<std::string> ScopeOf(const google::protobuf::Message& message,
                                    const std::string& path);

}  // namespace lscp
