#pragma once

#include <algorithm>
#include <random>

#include "absl/time/time.h"

namespace lscp {

// How long to wait after each failure in a row: twice as long each time up to a limit, and between
// half and all of that, so that those who failed together do not come back together. Not
// thread-safe.
class BackOff {
 public:
  BackOff(absl::Duration first, absl::Duration longest)
      : first_(first), longest_(longest), next_(first) {}

  absl::Duration Next() {
    const absl::Duration limit = next_;
    next_ = std::min(2 * next_, longest_);
    return limit * std::uniform_real_distribution<double>(0.5, 1)(random_);
  }
  void Reset() { next_ = first_; }

 private:
  const absl::Duration first_;
  const absl::Duration longest_;
  absl::Duration next_;
  std::minstd_rand random_{std::random_device()()};
};

}  // namespace lscp
