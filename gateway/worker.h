#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "gateway/decision.h"
#include "gateway/gateway_metrics.h"
#include "gateway/local_services.h"
#include "gateway/upstreams.h"
#include "gateway/wire/door.h"
#include "gateway/wire/loop.h"
#include "gateway/wire/pool.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

class Call;

// What a call on its way through needs. All outlive every call.
struct ProxyParts {
  const safeguarding::config::v1::GatewayConfig& config;
  const MethodTable& methods;
  const RouteTable& routes;
  const Upstreams& upstreams;
  Decider& decider;
  GatewayMetrics& metrics;
  LocalServices& local;
  uint32_t max_message_bytes;
};

// One loop, with everything that lives on it: callers' connections, the calls on them, and
// connections to every upstream.
class Worker {
 public:
  // `parts` and `open` must outlive this.
  Worker(const ProxyParts& parts, wire::OpenConnections& open);
  ~Worker();

  wire::Loop& loop() { return loop_; }

  // From here on: on the loop's thread, or after it has stopped.
  wire::Door& door() { return door_; }
  // The connections to an upstream, and to what the gateway itself answers.
  wire::Pool& pool(size_t upstream) { return *pools_[upstream]; }
  wire::Pool& local() { return local_; }

  // The streams that end only when somebody ends them. A draining gateway tells them to go, so that
  // it does not wait for them and their callers connect elsewhere. False: the stream must not
  // start.
  bool AddWatch(Call& call);
  void RemoveWatch(Call& call) { watches_.erase(&call); }
  void EndWatches();

 private:
  wire::Loop loop_;
  std::vector<std::unique_ptr<wire::Pool>> pools_;
  wire::Pool local_;
  bool watches_ended_ = false;
  std::set<Call*> watches_;
  wire::Door door_;
};

}  // namespace lscp::gateway
