#include "gateway/retries.h"

#include <algorithm>

namespace lscp::gateway {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Milliseconds(25);
constexpr absl::Duration kLongestBackoff = absl::Seconds(1);
constexpr absl::Duration kShortestBackoff = absl::Milliseconds(1);

bool MayRepeat(const Method& method) {
  using safeguarding::options::v1::REPEATS_BY_REQUEST_ID;
  using safeguarding::options::v1::REPEATS_FREELY;
  return !method.streams() && (method.rule.repeats() == REPEATS_FREELY ||
                               method.rule.repeats() == REPEATS_BY_REQUEST_ID);
}

}  // namespace

void RetryBudget::Earn() {
  const std::lock_guard lock(mutex_);
  retries_ = std::min(kMost, retries_ + 0.1);
}

bool RetryBudget::Spend() {
  const std::lock_guard lock(mutex_);
  if (retries_ < 1) return false;
  retries_ -= 1;
  return true;
}

std::optional<absl::Duration> RetryDelay(const Method& method, int max_attempts,
                                         const Attempt& attempt, RetryBudget& budget,
                                         const std::function<double()>& random) {
  if (attempt.code != absl::StatusCode::kUnavailable || !MayRepeat(method)) return std::nullopt;
  if (attempt.made >= max_attempts) return std::nullopt;
  const absl::Duration most =
      std::min(kLongestBackoff, kFirstBackoff * (1 << std::min(attempt.made - 1, 10)));
  const absl::Duration delay = std::max(kShortestBackoff, most * random());
  if (attempt.now + delay >= attempt.deadline) return std::nullopt;
  if (!budget.Spend()) return std::nullopt;
  return delay;
}

}  // namespace lscp::gateway
