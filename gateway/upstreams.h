#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/retries.h"
#include "gateway/routes.h"
#include "gateway/wire/address.h"
#include "gateway/wire/pool.h"
#include "gateway/wire/tls.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// Where a route leads, as all loops share it. Thread-safe.
class Upstream {
 public:
  using Backends = std::vector<std::pair<std::string, wire::Connector>>;

  // `tls` must outlive this and what it hands out.
  Upstream(wire::Place place, std::string name, const wire::TlsFiles& tls)
      : place_(std::move(place)), name_(std::move(name)), tls_(tls) {}

  // What its certificate must carry.
  const std::string& name() const { return name_; }
  RetryBudget& budget() { return budget_; }

  // Asks the name service: blocks. Result: what has changed since, if anything has.
  std::optional<Backends> Resolve();

  // A loop has a backend that is connected and says it is serving, or has none any more.
  void LoopIsReady(bool ready) {
    ready_loops_ += ready ? 1 : -1;
    if (ready && on_ready_) on_ready_();
  }
  // Calls this, on the loop's thread, when a loop is ready; to be set before loops run.
  void WhenReady(std::function<void()> on_ready) { on_ready_ = std::move(on_ready); }
  // Every loop has one, so that it does not matter where a call arrives.
  bool Ready(int loops) const { return ready_loops_ >= loops; }

 private:
  const wire::Place place_;
  const std::string name_;
  const wire::TlsFiles& tls_;
  RetryBudget budget_;
  std::atomic<int> ready_loops_ = 0;
  std::function<void()> on_ready_;
  bool resolved_ = false;                 // Resolve is called by one thread at a time
  std::vector<wire::Address> addresses_;  // likewise
};

// One for each place that routes name.
class Upstreams {
 public:
  // `tls` is shown to targets whose routes have none of their own; it must outlive this.
  // INVALID_ARGUMENT when a target is none, FAILED_PRECONDITION when a certificate cannot be used.
  static absl::StatusOr<Upstreams> Create(const RouteTable& routes, const wire::TlsFiles& tls);

  // Reads the certificates again that are routes' own: from disk, by one thread at a time.
  void RefreshCertificates();

  size_t size() const { return upstreams_.size(); }
  Upstream& at(size_t index) const { return *upstreams_[index]; }
  // Index of the place to which a route leads.
  size_t IndexOf(size_t route) const { return by_route_[route]; }

 private:
  std::vector<std::unique_ptr<wire::TlsFiles>> tls_;  // before what uses it
  std::vector<std::unique_ptr<Upstream>> upstreams_;
  std::vector<size_t> by_route_;
};

}  // namespace lscp::gateway
