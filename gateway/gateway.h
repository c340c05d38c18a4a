#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/lifecycle/periodic.h"
#include "common/observe/metrics.h"
#include "gateway/proxy.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// The gateway: one door in front of the services of the suite. Thread-safe.
class Gateway {
 public:
  // Reads policy, descriptor set, keys and certificates, and starts serving. Services need not be
  // there yet. `metrics` must outlive the gateway. Errors say what is wrong with the configuration
  // or its files.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(
      safeguarding::config::v1::GatewayConfig config, Metrics& metrics);
  ~Gateway();

  int port() const { return proxy_->port(); }

  // Says NOT_SERVING to health checks, so that load balancers go elsewhere. Calls are still taken.
  void StopServing();

  // Takes no new calls, tells watches to go, lets the others finish until `deadline`.
  void Shutdown(absl::Time deadline);

 private:
  Gateway(safeguarding::config::v1::GatewayConfig config, Metrics& metrics);
  absl::Status SetUp();

  void SetGauges();
  void UpdateHealth();

  const safeguarding::config::v1::GatewayConfig config_;
  Metrics& metrics_;
  std::unique_ptr<const MethodTable> methods_;
  std::unique_ptr<const RouteTable> routes_;
  std::unique_ptr<PolicySource> policy_;
  std::unique_ptr<GatewayMetrics> gateway_metrics_;
  std::unique_ptr<Decider> decider_;
  std::unique_ptr<LocalServices> local_;
  std::unique_ptr<Proxy> proxy_;
  std::unique_ptr<Metrics::ScrapeHook> scrape_hook_;

  std::mutex mutex_;  // held while health is set
  bool serving_ = true;
  std::unique_ptr<Periodic> upkeep_;  // health and policy
};

// The whole of main: flags (`--config FILE`), the gateway, SIGTERM, drain. Result: the exit code (0
// drained, 1 could not start, 2 wrong usage).
int RunGateway(int argc, char** argv);

}  // namespace lscp::gateway
