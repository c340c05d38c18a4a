#pragma once

#include "absl/time/time.h"

namespace lscp {

// Where the present comes from. Injected, so that rules about time can be tested. Implementations
// are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock, in microseconds: what the database stores and gives back unchanged.
class SystemClock : public Clock {
 public:
  absl::Time Now() const override;
};

}  // namespace lscp
