#include "common/auth/jwks.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/base64url.h"
#include "common/auth/jose_json.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr size_t kP256Bytes = 32;
constexpr int kSmallestRsaBits = 2048;
constexpr int kLargestRsaBits = 8192;  // beyond, a check costs a caller's whole deadline

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

BigNumber ToBigNumber(std::string_view bytes) {
  return BigNumber(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// OpenSSL's errors queue up per thread, where TLS code would take them for its own.
struct ErrorsCleared {
  ~ErrorsCleared() { ERR_clear_error(); }
};

std::shared_ptr<EVP_PKEY> FromParameters(const char* type, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>> parameters(
      OSSL_PARAM_BLD_to_param(builder));
  const std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return {key, EVP_PKEY_free};
}

using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;

// nullptr when the point is not on the curve.
std::shared_ptr<EVP_PKEY> EcKey(std::string_view x, std::string_view y) {
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) return nullptr;
  std::string point = "\x04";  // uncompressed
  point.append(x).append(y);
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return FromParameters("EC", builder.get());
}

// nullptr when the numbers are no key or a weak one.
std::shared_ptr<EVP_PKEY> RsaKey(std::string_view n, std::string_view e) {
  if (n.size() > kLargestRsaBits / 8 || e.size() > 8) return nullptr;
  const BigNumber modulus = ToBigNumber(n);
  const BigNumber exponent = ToBigNumber(e);
  if (modulus == nullptr || exponent == nullptr || BN_num_bits(modulus.get()) < kSmallestRsaBits ||
      !BN_is_odd(modulus.get()) || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get())) {
    return nullptr;
  }
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return FromParameters("RSA", builder.get());
}

// Both signature halves as DER, which OpenSSL takes; empty when they are not 32 bytes each.
std::string DerSignature(std::string_view raw) {
  if (raw.size() != 2 * kP256Bytes) return "";
  const std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>> signature(ECDSA_SIG_new());
  BigNumber r = ToBigNumber(raw.substr(0, kP256Bytes));
  BigNumber s = ToBigNumber(raw.substr(kP256Bytes));
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return "";
  std::ignore = r.release();
  std::ignore = s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return "";
  std::string text(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return text;
}

// A member of base64url; empty when it is absent or malformed.
std::string BytesMember(const Struct& jwk, std::string_view name) {
  const std::string* text = TextMember(jwk, name);
  return text == nullptr ? "" : Base64UrlDecode(*text).value_or("");
}

bool IsText(const Struct& jwk, std::string_view name, std::string_view expected) {
  const std::string* text = TextMember(jwk, name);
  return text != nullptr && *text == expected;
}

bool AbsentOrText(const Struct& jwk, std::string_view name, std::string_view expected) {
  return Member(jwk, name) == nullptr || IsText(jwk, name, expected);
}

// Algorithm of a key that is for us; empty for those of other kinds and uses.
std::string AlgorithmOf(const Struct& jwk) {
  const std::string algorithm = IsText(jwk, "kty", "RSA")                                 ? "RS256"
                                : IsText(jwk, "kty", "EC") && IsText(jwk, "crv", "P-256") ? "ES256"
                                                                                          : "";
  const bool for_us = AbsentOrText(jwk, "use", "sig") && AbsentOrText(jwk, "alg", algorithm);
  return for_us ? algorithm : "";
}

}  // namespace

bool VerificationKey::Verifies(std::string_view text, std::string_view signature) const {
  const ErrorsCleared errors_cleared;
  const std::string checked =
      algorithm_ == "ES256" ? DerSignature(signature) : std::string(signature);
  const std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  return !checked.empty() &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(checked), checked.size(), Bytes(text),
                          text.size()) == 1;
}

absl::StatusOr<KeySet> KeySet::Parse(const std::string& json) {
  const ErrorsCleared errors_cleared;
  const auto object = ParseJsonObject(json);
  const Value* keys = object ? Member(*object, "keys") : nullptr;
  if (keys == nullptr || keys->kind_case() != Value::kListValue) {
    return absl::InvalidArgumentError("not a JSON Web Key Set");
  }
  KeySet set;
  for (const Value& value : keys->list_value().values()) {
    const Struct& jwk = value.struct_value();
    const std::string* kid = TextMember(jwk, "kid");
    VerificationKey key;
    key.algorithm_ = AlgorithmOf(jwk);
    if (kid == nullptr || kid->empty() || key.algorithm_.empty()) continue;
    if (Member(jwk, "d") != nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("key \"", *kid, "\" holds its private half"));
    }
    key.key_ = key.algorithm_ == "ES256" ? EcKey(BytesMember(jwk, "x"), BytesMember(jwk, "y"))
                                         : RsaKey(BytesMember(jwk, "n"), BytesMember(jwk, "e"));
    if (key.key_ == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("key \"", *kid, "\" is malformed or weak"));
    }
    if (!set.keys_.emplace(*kid, std::move(key)).second) {
      return absl::InvalidArgumentError(absl::StrCat("key \"", *kid, "\" is there twice"));
    }
  }
  if (set.keys_.empty()) return absl::InvalidArgumentError("no usable key in the set");
  return set;
}

const VerificationKey* KeySet::Find(std::string_view kid) const {
  const auto found = keys_.find(kid);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace lscp
