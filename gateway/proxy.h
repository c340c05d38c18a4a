#pragma once

#include "common/rpc/raw_service.h"
#include "gateway/method_table.h"
#include "gateway/open_watches.h"
#include "gateway/proxy_parts.h"
#include "grpcpp/generic/async_generic_service.h"

namespace lscp::gateway {

// Answers UNIMPLEMENTED (NO_ROUTE) for every method that the server does not have.
class UnknownMethods final : public grpc::CallbackGenericService {
 public:
  explicit UnknownMethods(GatewayMetrics& metrics) : metrics_(metrics) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  GatewayMetrics& metrics_;
};

// The data path: every method of the table, and an answer for all others. Register both with a
// server, which it must outlive.
class Proxy {
 public:
  // All must outlive this.
  Proxy(const safeguarding::config::v1::GatewayConfig& config, const MethodTable& methods,
        const RouteTable& routes, const Upstreams& upstreams, Decider& decider,
        GatewayMetrics& metrics);

  grpc::Service* service() { return &service_; }
  grpc::CallbackGenericService* unknown_methods() { return &unknown_methods_; }

  // Ends the watches, which would otherwise hold up a shutdown for as long as it may take.
  void EndWatches() { watches_.EndAll(); }

 private:
  OpenWatches watches_;
  ProxyParts parts_;
  UnknownMethods unknown_methods_;
  rpc::RawService service_;
};

}  // namespace lscp::gateway
