#include "gateway/deadlines.h"

#include <algorithm>

#include "common/status/error.h"

namespace lscp::gateway {

absl::StatusOr<absl::Time> ServiceDeadline(const Method& method,
                                           const safeguarding::config::v1::GatewayConfig& config,
                                           absl::Time callers_deadline, absl::Time now) {
  const auto first_set = [](uint32_t of_method, uint32_t of_gateway) {
    return absl::Milliseconds(of_method ? of_method : of_gateway);
  };
  absl::Time deadline = callers_deadline;
  if (!method.streams()) {
    if (deadline == absl::InfiniteFuture()) {
      deadline = now + first_set(method.rule.default_deadline_ms(), config.default_deadline_ms());
    }
    deadline = std::min(deadline,
                        now + first_set(method.rule.max_deadline_ms(), config.max_deadline_ms()));
  }
  deadline -= absl::Milliseconds(config.deadline_margin_ms());
  if (deadline > now) return deadline;
  return Error(absl::StatusCode::kDeadlineExceeded, reason::ERROR_REASON_TOO_LATE,
               "the deadline leaves no time for the call");
}

}  // namespace lscp::gateway
