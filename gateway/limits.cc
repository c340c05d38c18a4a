#include "gateway/limits.h"

#include <algorithm>

#include "common/status/error.h"

namespace lscp::gateway {

absl::Status RateLimit::Take(const std::string& agency, absl::Time now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = buckets_.try_emplace(agency, Bucket{burst_, now}).first->second;
  // The clock of another thread may be a little behind.
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.tokens = std::min(burst_, bucket.tokens + seconds * rate_);
  bucket.filled = std::max(bucket.filled, now);
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return absl::OkStatus();
  }
  return WithRetryAfter(
      Error(absl::StatusCode::kResourceExhausted, reason::ERROR_REASON_RATE_LIMITED,
            "the agency makes more calls than it may"),
      absl::Seconds((1 - bucket.tokens) / rate_));
}

absl::StatusOr<InFlightLimit::Slot> InFlightLimit::Enter() {
  Slot slot(this);
  if (in_flight_.fetch_add(1, std::memory_order_relaxed) < most_) return slot;
  return WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, reason::ERROR_REASON_OVERLOADED,
                              "the gateway has as many calls under way as it can take"),
                        absl::Milliseconds(200));
}

}  // namespace lscp::gateway
