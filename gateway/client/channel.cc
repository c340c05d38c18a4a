#include "gateway/client/channel.h"

#include <unistd.h>

#include <utility>

#include "absl/synchronization/notification.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/rpc/tls.h"
#include "common/status/macros.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace lscp::client {
namespace {

// A call of any kind: one request, then replies until the end. gRPC's own threads drive it (and the
// connection behind it, also between calls, which a completion queue of ours would not).
class Exchange : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Exchange(grpc::ClientContext* context, const std::string& request,
           const std::function<bool(const std::string&)>& on_reply)
      : context_(context), on_reply_(on_reply), request_(rpc::ToByteBuffer(request)) {}

  void Start(grpc::GenericStub& stub, const std::string& path) {
    stub.PrepareBidiStreamingCall(context_, path, {}, this);
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&reply_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    if (on_reply_(rpc::ToString(reply_))) return StartRead(&reply_);
    stopped_ = true;
    context_->TryCancel();
  }

  void OnDone(const grpc::Status& status) override {
    status_ = stopped_ && status.error_code() == grpc::StatusCode::CANCELLED
                  ? absl::OkStatus()
                  : rpc::FromGrpc(status);
    done_.Notify();
  }

  absl::Status Wait() {
    done_.WaitForNotification();
    return status_;
  }

 private:
  grpc::ClientContext* const context_;
  const std::function<bool(const std::string&)>& on_reply_;
  const grpc::ByteBuffer request_;
  grpc::ByteBuffer reply_;
  bool stopped_ = false;
  absl::Status status_;
  absl::Notification done_;
};

class GrpcChannel : public Channel {
 public:
  GrpcChannel(Target target, std::shared_ptr<grpc::Channel> channel)
      : target_(std::move(target)), stub_(std::move(channel)) {}

  absl::StatusOr<std::string> Call(const std::string& path, const std::string& request,
                                   const Headers& headers) override {
    std::string reply;
    RETURN_IF_ERROR(Run(path, request, headers, target_.timeout, [&](const std::string& bytes) {
      reply = bytes;
      return true;
    }));
    return reply;
  }

  absl::Status Stream(const std::string& path, const std::string& request, const Headers& headers,
                      const std::function<bool(const std::string&)>& on_reply) override {
    return Run(path, request, headers, absl::InfiniteDuration(), on_reply);
  }

 private:
  absl::Status Run(const std::string& path, const std::string& request, const Headers& headers,
                   absl::Duration timeout,
                   const std::function<bool(const std::string&)>& on_reply) {
    grpc::ClientContext context;
    if (timeout != absl::InfiniteDuration()) {
      context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    }
    for (const auto& [key, value] : headers) context.AddMetadata(key, value);
    if (!target_.token.empty()) context.AddMetadata("authorization", "Bearer " + target_.token);
    if (!target_.purpose.empty()) context.AddMetadata("lscp-purpose", target_.purpose);
    Exchange exchange(&context, request, on_reply);
    exchange.Start(stub_, path);
    return exchange.Wait();
  }

  const Target target_;
  grpc::GenericStub stub_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Channel>> Channel::Open(Target target) {
  safeguarding::config::v1::TlsConfig tls;
  tls.set_certificate_file(target.certificate_file);
  tls.set_key_file(target.key_file);
  tls.set_ca_file(target.ca_file);
  ASSIGN_OR_RETURN(const auto credentials, rpc::ClientTls(tls));
  grpc::ChannelArguments arguments;
  if (!target.tls_server_name.empty()) arguments.SetSslTargetNameOverride(target.tls_server_name);
  auto channel = grpc::CreateCustomChannel(target.endpoint, credentials, arguments);
  return std::make_unique<GrpcChannel>(std::move(target), std::move(channel));
}

absl::Status Channel::Call(const std::string& path, const google::protobuf::Message& request,
                           const Headers& headers, google::protobuf::Message* reply) {
  ASSIGN_OR_RETURN(const std::string bytes, Call(path, request.SerializeAsString(), headers));
  if (!reply->ParseFromString(bytes)) return absl::InternalError("the reply cannot be read");
  return absl::OkStatus();
}

}  // namespace lscp::client
