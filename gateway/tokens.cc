#include "gateway/tokens.h"

#include "common/auth/jwt.h"
#include "common/status/macros.h"

namespace lscp::gateway {

absl::StatusOr<VerifyToken> MakeTokenVerifier(
    const safeguarding::config::v1::GatewayConfig& config) {
  ASSIGN_OR_RETURN(
      std::shared_ptr<TokenVerifier> verifier,
      TokenVerifier::Create({config.token_issuers().begin(), config.token_issuers().end()}));
  return [verifier](std::string_view token, absl::Time now) -> absl::StatusOr<Person> {
    ASSIGN_OR_RETURN(TokenClaims claims, verifier->Verify(token, now));
    return Person{std::move(claims.agency), std::move(claims.person), std::move(claims.team),
                  std::move(claims.roles)};
  };
}

}  // namespace lscp::gateway
