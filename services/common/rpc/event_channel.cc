#include "common/rpc/event_channel.h"

#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/rpc/tls.h"
#include "common/status/macros.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace lscp::rpc {
namespace {

using safeguarding::config::v1::Subscriber;
using safeguarding::config::v1::TlsConfig;
using safeguarding::events::v1::DeliverRequest;

constexpr char kDeliver[] = "/safeguarding.events.v1.EventSinkService/Deliver";
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
    context.set_deadline(absl::ToChronoTime(deadline));
    if (!Begin(&context)) return absl::CancelledError("deliveries have been ended");
    const grpc::ByteBuffer bytes = ToByteBuffer(request.SerializeAsString());
    grpc::ByteBuffer reply;
    grpc::Status status;
    absl::Notification done;
    stub_.UnaryCall(&context, kDeliver, grpc::StubOptions(), &bytes, &reply,
                    [&](grpc::Status result) {
                      status = std::move(result);
                      done.Notify();
                    });
    done.WaitForNotification();
    End();
    return FromGrpc(status);
  }

  void Cancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (context_ != nullptr) context_->TryCancel();
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

}  // namespace

absl::StatusOr<std::unique_ptr<EventChannel>> OpenEventChannel(const Subscriber& subscriber,
                                                               const TlsConfig& tls) {
  ASSIGN_OR_RETURN(const auto credentials, ClientTls(tls));
  return std::make_unique<GrpcEventChannel>(
      grpc::CreateCustomChannel(subscriber.target(), credentials, ArgumentsFor(subscriber)));
}

}  // namespace lscp::rpc
