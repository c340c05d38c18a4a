#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lscp::gateway::wire {

// Follows gRPC's messages (a flag, four bytes of length, the message) through a stream of bytes
// without keeping any, so that one that is too large is seen before its first byte is passed on.
class MessageMeter {
 public:
  enum class Fault { kNone, kTooLarge, kCompressed, kBadFlag };

  explicit MessageMeter(uint32_t most_bytes) : most_bytes_(most_bytes) {}

  // How many bytes may be passed on. The rest was not looked at: the beginning of a prefix, to be
  // given again with what follows it, or all from a message that is at fault.
  size_t Feed(std::string_view bytes);

  Fault fault() const { return fault_; }
  // Everything passed on so far is whole messages.
  bool at_boundary() const { return body_left_ == 0; }
  // Whole messages so far.
  uint64_t messages() const { return messages_; }

 private:
  bool TakePrefix(std::string_view prefix);

  const uint32_t most_bytes_;
  uint32_t body_left_ = 0;
  uint64_t messages_ = 0;
  Fault fault_ = Fault::kNone;
};

}  // namespace lscp::gateway::wire
