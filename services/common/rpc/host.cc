#include "common/rpc/host.h"

#include "common/rpc/grpc_server.h"
#include "common/rpc/watch.h"
#include "grpcpp/security/auth_context.h"

namespace lscp::rpc {
namespace {

constexpr const char* kMetadata[] = {"lscp-caller-bin", "lscp-borough", "traceparent",
                                     "tracestate"};
constexpr char kTraceTrailer[] = "lscp-trace-id";

std::string SpiffeIdOf(const grpc::ServerContextBase& context) {
  const auto ids = context.auth_context()->FindPropertyValues("peer_spiffe_id");
  return ids.empty() ? "" : std::string(ids[0].data(), ids[0].size());
}

Arrival ArrivalOf(const grpc::CallbackServerContext& context) {
  Arrival arrival;
  arrival.peer = SpiffeIdOf(context);
  for (const char* key : kMetadata) {
    const auto found = context.client_metadata().find(key);
    if (found == context.client_metadata().end()) continue;
    arrival.metadata[key] = std::string(found->second.data(), found->second.size());
  }
  arrival.deadline = absl::FromChrono(context.deadline());
  arrival.cancelled = [&context] { return context.IsCancelled(); };
  return arrival;
}

// The reactor of a unary call: gRPC tells it of a cancellation and of the end.
class UnaryReactor : public grpc::ServerUnaryReactor {
 public:
  void OnDone() override { delete this; }
};

}  // namespace

Host::Host(const Methods* methods, const Pipeline* pipeline, Feed* feed, std::string domain)
    : pipeline_(pipeline),
      domain_(std::move(domain)),
      watches_(std::make_unique<WatchRegistry>(pipeline, feed, domain_)) {
  for (const auto& [path, method] : methods->all()) {
    method.watch ? AddWatch(path, method) : AddUnary(path, method);
  }
}

Host::~Host() = default;

void Host::EndWatches() { watches_->End(); }

void Host::AddUnary(const std::string& path, const Method& method) {
  service_.AddUnary(
      path, [this, &method](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                            grpc::ByteBuffer* reply) {
        auto* reactor = new UnaryReactor;
        pipeline_->Run(method, ArrivalOf(*context), ToString(*request),
                       [this, context, reactor, reply](Outcome outcome) {
                         context->AddTrailingMetadata(kTraceTrailer, outcome.trace_id);
                         if (outcome.status.ok()) *reply = ToByteBuffer(outcome.reply);
                         reactor->Finish(ToGrpc(outcome.status, domain_));
                       });
        return reactor;
      });
}

void Host::AddWatch(const std::string& path, const Method& method) {
  service_.AddServerStream(
      path,
      [this, &method](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request)
          -> grpc::ServerWriteReactor<grpc::ByteBuffer>* {
        return watches_->Open(method, ArrivalOf(*context), ToString(*request));
      });
}

}  // namespace lscp::rpc
