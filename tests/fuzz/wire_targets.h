#pragma once

#include "tests/fuzz/targets.h"

namespace lscp::fuzz {

// What the gateway takes from any connection: the bytes of HTTP/2, gRPC's words and its messages.
Target Http2Target();
Target GrpcMessagesTarget();
Target GrpcWordsTarget();

}  // namespace lscp::fuzz
