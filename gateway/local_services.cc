#include "gateway/local_services.h"

#include <sys/socket.h>

#include <array>

#include "common/rpc/reflection.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server_posix.h"

namespace lscp::gateway {
namespace {

constexpr std::string_view kHealth = "/grpc.health.v1.Health/";
constexpr std::string_view kReflection = "/grpc.reflection.";

std::vector<std::string> ReflectedServices(const MethodTable& methods) {
  std::vector<std::string> names = methods.services();
  names.push_back("grpc.health.v1.Health");
  names.push_back("grpc.reflection.v1alpha.ServerReflection");
  return names;
}

}  // namespace

LocalServices::LocalServices(const MethodTable& methods, bool with_reflection)
    : with_reflection_(with_reflection) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  // Registered even if nobody may ask for it: gRPC starts no server that has health alone.
  reflection_ = rpc::MakeReflectionService(&methods.pool(), ReflectedServices(methods));
  builder.RegisterService(reflection_.get());
  server_ = builder.BuildAndStart();
  SetServing("", false);
}

LocalServices::~LocalServices() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

bool LocalServices::Has(std::string_view path) const {
  return path.starts_with(kHealth) || (with_reflection_ && path.starts_with(kReflection));
}

wire::Fd LocalServices::Connect() {
  std::array<int, 2> ends = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    return wire::Fd();
  }
  grpc::AddInsecureChannelFromFd(server_.get(), ends[1]);
  return wire::Fd(ends[0]);
}

void LocalServices::SetServing(const std::string& service, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(service, serving);
}

}  // namespace lscp::gateway
