#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/connection.h"
#include "common/events/relay.h"
#include "common/journal/feed.h"
#include "common/observe/metrics.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// The relays of a service, one for each subscriber in its configuration, with their metrics:
// lscp_event_relay_{delivering,stuck,lag_positions,lag_seconds,delivered_total,failures_total}
// {subscriber}.
class EventRelays {
 public:
  // `service` is the sender's name. All pointers must outlive this. FAILED_PRECONDITION when a
  // certificate cannot be read.
  static absl::StatusOr<std::unique_ptr<EventRelays>> Start(
      const std::string& service, const safeguarding::config::v1::ServiceConfig& config,
      const db::Database* database, Feed* feed, Metrics* metrics);

  // Stops all of them, at the same time, and waits.
  void Stop();

 private:
  EventRelays() = default;

  std::vector<std::unique_ptr<Relay>> relays_;
};

}  // namespace lscp
