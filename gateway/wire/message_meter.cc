#include "gateway/wire/message_meter.h"

#include <algorithm>

namespace lscp::gateway::wire {
namespace {

constexpr size_t kPrefix = 5;

}  // namespace

size_t MessageMeter::Feed(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size() && fault_ == Fault::kNone) {
    if (body_left_ > 0) {
      const size_t taken = std::min<size_t>(body_left_, bytes.size() - at);
      at += taken;
      body_left_ -= static_cast<uint32_t>(taken);
      if (body_left_ == 0) ++messages_;
    } else {
      if (bytes.size() - at < kPrefix || !TakePrefix(bytes.substr(at, kPrefix))) break;
      at += kPrefix;
    }
  }
  return at;
}

bool MessageMeter::TakePrefix(std::string_view prefix) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<uint8_t>(prefix[i]));
  };
  const uint32_t length = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
  if (byte(0) > 1) {
    fault_ = Fault::kBadFlag;
  } else if (byte(0) == 1) {
    fault_ = Fault::kCompressed;
  } else if (length > most_bytes_) {
    fault_ = Fault::kTooLarge;
  } else {
    body_left_ = length;
    if (length == 0) ++messages_;
  }
  return fault_ == Fault::kNone;
}

}  // namespace lscp::gateway::wire
