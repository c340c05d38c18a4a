#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gateway/method_table.h"

namespace lscp::gateway {

// Keeps retries a small part of the calls to an upstream, so that they cannot make an outage worse.
// Thread-safe.
class RetryBudget {
 public:
  // A call succeeded: a tenth of a retry is earned, up to kMost.
  void Earn();
  // Takes a retry; false when there is none left.
  bool Spend();

 private:
  static constexpr double kMost = 50;
  std::mutex mutex_;
  double retries_ = kMost;
};

// What matters for another attempt.
struct Attempt {
  int made = 1;  // attempts so far
  absl::StatusCode code = absl::StatusCode::kOk;
  absl::Time deadline = absl::InfiniteFuture();
  absl::Time now;
};

// How long to wait before the call is made again; nothing when it may not be: only UNAVAILABLE,
// only what the contract says may be repeated, while attempts, time and budget last. `random` gives
// a number in [0, 1). Exponential back-off with full jitter, at least 1 ms.
std::optional<absl::Duration> RetryDelay(const Method& method, int max_attempts,
                                         const Attempt& attempt, RetryBudget& budget,
                                         const std::function<double()>& random);

}  // namespace lscp::gateway
