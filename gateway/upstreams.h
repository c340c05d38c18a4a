#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/retries.h"
#include "gateway/routes.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// Where a route leads. Thread-safe.
class Upstream {
 public:
  using Stub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

  explicit Upstream(std::shared_ptr<grpc::Channel> channel)
      : channel_(std::move(channel)), stub_(channel_) {}

  Stub& stub() { return stub_; }
  RetryBudget& budget() { return budget_; }

  // One of its backends at least is connected and says it is serving. Connects when it is not.
  bool Ready() { return channel_->GetState(/*try_to_connect=*/true) == GRPC_CHANNEL_READY; }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  Stub stub_;
  RetryBudget budget_;
};

// One connection pool for each place that routes name: calls are spread over all of its backends
// whose health service says SERVING. Immutable and thread-safe.
class Upstreams {
 public:
  // Connects in the background. `config` has its defaults filled in. FAILED_PRECONDITION when a
  // certificate cannot be read.
  static absl::StatusOr<Upstreams> Create(const RouteTable& routes,
                                          const safeguarding::config::v1::GatewayConfig& config);

  Upstream& Of(size_t route) const { return *by_route_[route]; }

 private:
  std::vector<std::shared_ptr<Upstream>> by_route_;
};

}  // namespace lscp::gateway
