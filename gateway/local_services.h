#pragma once

#include <memory>
#include <string>

#include "common/rpc/raw_service.h"
#include "gateway/method_table.h"
#include "gateway/wire/loop.h"
#include "grpcpp/server.h"

namespace lscp::gateway {

// What the gateway itself answers: gRPC's health and, if wanted, reflection over the whole suite. A
// gRPC server that listens nowhere: the data path connects to it like to any service, by a pair of
// sockets. Thread-safe.
class LocalServices {
 public:
  // `methods` must outlive this. Every health status is NOT_SERVING until SetServing.
  LocalServices(const MethodTable& methods, bool with_reflection);
  ~LocalServices();

  // A method of one of its services.
  bool Has(std::string_view path) const;
  // One end of a new connection, not blocking; nothing when the system gives none.
  wire::Fd Connect();
  // Health of a service by its full name; "" is the gateway.
  void SetServing(const std::string& service, bool serving);

 private:
  const bool with_reflection_;
  std::unique_ptr<rpc::RawService> reflection_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace lscp::gateway
