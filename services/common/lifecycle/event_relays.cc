#include "common/lifecycle/event_relays.h"

#include <unistd.h>

#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/event_channel.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

std::function<void(const Relay::Progress&)> Recorder(const std::string& subscriber,
                                                     Metrics& metrics) {
  const prometheus::Labels labels = {{"subscriber", subscriber}};
  auto& delivering = metrics.Gauge("lscp_event_relay_delivering",
                                   "1 while this process delivers to the subscriber.", labels);
  auto& stuck = metrics.Gauge("lscp_event_relay_stuck",
                              "1 while the subscriber refuses an event that it must take before "
                              "the others: somebody has to act.",
                              labels);
  auto& positions = metrics.Gauge("lscp_event_relay_lag_positions",
                                  "Positions of the journal not yet delivered.", labels);
  auto& seconds = metrics.Gauge("lscp_event_relay_lag_seconds",
                                "Age of the oldest event not yet delivered.", labels);
  auto& delivered = metrics.Counter("lscp_event_relay_delivered_total",
                                    "Events that the subscriber has taken.", labels);
  auto& failures =
      metrics.Counter("lscp_event_relay_failures_total",
                      "Deliveries, and accesses to the database for them, that failed.", labels);
  return [&delivering, &stuck, &positions, &seconds, &delivered,
          &failures](const Relay::Progress& progress) {
    delivering.Set(progress.delivering ? 1 : 0);
    stuck.Set(progress.stuck ? 1 : 0);
    positions.Set(static_cast<double>(progress.lag_positions));
    seconds.Set(absl::ToDoubleSeconds(progress.lag));
    delivered.Increment(static_cast<double>(progress.delivered));
    if (!progress.failure.ok()) failures.Increment();
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<EventRelays>> EventRelays::Start(
    const std::string& service, const safeguarding::config::v1::ServiceConfig& config,
    const db::Database* database, Feed* feed, Metrics* metrics) {
  auto relays = std::unique_ptr<EventRelays>(new EventRelays);
  for (const auto& subscriber : config.subscribers()) {
    ASSIGN_OR_RETURN(auto channel,
                     rpc::OpenEventChannel(service, subscriber, config.server().tls()));
    relays->relays_.push_back(
        std::make_unique<Relay>(database, feed, std::move(channel),
                                Relay::Options{.service = service,
                                               .holder = absl::StrCat(service, "-", getpid()),
                                               .subscriber = subscriber},
                                Recorder(subscriber.name(), *metrics)));
  }
  return relays;
}

void EventRelays::Stop() {
  for (const auto& relay : relays_) relay->RequestStop();
  relays_.clear();
}

}  // namespace lscp
