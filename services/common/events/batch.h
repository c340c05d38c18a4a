#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/journal/feed.h"
#include "safeguarding/config/v1/config.pb.h"
#include "safeguarding/events/v1/event_sink_service.pb.h"

namespace lscp {

// The entry is an event that the subscriber wants. One whose content has been erased is none any
// more: its retention ended, for everybody. An event about a subject in another borough than its
// record's is addressed to that borough: peers who serve it want it, and nobody else does.
bool Wants(const safeguarding::config::v1::Subscriber& subscriber, const FeedEntry& entry);

// What is delivered in one call: events of one borough, or to one, in the order of the feed.
struct EventBatch {
  safeguarding::events::v1::DeliverRequest request;  // without events: nobody wants any of them
  int64_t through = 0;  // position up to which everything is delivered with it
  absl::Time oldest;    // when its first event happened
};

inline constexpr size_t kMostEventsPerBatch = 100;
// Far below what a server takes in one message.
inline constexpr size_t kMostBytesPerBatch = 1u << 20;

// The next batch from `entries`, of which there is one at least: as many events as fit, `most` at
// most, one at least if any is wanted. `service` is the sender's name. The request_id is a digest
// of the rest, so a delivery that is repeated is the same request, and one that isn't is not.
EventBatch NextBatch(const std::string& service,
                     const safeguarding::config::v1::Subscriber& subscriber,
                     const std::vector<FeedEntry>& entries, size_t most = kMostEventsPerBatch);

}  // namespace lscp
