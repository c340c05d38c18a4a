#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::rpc {

// A gRPC server with what every process of the suite has: mutual TLS, health, keep-alive rules,
// message limits, a bounded connection age. Thread-safe.
class GrpcServer {
 public:
  // Binds and starts serving. `services` must outlive the server, and so must `unknown_methods`,
  // which answers for methods that none of them has. Every health status is NOT_SERVING until
  // SetServing. Errors: FAILED_PRECONDITION when the address is taken or a
  // certificate is missing.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const safeguarding::config::v1::ServerConfig& config,
      const std::vector<grpc::Service*>& services,
      grpc::CallbackGenericService* unknown_methods = nullptr);
  ~GrpcServer();

  int port() const { return port_; }

  // Health of a service by its full name; "" is the process.
  void SetServing(const std::string& service, bool serving);

  // Closes the listener, lets calls in flight finish until `deadline` and cancels what is left
  // then. Returns when every reactor has finished.
  void Shutdown(absl::Time deadline);

 private:
  GrpcServer() = default;

  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// The error as gRPC sends it, details in the trailer; and back.
grpc::Status ToGrpc(const absl::Status& status, const std::string& domain);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace lscp::rpc
