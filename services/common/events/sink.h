#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/journal/transaction.h"
#include "common/status/error.h"
#include "google/protobuf/any.pb.h"
#include "safeguarding/events/v1/event_sink_service.pb.h"

namespace lscp {

// An event of another service, as it was delivered.
using DeliveredEvent = safeguarding::events::v1::Event;

// Takes other services' events: the handler of EventSinkService. Register all handlers before the
// first delivery; then it is thread-safe.
class EventSink {
 public:
  // What a service does about an event. It runs in the transaction that remembers the event, after
  // the handlers of the events before it, so what it changes there happens exactly once; it must
  // have no other effects. Any error refuses the whole delivery: UNAVAILABLE and the like make the
  // sender try again, all others also raise its alarm, because it cannot go on without this event.
  template <typename Content>
  using Handler = std::function<absl::Status(const DeliveredEvent&, const Content&, Transaction&)>;

  // Calls `handler` for every event of this type. Handlers of one type run in the order in which
  // they were registered.
  template <typename Content>
  void On(std::string type, Handler<Content> handler) {
    handlers_[std::move(type)].push_back(
        [handler = std::move(handler)](const DeliveredEvent& event, Transaction& transaction) {
          Content content;
          if (!event.content().UnpackTo(&content)) {
            return InvalidField("events.content", "is not what events of this type hold");
          }
          return handler(event, content, transaction);
        });
  }

  // Some handler was registered.
  bool subscribed() const { return !handlers_.empty(); }

  // Remembers the events that are new and handles them, in order. Each of them is a resource of the
  // journal, "boroughs/{borough}/events/{id}", whose payload is the event without its content. An
  // event of a type that nobody handles, of a newer sender perhaps, is passed over without a trace.
  // Errors: INVALID_ARGUMENT for a content of the wrong type; the handlers'; the database's.
  absl::StatusOr<safeguarding::events::v1::DeliverResponse> Deliver(
      const safeguarding::events::v1::DeliverRequest& request, Transaction& transaction);

 private:
  using AnyHandler = std::function<absl::Status(const DeliveredEvent&, Transaction&)>;

  absl::Status Handle(const DeliveredEvent& event, Transaction& transaction) const;

  std::map<std::string, std::vector<AnyHandler>> handlers_;
};

}  // namespace lscp
