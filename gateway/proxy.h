#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/lifecycle/periodic.h"
#include "gateway/worker.h"

namespace lscp::gateway {

// The data path: callers' connections on a few loops, and calls on their way through. Thread-safe.
class Proxy {
 public:
  // Listens and serves. `config` has its defaults filled in; all must outlive this.
  // FAILED_PRECONDITION when the address is taken or a certificate cannot be used,
  // INVALID_ARGUMENT when a route's target is none.
  static absl::StatusOr<std::unique_ptr<Proxy>> Start(
      const safeguarding::config::v1::GatewayConfig& config, const MethodTable& methods,
      const RouteTable& routes, Decider& decider, GatewayMetrics& metrics, LocalServices& local);
  ~Proxy();

  int port() const { return port_; }
  // One of the backends of a route at least is connected and says it is serving.
  bool Ready(size_t route) const;

  // Takes no new calls, tells watches to go, lets the others finish until `deadline` and ends what
  // is left then.
  void Shutdown(absl::Time deadline);

 private:
  Proxy(const safeguarding::config::v1::GatewayConfig& config, const MethodTable& methods,
        const RouteTable& routes, Decider& decider, GatewayMetrics& metrics, LocalServices& local);
  absl::Status SetUp();
  void Listen(wire::Fd fd);
  void Accept(wire::Fd fd);
  void ResolveAll();
  void TryEverywhere(size_t upstream);

  const safeguarding::config::v1::GatewayConfig& config_;
  const RouteTable& routes_;
  Upstreams upstreams_;
  ProxyParts parts_;
  int port_ = 0;
  std::unique_ptr<wire::TlsFiles> server_tls_;
  std::unique_ptr<wire::TlsFiles> upstream_tls_;
  wire::OpenConnections open_;
  std::vector<std::unique_ptr<Worker>> workers_;
  size_t next_worker_ = 0;
  std::unique_ptr<wire::Listener> listener_;  // on the first worker's loop
  std::unique_ptr<Periodic> certificates_;
  std::unique_ptr<Periodic> names_;
};

}  // namespace lscp::gateway
