#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "openssl/types.h"

namespace lscp {

// A public key that tokens may be signed with. Immutable and thread-safe.
class VerificationKey {
 public:
  // The one algorithm that the key is good for: "ES256" or "RS256".
  const std::string& algorithm() const { return algorithm_; }

  // `signature` is the algorithm's over `text` (RFC 7518 sections 3.3 and 3.4).
  bool Verifies(std::string_view text, std::string_view signature) const;

 private:
  friend class KeySet;
  std::string algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

// A JSON Web Key Set (RFC 7517): P-256 and RSA keys by their `kid`.
class KeySet {
 public:
  // Keys of other kinds, without `kid` or not for signatures are left out, as the RFC has it.
  // INVALID_ARGUMENT: no set at all, none usable, two of one kid, a key that is malformed or weak
  // (RSA below 2048 bits), or one that holds its private half.
  static absl::StatusOr<KeySet> Parse(const std::string& json);

  // nullptr when unknown.
  const VerificationKey* Find(std::string_view kid) const;

 private:
  std::map<std::string, VerificationKey, std::less<>> keys_;
};

}  // namespace lscp
