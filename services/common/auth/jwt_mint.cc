#include "common/auth/jwt_mint.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/base64url.h"
#include "common/observe/json.h"

namespace lscp {
namespace {

constexpr int kP256Bytes = 32;

std::string Padded(const BIGNUM* number, int size) {
  std::string bytes(static_cast<size_t>(size), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size);
  return bytes;
}

// A number of the public key, base64url.
std::string Parameter(EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return "";
  const std::string text = Base64UrlEncode(Padded(number, size > 0 ? size : BN_num_bytes(number)));
  BN_free(number);
  return text;
}

// Both halves with 32 bytes each, as JOSE has it, from OpenSSL's DER.
std::string RawSignature(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  if (signature == nullptr) return "";
  const std::string raw = Padded(ECDSA_SIG_get0_r(signature), kP256Bytes) +
                          Padded(ECDSA_SIG_get0_s(signature), kP256Bytes);
  ECDSA_SIG_free(signature);
  return raw;
}

}  // namespace

absl::StatusOr<TokenMint> TokenMint::FromPem(const std::string& pem, const std::string& kid) {
  BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  // The callback answers a question for a passphrase, which would else be put on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  EVP_PKEY* key = PEM_read_bio_PrivateKey(memory, nullptr, no_passphrase, nullptr);
  BIO_free(memory);
  TokenMint mint;
  mint.kid_ = kid;
  mint.key_ = {key, EVP_PKEY_free};
  ERR_clear_error();
  char group[32] = "";
  if (key != nullptr && EVP_PKEY_is_a(key, "RSA")) {
    mint.algorithm_ = "RS256";
  } else if (key != nullptr && EVP_PKEY_is_a(key, "EC") &&
             EVP_PKEY_get_group_name(key, group, sizeof(group), nullptr) == 1 &&
             std::string(group) == "prime256v1") {
    mint.algorithm_ = "ES256";
  } else {
    return absl::InvalidArgumentError("not a P-256 or RSA private key in PEM");
  }
  return mint;
}

absl::StatusOr<std::string> TokenMint::Mint(const TokenContent& content) const {
  std::string roles;
  for (const std::string& role : content.roles) {
    absl::StrAppend(&roles, roles.empty() ? "" : ",", JsonString(role));
  }
  std::string payload = absl::StrCat(
      "{\"iss\":", JsonString(content.issuer), ",\"aud\":", JsonString(content.audience),
      ",\"sub\":", JsonString(content.person), ",\"iat\":", absl::ToUnixSeconds(content.issued_at),
      ",\"exp\":", absl::ToUnixSeconds(content.expires_at),
      ",\"lscp_agency\":", JsonString(content.agency), ",\"lscp_roles\":[", roles, "]");
  if (!content.team.empty()) absl::StrAppend(&payload, ",\"lscp_team\":", JsonString(content.team));
  return Sign(
      absl::StrCat("{\"alg\":\"", algorithm_, "\",\"typ\":\"JWT\",\"kid\":", JsonString(kid_), "}"),
      payload + "}");
}

absl::StatusOr<std::string> TokenMint::Sign(const std::string& header,
                                            const std::string& payload) const {
  const std::string text = Base64UrlEncode(header) + "." + Base64UrlEncode(payload);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  size_t size = 0;
  std::string signature;
  bool done = EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
              EVP_DigestSign(context, nullptr, &size, bytes, text.size()) == 1;
  if (done) {
    signature.resize(size);
    done = EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                          text.size()) == 1;
    signature.resize(size);
  }
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  if (!done) return absl::InternalError("signing failed");
  return text + "." + Base64UrlEncode(algorithm_ == "ES256" ? RawSignature(signature) : signature);
}

std::string TokenMint::Jwk() const {
  const std::string common =
      absl::StrCat("{\"kid\":", JsonString(kid_), ",\"use\":\"sig\",\"alg\":\"", algorithm_, "\",");
  if (algorithm_ == "RS256") {
    return absl::StrCat(common, "\"kty\":\"RSA\",\"n\":\"",
                        Parameter(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0), "\",\"e\":\"",
                        Parameter(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0), "\"}");
  }
  return absl::StrCat(common, "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"",
                      Parameter(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kP256Bytes), "\",\"y\":\"",
                      Parameter(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kP256Bytes), "\"}");
}

std::string TokenMint::Jwks() const { return absl::StrCat("{\"keys\":[", Jwk(), "]}\n"); }

}  // namespace lscp
