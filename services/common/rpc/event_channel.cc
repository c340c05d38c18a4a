#include "common/rpc/event_channel.h"

#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/rpc/tls.h"
#include "common/status/macros.h"
#include "common/validate/resource_name.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "safeguarding/events/v1/peer_event_sink_service.pb.h"

namespace lscp::rpc {
namespace {

using safeguarding::config::v1::Subscriber;
using safeguarding::config::v1::TlsConfig;
using safeguarding::events::v1::DeliverRequest;

constexpr char kDeliver[] = "/safeguarding.events.v1.EventSinkService/Deliver";
constexpr char kDeliverFromPeer[] = "/safeguarding.events.v1.PeerEventSinkService/DeliverFromPeer";
// Replicas that say they are not serving (draining, database away) get nothing.
constexpr char kServiceConfig[] =
    R"({"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}})";
constexpr int kMetadataBytes = 32 << 10;  // as our servers allow: error details travel in trailers

grpc::ChannelArguments ArgumentsFor(const Subscriber& subscriber) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // The connection is the relay's own: it ends with it.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (!subscriber.tls_server_name().empty()) {
    arguments.SetString(GRPC_SSL_TARGET_NAME_OVERRIDE_ARG, subscriber.tls_server_name());
  }
  return arguments;
}

class GrpcEventChannel : public EventChannel {
 public:
  explicit GrpcEventChannel(std::shared_ptr<grpc::Channel> channel) : stub_(std::move(channel)) {}

  absl::Status Deliver(const DeliverRequest& request, absl::Time deadline) override {
    grpc::ClientContext context;
    return Call(context, kDeliver, request.SerializeAsString(), deadline);
  }

  void Cancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }

 protected:
  absl::Status Call(grpc::ClientContext& context, const char* method, const std::string& request,
                    absl::Time deadline) {
    context.set_deadline(absl::ToChronoTime(deadline));
    if (!Begin(&context)) return absl::CancelledError("deliveries have been ended");
    const grpc::ByteBuffer bytes = ToByteBuffer(request);
    grpc::ByteBuffer reply;
    grpc::Status status;
    absl::Notification done;
    stub_.UnaryCall(&context, method, grpc::StubOptions(), &bytes, &reply,
                    [&](grpc::Status result) {
                      status = std::move(result);
                      done.Notify();
                    });
    done.WaitForNotification();
    End();
    return FromGrpc(status);
  }

 private:
  bool Begin(grpc::ClientContext* context) {
    absl::MutexLock lock(&mutex_);
    if (!cancelled_) context_ = context;
    return !cancelled_;
  }
  void End() {
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
  }

  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub_;
  absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;  // of the delivery under way
};

// Through a gateway, which finds the way by the metadata.
class PeerEventChannel : public GrpcEventChannel {
 public:
  PeerEventChannel(std::shared_ptr<grpc::Channel> channel, std::string service)
      : GrpcEventChannel(std::move(channel)), service_(std::move(service)) {}

  absl::Status Deliver(const DeliverRequest& request, absl::Time deadline) override {
    safeguarding::events::v1::DeliverFromPeerRequest to_peer;
    to_peer.set_parent(request.parent());
    to_peer.set_request_id(request.request_id());
    *to_peer.mutable_events() = request.events();
    grpc::ClientContext context;
    context.AddMetadata("lscp-borough", BoroughOf(request.parent()));
    context.AddMetadata("lscp-service", service_);
    return Call(context, kDeliverFromPeer, to_peer.SerializeAsString(), deadline);
  }

 private:
  const std::string service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<EventChannel>> OpenEventChannel(const std::string& name,
                                                               const Subscriber& subscriber,
                                                               const TlsConfig& tls) {
  const bool peer = subscriber.has_peer();
  ASSIGN_OR_RETURN(const auto credentials, ClientTls(peer ? subscriber.peer().tls() : tls));
  auto channel =
      grpc::CreateCustomChannel(subscriber.target(), credentials, ArgumentsFor(subscriber));
  if (peer) return std::make_unique<PeerEventChannel>(std::move(channel), name);
  return std::make_unique<GrpcEventChannel>(std::move(channel));
}

}  // namespace lscp::rpc
