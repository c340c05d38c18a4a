#include "gateway/settings.h"

#include "absl/strings/str_cat.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::GatewayConfig;
using safeguarding::config::v1::Route;
using safeguarding::config::v1::TokenIssuer;

absl::Status Missing(const std::string& field) {
  return absl::InvalidArgumentError(absl::StrCat("the gateway's configuration lacks ", field));
}

void FillDefaults(GatewayConfig& config) {
  if (!config.default_deadline_ms()) config.set_default_deadline_ms(10'000);
  if (!config.max_deadline_ms()) config.set_max_deadline_ms(60'000);
  if (!config.deadline_margin_ms()) config.set_deadline_margin_ms(20);
  if (!config.agency_calls_per_second()) config.set_agency_calls_per_second(500);
  if (!config.max_calls_in_flight()) config.set_max_calls_in_flight(1'000);
  if (!config.max_attempts()) config.set_max_attempts(3);
  if (!config.has_upstream_tls()) *config.mutable_upstream_tls() = config.server().tls();
}

}  // namespace

absl::StatusOr<GatewayConfig> Complete(GatewayConfig config) {
  if (config.server().address().empty()) return Missing("server.address");
  if (config.policy_file().empty()) return Missing("policy_file");
  if (config.descriptor_file().empty()) return Missing("descriptor_file");
  if (config.routes().empty()) return Missing("routes");
  for (const Route& route : config.routes()) {
    if (route.service().empty()) return Missing("routes.service");
    if (route.packages().empty()) return Missing("routes.packages of " + route.service());
    if (route.target().empty()) return Missing("routes.target of " + route.service());
  }
  for (const TokenIssuer& issuer : config.token_issuers()) {
    if (issuer.issuer().empty()) return Missing("token_issuers.issuer");
    if (issuer.audience().empty()) return Missing("token_issuers.audience");
    if (issuer.jwks_file().empty()) return Missing("token_issuers.jwks_file");
  }
  FillDefaults(config);
  return config;
}

}  // namespace lscp::gateway
