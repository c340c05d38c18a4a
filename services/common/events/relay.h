#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "common/events/channel.h"
#include "common/journal/feed.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// Delivers this service's events to one subscriber, in the order of the journal, each at least
// once. Any number of processes may run one for the same subscriber; the holder of its lease
// delivers, the others wait to take over. What is delivered is remembered in event_progress, in the
// transaction that renews the lease; so whoever dies when, the next one goes on where the last
// transaction ended, and delivers again what was delivered since.
class Relay {
 public:
  // What monitoring wants to know.
  struct Progress {
    bool delivering = false;  // holds the lease
    // The subscriber refuses an event for a reason that waiting does not cure. Nothing overtakes
    // it.
    bool stuck = false;
    int64_t lag_positions = 0;                  // of the journal, wanted or not
    absl::Duration lag = absl::ZeroDuration();  // age of the oldest event not delivered yet
    int64_t delivered = 0;                      // events, by this step
    // How this step failed: on the way to the database, or of the delivery.
    absl::Status failure;
  };

  struct Options {
    std::string service;  // the sender's name, in the events' ids
    std::string holder;   // this process, in the lease
    safeguarding::config::v1::Subscriber subscriber;
    // Only tests need others than these. How long after its holder died another takes over; a
    // delivery must be shorter than half of it.
    absl::Duration lease = absl::Seconds(24);
    absl::Duration longest_delivery = absl::Seconds(10);
    absl::Duration first_delay = absl::Milliseconds(100);
    absl::Duration longest_delay = absl::Seconds(30);
  };

  // Starts the thread. `on_step` (may be null) is called on it, quickly, after each step that did
  // something and every few seconds. `database` and `feed` must outlive this. Nothing is an error:
  // while the database or the subscriber is away it keeps trying.
  Relay(const db::Database* database, Feed* feed, std::unique_ptr<EventChannel> channel,
        Options options, std::function<void(const Progress&)> on_step);
  // Breaks off a delivery under way, which will be made again, and releases the lease.
  ~Relay();

  // Begins to stop and does not wait, so that several can stop at the same time.
  void RequestStop();

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace lscp
