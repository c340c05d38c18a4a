#include "common/auth/identity.h"

#include "common/config/check.h"

namespace lscp {

std::optional<PeerIdentity> ParsePeerIdentity(std::string_view uri) {
  const struct {
    std::string_view prefix;
    PeerIdentity::Kind kind;
  } kForms[] = {
      {"spiffe://lscp/agency/", PeerIdentity::Kind::kAgency},
      {"spiffe://lscp/service/", PeerIdentity::Kind::kService},
      {"spiffe://lscp/gateway/", PeerIdentity::Kind::kGateway},
  };
  for (const auto& form : kForms) {
    if (!uri.starts_with(form.prefix)) continue;
    const std::string_view id = uri.substr(form.prefix.size());
    if (IsConfigId(id)) return PeerIdentity{form.kind, std::string(id)};
  }
  return std::nullopt;
}

}  // namespace lscp
