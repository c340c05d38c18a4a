#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lscp::gateway {

// How many calls an agency may make in a second (a token bucket that holds two seconds' worth). One
// bucket for each name, so names come from a bounded set. Thread-safe.
class RateLimit {
 public:
  explicit RateLimit(double calls_per_second) : rate_(calls_per_second), burst_(2 * rate_) {}

  // Takes one call of the agency, or RESOURCE_EXHAUSTED (RATE_LIMITED) saying when to come back.
  absl::Status Take(const std::string& agency, absl::Time now);

 private:
  struct Bucket {
    double tokens;
    absl::Time filled;
  };
  const double rate_;
  const double burst_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

// How many calls may be under way. Thread-safe; must outlive its slots.
class InFlightLimit {
 public:
  // A place, given back when it is destroyed. Moves.
  class Slot {
   public:
    Slot() = default;
    explicit Slot(InFlightLimit* limit) : limit_(limit) {}
    Slot(Slot&& other) noexcept : limit_(std::exchange(other.limit_, nullptr)) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(limit_, other.limit_);
      return *this;
    }
    ~Slot() {
      if (limit_) limit_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    InFlightLimit* limit_ = nullptr;
  };

  explicit InFlightLimit(int most) : most_(most) {}

  // RESOURCE_EXHAUSTED (OVERLOADED) with RetryInfo when all places are taken.
  absl::StatusOr<Slot> Enter();
  int in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

 private:
  const int most_;
  std::atomic<int> in_flight_ = 0;
};

}  // namespace lscp::gateway
