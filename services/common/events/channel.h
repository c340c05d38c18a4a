#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "safeguarding/events/v1/event_sink_service.pb.h"

namespace lscp {

// The way to a subscriber.
class EventChannel {
 public:
  virtual ~EventChannel() = default;

  // Hands events over, waiting until `deadline` at most. OK: the subscriber has taken them, all,
  // durably. Any error: it may have taken them or not. Called by one thread.
  virtual absl::Status Deliver(const safeguarding::events::v1::DeliverRequest& request,
                               absl::Time deadline) = 0;

  // Breaks off the delivery under way; it and all later ones fail at once. Called by any thread.
  virtual void Cancel() = 0;
};

}  // namespace lscp
