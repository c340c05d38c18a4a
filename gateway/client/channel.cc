#include "gateway/client/channel.h"

#include <unistd.h>

#include <utility>

#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/rpc/tls.h"
#include "common/status/macros.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace lscp::client {
namespace {

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
  void Prepare(grpc::ClientContext& context, const Headers& headers, absl::Duration timeout) const {
    if (timeout != absl::InfiniteDuration()) {
      context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    }
    for (const auto& [key, value] : headers) context.AddMetadata(key, value);
    if (!target_.token.empty()) context.AddMetadata("authorization", "Bearer " + target_.token);
    if (!target_.purpose.empty()) context.AddMetadata("lscp-purpose", target_.purpose);
  }

  // One way of calling fits every kind of method: a request, then replies until the end.
  absl::Status Run(const std::string& path, const std::string& request, const Headers& headers,
                   absl::Duration timeout,
                   const std::function<bool(const std::string&)>& on_reply) {
    grpc::ClientContext context;
    Prepare(context, headers, timeout);
    grpc::CompletionQueue queue;
    const auto wait = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    auto call = stub_.PrepareCall(&context, path, &queue);
    call->StartCall(nullptr);
    if (wait()) {
      call->WriteLast(rpc::ToByteBuffer(request), grpc::WriteOptions(), nullptr);
      if (wait()) ReadAll(*call, context, wait, on_reply);
    }
    grpc::Status status;
    call->Finish(&status, nullptr);
    wait();
    queue.Shutdown();
    while (wait()) {
    }
    if (stopped_ && status.error_code() == grpc::StatusCode::CANCELLED) return absl::OkStatus();
    return rpc::FromGrpc(status);
  }

  template <typename Call, typename Wait>
  void ReadAll(Call& call, grpc::ClientContext& context, const Wait& wait,
               const std::function<bool(const std::string&)>& on_reply) {
    grpc::ByteBuffer reply;
    while (true) {
      call.Read(&reply, nullptr);
      if (!wait()) return;
      if (on_reply(rpc::ToString(reply))) continue;
      stopped_ = true;
      return context.TryCancel();
    }
  }

  const Target target_;
  grpc::GenericStub stub_;
  bool stopped_ = false;
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
