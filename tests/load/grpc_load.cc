#include "tests/load/grpc_load.h"

#include <condition_variable>
#include <future>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/rpc/tls.h"
#include "common/status/macros.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace lscp::tests {
namespace {

constexpr int kConnections = 8;
constexpr auto kPatience = std::chrono::seconds(30);

absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(const GrpcTarget& target) {
  ASSIGN_OR_RETURN(const auto credentials, rpc::ClientTls(target.tls));
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  // Otherwise channels to the same place share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target.endpoint, credentials, arguments);
}

void Prepare(const GrpcTarget& target, grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  for (const auto& [key, value] : target.metadata) context.AddMetadata(key, value);
}

std::string TextOf(const grpc::Status& status) {
  return status.ok() ? "" : rpc::FromGrpc(status).ToString();
}

class GrpcLoad final : public Load {
 public:
  GrpcLoad(GrpcTarget target, std::string path, NextRequest next)
      : target_(std::move(target)), path_(std::move(path)), next_(std::move(next)) {}

  absl::Status Connect() {
    for (int i = 0; i < kConnections; ++i) {
      ASSIGN_OR_RETURN(auto channel, tests::Connect(target_));
      stubs_.push_back(std::make_unique<grpc::GenericStub>(std::move(channel)));
    }
    return absl::OkStatus();
  }

  void Start(int clients, Meter* meter) override {
    meter_ = meter;
    clients_ = std::vector<Client>(clients);
    running_ = clients;
    for (int i = 0; i < clients; ++i) Call(i);
  }

  void Join() override {
    std::unique_lock lock(mutex_);
    stopped_.wait(lock, [this] { return running_ == 0; });
  }

 private:
  struct Client {
    std::optional<grpc::ClientContext> context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer reply;
    SteadyTime began;
  };

  void Call(int index) {
    Client& client = clients_[index];
    client.context.emplace();
    Prepare(target_, *client.context);
    client.request = rpc::ToByteBuffer(next_(index));
    client.reply.Clear();
    client.began = std::chrono::steady_clock::now();
    stubs_[index % kConnections]->UnaryCall(
        &*client.context, path_, {}, &client.request, &client.reply,
        [this, index](const grpc::Status& status) { Done(index, status); });
  }

  void Done(int index, const grpc::Status& status) {
    meter_->Done(index, clients_[index].began, TextOf(status));
    if (!meter_->ended()) return Call(index);
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) stopped_.notify_all();
  }

  const GrpcTarget target_;
  const std::string path_;
  const NextRequest next_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  Meter* meter_ = nullptr;
  std::vector<Client> clients_;

  std::mutex mutex_;
  std::condition_variable stopped_;
  int running_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Load>> MakeGrpcLoad(const GrpcTarget& target, std::string path,
                                                   NextRequest next) {
  auto load = std::make_unique<GrpcLoad>(target, std::move(path), std::move(next));
  RETURN_IF_ERROR(load->Connect());
  return load;
}

absl::StatusOr<std::string> CallOnce(const GrpcTarget& target, const std::string& path,
                                     const std::string& request) {
  ASSIGN_OR_RETURN(const auto channel, Connect(target));
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  Prepare(target, context);
  context.set_wait_for_ready(true);
  const grpc::ByteBuffer bytes = rpc::ToByteBuffer(request);
  grpc::ByteBuffer reply;
  std::promise<grpc::Status> ended;
  stub.UnaryCall(&context, path, {}, &bytes, &reply,
                 [&ended](grpc::Status status) { ended.set_value(std::move(status)); });
  const grpc::Status status = ended.get_future().get();
  if (!status.ok()) return rpc::FromGrpc(status);
  return rpc::ToString(reply);
}

}  // namespace lscp::tests
