#include "common/rpc/grpc_server.h"

#include "absl/strings/str_cat.h"
#include "common/lifecycle/port_file.h"
#include "common/rpc/tls.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "grpcpp/health_check_service_interface.h"

namespace lscp::rpc {
namespace {

using safeguarding::config::v1::ServerConfig;

constexpr int kDefaultMessageBytes = 4 << 20;
constexpr int kDefaultConnectionAgeSeconds = 300;
// Metadata beyond this drops the whole connection, so the gateway refuses far less by itself.
constexpr int kMetadataBytes = 32 << 10;

void SetArguments(const ServerConfig& config, grpc::ServerBuilder& builder) {
  const int max_bytes = config.max_message_bytes() ? static_cast<int>(config.max_message_bytes())
                                                   : kDefaultMessageBytes;
  builder.SetMaxReceiveMessageSize(max_bytes);
  builder.SetMaxSendMessageSize(max_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  // A second process on the same port is a mistake, not a cluster.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  const int age = config.max_connection_age_seconds()
                      ? static_cast<int>(config.max_connection_age_seconds())
                      : kDefaultConnectionAgeSeconds;
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, age * 1000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, age * 1000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const ServerConfig& config, const std::vector<grpc::Service*>& services,
    grpc::CallbackGenericService* unknown_methods) {
  ASSIGN_OR_RETURN(auto credentials, ServerTls(config.tls()));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  SetArguments(config, builder);
  auto server = std::unique_ptr<GrpcServer>(new GrpcServer);
  builder.AddListeningPort(config.address(), credentials, &server->port_);
  for (grpc::Service* service : services) builder.RegisterService(service);
  if (unknown_methods) builder.RegisterCallbackGenericService(unknown_methods);
  server->server_ = builder.BuildAndStart();
  if (!server->server_ || server->port_ == 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot listen on '", config.address(), "'"));
  }
  server->server_->GetHealthCheckService()->SetServingStatus("", false);
  RETURN_IF_ERROR(WritePortFile(config.port_file(), server->port_));
  return server;
}

GrpcServer::~GrpcServer() {
  if (server_) Shutdown(absl::Now());
}

void GrpcServer::SetServing(const std::string& service, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(service, serving);
}

void GrpcServer::Shutdown(absl::Time deadline) {
  server_->Shutdown(absl::ToChronoTime(deadline));
  server_->Wait();
}

grpc::Status ToGrpc(const absl::Status& status, const std::string& domain) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status wire = ToRpcStatus(status, domain);
  return {static_cast<grpc::StatusCode>(wire.code()), wire.message(), wire.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status wire;
  if (!status.error_details().empty() && wire.ParseFromString(status.error_details()) &&
      wire.code() == static_cast<int>(status.error_code())) {
    return FromRpcStatus(wire);
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace lscp::rpc
