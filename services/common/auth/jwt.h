#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/jwks_file.h"
#include "common/auth/token_cache.h"
#include "google/protobuf/struct.pb.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// What a token says about a person.
struct TokenClaims {
  std::string issuer;
  std::string person;              // `sub`
  std::string agency;              // `lscp_agency`
  std::string team;                // `lscp_team`; may be empty
  std::vector<std::string> roles;  // `lscp_roles`
  absl::Time expires_at;
};

// Checks bearer tokens: JSON Web Tokens in compact form (RFC 7519), signed with ES256 or RS256 by
// an issuer of the configuration. Thread-safe.
//
// The algorithm is the key's, never the token's choice; keys come from the issuer's file alone.
// Required: `kid`, `iss`, `sub`, `aud`, `iat`, `exp`, `lscp_agency`, `lscp_roles`; `nbf` is heeded.
// Clocks may differ by 60 seconds; a token of more than 8 KiB or 24 hours is refused.
class TokenVerifier {
 public:
  // Reads the issuers' keys. INVALID_ARGUMENT for an incomplete issuer or one that is there twice,
  // or the reason why a key file cannot be used.
  static absl::StatusOr<std::unique_ptr<TokenVerifier>> Create(
      const std::vector<safeguarding::config::v1::TokenIssuer>& issuers);

  // `token` is what stands behind "Bearer "; any bytes may come in. UNAUTHENTICATED (TOKEN_INVALID)
  // names the check that failed and repeats nothing of the token. A token found good is remembered
  // until it expires or its issuer's keys change, since checking a signature is costly.
  absl::StatusOr<TokenClaims> Verify(std::string_view token, absl::Time now);

  // Number of signatures checked and of tokens remembered.
  uint64_t signatures_checked() const { return signatures_checked_; }
  size_t remembered() const { return cache_.size(); }

 private:
  struct Issuer {
    safeguarding::config::v1::TokenIssuer config;
    std::unique_ptr<JwksFile> keys;
  };
  struct Verified {
    TokenClaims claims;
    absl::Time not_before;
    Issuer* issuer = nullptr;
    uint64_t generation = 0;  // of the issuer's keys
  };
  struct Parts;

  TokenVerifier();
  absl::StatusOr<Verified> VerifyAnew(std::string_view token, absl::Time now);
  absl::Status CheckSignature(const Parts& parts, const KeySet& keys);

  std::map<std::string, Issuer, std::less<>> issuers_;  // by name; fixed once made
  TokenCache<Verified> cache_;
  std::atomic<uint64_t> signatures_checked_ = 0;
};

}  // namespace lscp
