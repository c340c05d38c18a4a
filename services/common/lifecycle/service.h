#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/config/load.h"
#include "common/db/migration.h"
#include "common/events/sink.h"
#include "common/indicators/indicator.h"
#include "common/journal/chore.h"
#include "common/rpc/methods.h"
#include "common/time/clock.h"
#include "common/timescales/rule.h"
#include "common/validate/validator.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// What distinguishes one service from another before it starts.
struct ServiceDefinition {
  const char* name;  // "referrals": its name in configuration, logs and `lscp-service`
  std::span<const db::Migration> migrations;
};

// What a service sets itself up with. Everything lives until the process ends.
class ServiceContext {
 public:
  ServiceContext(const safeguarding::config::v1::ServiceConfig* config, const Clock* clock)
      : config_(config), clock_(clock) {}

  const safeguarding::config::v1::ServiceConfig& config() const { return *config_; }
  const Clock* clock() const { return clock_; }

  // The service's own settings, from the file that the configuration names.
  template <typename Settings>
  absl::StatusOr<Settings> LoadSettings() const {
    return LoadTextProto<Settings>(config_->settings_file());
  }

  // Where handlers are registered.
  rpc::Methods& methods() { return methods_; }

  // Kinds of identifier with a check of their own, for the option `format`.
  FormatRegistry& formats() { return formats_; }

  // Has other services' events of a type handled (see EventSink); their sender must have this
  // service among its subscribers.
  template <typename Content>
  void OnEvent(std::string type, EventSink::Handler<Content> handler) {
    events_.On<Content>(std::move(type), std::move(handler));
  }
  EventSink& events() { return events_; }

  // The same for events that peers send (Subscriber.peer). They come from outside the stack: the
  // borough of an event's id and of its record is one that the sending agency answers for, the
  // borough of its subject the one of the call; everything else is what the peer says.
  template <typename Content>
  void OnPeerEvent(std::string type, EventSink::Handler<Content> handler) {
    peer_events_.On<Content>(std::move(type), std::move(handler));
  }
  EventSink& peer_events() { return peer_events_; }

  // The rules of the service's timescales, as they hold in a borough.
  using RulesOf = std::function<std::vector<TimescaleRule>(const std::string& borough)>;
  void SetTimescaleRules(RulesOf rules_of) { rules_of_ = std::move(rules_of); }
  const RulesOf& rules_of() const { return rules_of_; }

  // The indicators that the service computes.
  void SetIndicators(std::vector<IndicatorQuery> indicators) {
    indicators_ = std::move(indicators);
  }
  const std::vector<IndicatorQuery>& indicators() const { return indicators_; }

  // What the service does by itself when its time has come.
  void AddChore(Chore chore) { chores_.push_back(std::move(chore)); }
  const std::vector<Chore>& chores() const { return chores_; }

  // Keeps an object for as long as the process serves.
  template <typename Object>
  Object* Keep(std::unique_ptr<Object> object) {
    Object* kept = object.get();
    kept_.push_back(std::shared_ptr<void>(std::move(object)));
    return kept;
  }

 private:
  const safeguarding::config::v1::ServiceConfig* const config_;
  const Clock* const clock_;
  rpc::Methods methods_;
  FormatRegistry formats_;
  EventSink events_;
  EventSink peer_events_;
  RulesOf rules_of_ = [](const std::string&) { return std::vector<TimescaleRule>{}; };
  std::vector<IndicatorQuery> indicators_;
  std::vector<Chore> chores_;
  std::vector<std::shared_ptr<void>> kept_;
};

// The whole of a service's main: reads flags (`--config FILE`, `--migrate`) and configuration, sets
// the service up, serves until SIGTERM, drains. Beside the service's own methods it serves its
// timescales, indicators and audit, takes the events it handles and delivers its own to the
// subscribers that the configuration names. Starts, alive but not ready, when the database is away.
// Result: the exit code (0 drained, 1 could not start, 2 wrong usage).
int RunService(int argc, char** argv, const ServiceDefinition& definition,
               const std::function<absl::Status(ServiceContext&)>& set_up);

}  // namespace lscp
