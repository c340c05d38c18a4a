#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lscp {

// Who holds a certificate, as its SPIFFE URI says: spiffe://lscp/agency/<id>,
// spiffe://lscp/service/<name> or spiffe://lscp/gateway/<name>.
struct PeerIdentity {
  enum class Kind { kAgency, kService, kGateway };
  Kind kind = Kind::kAgency;
  std::string id;  // lower-case letters, digits and inner hyphens; at most 63

  bool operator==(const PeerIdentity&) const = default;
};

// Nothing unless `uri` is exactly of one of the three forms: no other trust domain, no query, no
// escape, no further segment. Total on any bytes.
std::optional<PeerIdentity> ParsePeerIdentity(std::string_view uri);

}  // namespace lscp
