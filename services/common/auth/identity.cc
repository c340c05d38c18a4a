#include "common/auth/identity.h"

namespace lscp {
namespace {

constexpr size_t kLongestId = 63;  // as DNS labels, which names of services are

bool IsId(std::string_view text) {
  if (text.empty() || text.size() > kLongestId || text.starts_with('-') || text.ends_with('-')) {
    return false;
  }
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

}  // namespace

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
    if (IsId(id)) return PeerIdentity{form.kind, std::string(id)};
  }
  return std::nullopt;
}

}  // namespace lscp
