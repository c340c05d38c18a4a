#include "gateway/proxy.h"

#include "common/status/error.h"
#include "gateway/stream_call.h"
#include "gateway/transport.h"
#include "gateway/unary_call.h"

namespace lscp::gateway {
namespace {

// Answers at once.
class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const absl::Status& status) { Finish(ToWire(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerGenericBidiReactor* UnknownMethods::CreateReactor(
    grpc::GenericCallbackServerContext* /*context*/) {
  const absl::Status status =
      Error(absl::StatusCode::kUnimplemented, reason::ERROR_REASON_NO_ROUTE, "no such method");
  metrics_.Rejected(status);
  return new Refusal(status);
}

Proxy::Proxy(const safeguarding::config::v1::GatewayConfig& config, const MethodTable& methods,
             const RouteTable& routes, const Upstreams& upstreams, Decider& decider,
             GatewayMetrics& metrics)
    : parts_{config, routes, upstreams, decider, metrics, watches_}, unknown_methods_(metrics) {
  for (const auto& entry : methods.methods()) {
    const Method* method = entry.get();
    if (method->streams()) {
      service_.AddBidi(method->path, [this, method](grpc::CallbackServerContext* context) {
        return new StreamCall(parts_, *method, context);
      });
    } else {
      service_.AddUnary(method->path,
                        [this, method](grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request, grpc::ByteBuffer* reply) {
                          return new UnaryCall(parts_, *method, context, request, reply);
                        });
    }
  }
}

}  // namespace lscp::gateway
