#pragma once

#include <vector>

#include "absl/time/time.h"
#include "common/status/error.h"
#include "common/validate/plan.h"
#include "google/protobuf/message.h"

namespace lscp {

// What Validator::Check does once it has the plan of the message's type. Thread-safe.
std::vector<FieldViolation> CheckMessage(const google::protobuf::Message& message,
                                         const MessagePlan& plan, absl::Time now);

}  // namespace lscp
