#include "gateway/upstreams.h"

#include "common/rpc/tls.h"
#include "common/status/macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::GatewayConfig;
using safeguarding::config::v1::Route;

constexpr int kDefaultMessageBytes = 4 << 20;
constexpr int kMetadataBytes = 32 << 10;  // as our servers allow: error details travel in trailers

// Backends that say they are not serving (draining, database away) get no calls.
constexpr char kServiceConfig[] =
    R"({"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}})";

grpc::ChannelArguments Arguments(const Route& route, int max_message_bytes) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  // What a DNS record says about load balancing does not go before what is said here.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetMaxReceiveMessageSize(max_message_bytes);
  arguments.SetMaxSendMessageSize(max_message_bytes);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 5'000);
  if (!route.tls_server_name().empty()) {
    arguments.SetString(GRPC_SSL_TARGET_NAME_OVERRIDE_ARG, route.tls_server_name());
  }
  return arguments;
}

}  // namespace

absl::StatusOr<Upstreams> Upstreams::Create(const RouteTable& routes, const GatewayConfig& config) {
  ASSIGN_OR_RETURN(const auto credentials, rpc::ClientTls(config.upstream_tls()));
  const int max_message_bytes = config.server().max_message_bytes()
                                    ? static_cast<int>(config.server().max_message_bytes())
                                    : kDefaultMessageBytes;
  Upstreams upstreams;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Upstream>> by_place;
  for (size_t i = 0; i < routes.size(); ++i) {
    const Route& route = routes.route(i);
    auto& upstream = by_place[{route.target(), route.tls_server_name()}];
    if (!upstream) {
      upstream = std::make_shared<Upstream>(grpc::CreateCustomChannel(
          route.target(), credentials, Arguments(route, max_message_bytes)));
      upstream->Ready();
    }
    upstreams.by_route_.push_back(upstream);
  }
  return upstreams;
}

}  // namespace lscp::gateway
