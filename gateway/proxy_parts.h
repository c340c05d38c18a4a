#pragma once

#include "gateway/decision.h"
#include "gateway/gateway_metrics.h"
#include "gateway/routes.h"
#include "gateway/upstreams.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

class OpenWatches;

// What a call on its way through needs. All outlive every call.
struct ProxyParts {
  const safeguarding::config::v1::GatewayConfig& config;
  const RouteTable& routes;
  const Upstreams& upstreams;
  Decider& decider;
  GatewayMetrics& metrics;
  OpenWatches& watches;
};

}  // namespace lscp::gateway
