#include "gateway/upstreams.h"

#include <map>
#include <tuple>

#include "common/status/macros.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::Route;

wire::Connector ConnectorTo(const wire::Address& address, const std::string& name,
                            const wire::TlsFiles& tls) {
  return [address, name, &tls]() -> std::optional<wire::Socket> {
    wire::Fd fd = wire::Connect(address);
    wire::Ssl ssl = wire::ConnectTls(tls.Current(), name);
    if (!fd || !ssl) return std::nullopt;
    return wire::Socket(std::move(fd), std::move(ssl));
  };
}

}  // namespace

std::optional<Upstream::Backends> Upstream::Resolve() {
  absl::StatusOr<std::vector<wire::Address>> addresses = wire::Resolve(place_);
  // A name service that says nothing has not said that the service is gone.
  if (!addresses.ok() && resolved_) return std::nullopt;
  if (addresses.ok() && resolved_ && *addresses == addresses_) return std::nullopt;
  resolved_ = true;
  if (addresses.ok()) addresses_ = *std::move(addresses);
  Backends backends;
  for (const wire::Address& address : addresses_) {
    backends.emplace_back(std::string(address.bytes()), ConnectorTo(address, name_, tls_));
  }
  return backends;
}

absl::StatusOr<Upstreams> Upstreams::Create(const RouteTable& routes, const wire::TlsFiles& tls) {
  Upstreams upstreams;
  std::map<std::tuple<std::string, std::string, std::string>, size_t> by_place;
  for (size_t i = 0; i < routes.size(); ++i) {
    const Route& route = routes.route(i);
    const auto [found, is_new] = by_place.try_emplace(
        {route.target(), route.tls_server_name(), route.tls().SerializeAsString()},
        upstreams.size());
    if (is_new) {
      ASSIGN_OR_RETURN(wire::Place place, wire::ParsePlace(route.target()));
      std::string name = route.tls_server_name().empty() ? place.host : route.tls_server_name();
      if (route.has_tls()) {
        ASSIGN_OR_RETURN(auto own,
                         wire::TlsFiles::Open(route.tls(), wire::TlsFiles::Side::kClient));
        upstreams.tls_.push_back(std::move(own));
      }
      upstreams.upstreams_.push_back(std::make_unique<Upstream>(
          std::move(place), std::move(name), route.has_tls() ? *upstreams.tls_.back() : tls));
    }
    upstreams.by_route_.push_back(found->second);
  }
  return upstreams;
}

void Upstreams::RefreshCertificates() {
  for (const auto& tls : tls_) tls->Refresh();
}

}  // namespace lscp::gateway
