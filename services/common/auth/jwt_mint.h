#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "openssl/types.h"

// The signing side of tokens: for the development tool and for tests. An agency's identity provider
// does this in production.
namespace lscp {

struct TokenContent {
  std::string issuer;
  std::string audience;
  std::string person;
  std::string agency;
  std::string team;  // left out when empty
  std::vector<std::string> roles;
  absl::Time issued_at;
  absl::Time expires_at;
};

// Signs with one private key. Immutable and thread-safe.
class TokenMint {
 public:
  // `pem` is a private key: P-256 (signs ES256) or RSA (RS256). INVALID_ARGUMENT for another.
  static absl::StatusOr<TokenMint> FromPem(const std::string& pem, const std::string& kid);

  // A token in compact form.
  absl::StatusOr<std::string> Mint(const TokenContent& content) const;

  // Signs any header and payload as they are.
  absl::StatusOr<std::string> Sign(const std::string& header, const std::string& payload) const;

  // The public half as a member of a key set, and a set of just that.
  std::string Jwk() const;
  std::string Jwks() const;

 private:
  std::string kid_;
  std::string algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace lscp
