#pragma once

#include <string>

#include "google/protobuf/message.h"

namespace lscp {

// The message as one line of text for a log. Fields whose data class is personal or special
// category (options.proto) show that they are set and nothing else, whatever their type. Unknown
// fields and the content of google.protobuf.Any are left out, since nobody can say how sensitive
// they are. Fields without a class are shown: the contract declares them not to be personal.
// Thread-safe.
std::string RedactedDebugString(const google::protobuf::Message& message);

}  // namespace lscp
