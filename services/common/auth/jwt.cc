#include "common/auth/jwt.h"

#include <openssl/sha.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/base64url.h"
#include "common/auth/jose_json.h"
#include "common/observe/json.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using safeguarding::config::v1::TokenIssuer;

constexpr size_t kLongestToken = 8192;
constexpr size_t kLongestText = 200;
constexpr int kMostRoles = 64;
constexpr size_t kRemembered = 4096;
constexpr absl::Duration kLeeway = absl::Seconds(60);
constexpr absl::Duration kLongestLife = absl::Hours(24);
constexpr double kLatestSecond = 253402300799;  // the end of year 9999

absl::Status Refused(std::string_view why) {
  return Error(absl::StatusCode::kUnauthenticated, reason::ERROR_REASON_TOKEN_INVALID,
               "token refused: " + std::string(why));
}

// Names and ids: what may stand in an audit record and a log line.
bool IsPlainText(std::string_view text) {
  if (text.empty() || text.size() > kLongestText || !IsUtf8(text)) return false;
  return std::ranges::none_of(text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
}

absl::StatusOr<std::string> RequiredText(const Struct& payload, std::string_view name) {
  const std::string* text = TextMember(payload, name);
  if (text == nullptr || !IsPlainText(*text)) {
    return Refused(absl::StrCat("claim ", std::string(name), " is missing or malformed"));
  }
  return *text;
}

// Nothing when the member is absent or no moment.
std::optional<absl::Time> TimeMember(const Struct& payload, std::string_view name) {
  const Value* value = Member(payload, name);
  if (value == nullptr || value->kind_case() != Value::kNumberValue) return std::nullopt;
  const double seconds = value->number_value();
  if (!(seconds >= 0 && seconds <= kLatestSecond)) return std::nullopt;
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

struct Lifetime {
  absl::Time not_before;  // with leeway
  absl::Time expires_at;  // without
};

absl::StatusOr<Lifetime> CheckTimes(const Struct& payload, absl::Time now) {
  const auto expires = TimeMember(payload, "exp");
  const auto issued = TimeMember(payload, "iat");
  if (!expires) return Refused("claim exp is missing or malformed");
  if (!issued) return Refused("claim iat is missing or malformed");
  absl::Time valid_from = *issued;
  if (Member(payload, "nbf") != nullptr) {
    const auto not_before = TimeMember(payload, "nbf");
    if (!not_before) return Refused("claim nbf is malformed");
    valid_from = std::max(valid_from, *not_before);
  }
  if (now >= *expires + kLeeway) return Refused("expired");
  if (now < valid_from - kLeeway) return Refused("not valid yet");
  if (*expires - *issued > kLongestLife) return Refused("valid for longer than 24 hours");
  return Lifetime{valid_from - kLeeway, *expires};
}

// RFC 7519 section 4.1.3: one audience or a list.
bool NamesAudience(const Struct& payload, const std::string& audience) {
  const Value* value = Member(payload, "aud");
  if (value == nullptr) return false;
  const auto is_it = [&](const Value& one) {
    return one.kind_case() == Value::kStringValue && one.string_value() == audience;
  };
  return is_it(*value) || std::ranges::any_of(value->list_value().values(), is_it);
}

absl::StatusOr<std::vector<std::string>> RolesOf(const Struct& payload) {
  const Value* value = Member(payload, "lscp_roles");
  if (value == nullptr || value->kind_case() != Value::kListValue ||
      value->list_value().values_size() > kMostRoles) {
    return Refused("claim lscp_roles is missing or malformed");
  }
  std::vector<std::string> roles;
  for (const Value& role : value->list_value().values()) {
    if (!IsPlainText(role.string_value())) return Refused("claim lscp_roles is malformed");
    roles.push_back(role.string_value());
  }
  return roles;
}

absl::StatusOr<TokenClaims> ClaimsOf(const Struct& payload, const TokenIssuer& issuer) {
  TokenClaims claims;
  claims.issuer = issuer.issuer();
  ASSIGN_OR_RETURN(claims.person, RequiredText(payload, "sub"));
  ASSIGN_OR_RETURN(claims.agency, RequiredText(payload, "lscp_agency"));
  if (Member(payload, "lscp_team") != nullptr) {
    ASSIGN_OR_RETURN(claims.team, RequiredText(payload, "lscp_team"));
  }
  ASSIGN_OR_RETURN(claims.roles, RolesOf(payload));
  if (!issuer.agencies().empty() &&
      std::ranges::find(issuer.agencies(), claims.agency) == issuer.agencies().end()) {
    return Refused("its issuer may not speak for the agency");
  }
  return claims;
}

}  // namespace

// A token taken apart; nothing in it is to be believed before the signature is checked.
struct TokenVerifier::Parts {
  std::string_view signed_text;
  std::string signature;
  Struct header;
  Struct payload;

  static std::optional<Parts> Of(std::string_view token) {
    const size_t first = token.find('.');
    const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    // A third dot is refused by the decoder.
    const auto header = Base64UrlDecode(token.substr(0, first));
    const auto payload = Base64UrlDecode(token.substr(first + 1, second - first - 1));
    const auto signature = Base64UrlDecode(token.substr(second + 1));
    if (!header || !payload || !signature) return std::nullopt;
    auto header_object = ParseJsonObject(*header);
    auto payload_object = ParseJsonObject(*payload);
    if (!header_object || !payload_object) return std::nullopt;
    return Parts{token.substr(0, second), *signature, *std::move(header_object),
                 *std::move(payload_object)};
  }
};

TokenVerifier::TokenVerifier() : cache_(kRemembered) {}

absl::StatusOr<std::unique_ptr<TokenVerifier>> TokenVerifier::Create(
    const std::vector<TokenIssuer>& issuers) {
  std::unique_ptr<TokenVerifier> verifier(new TokenVerifier);
  for (const TokenIssuer& config : issuers) {
    if (config.issuer().empty() || config.audience().empty() || config.jwks_file().empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("token issuer \"", config.issuer(), "\" is incomplete"));
    }
    ASSIGN_OR_RETURN(auto keys, JwksFile::Open(config.jwks_file()));
    if (!verifier->issuers_.emplace(config.issuer(), Issuer{config, std::move(keys)}).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("token issuer \"", config.issuer(), "\" is there twice"));
    }
  }
  return verifier;
}

absl::StatusOr<TokenClaims> TokenVerifier::Verify(std::string_view token, absl::Time now) {
  if (token.size() > kLongestToken) return Refused("larger than 8 KiB");
  TokenCache<Verified>::Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  if (const auto known = cache_.Find(digest)) {
    if (now >= known->not_before && now < known->claims.expires_at &&
        known->issuer->keys->Current(now).generation == known->generation) {
      return known->claims;
    }
    cache_.Forget(digest);
  }
  ASSIGN_OR_RETURN(Verified verified, VerifyAnew(token, now));
  TokenClaims claims = verified.claims;
  cache_.Put(digest, std::move(verified));
  return claims;
}

absl::StatusOr<TokenVerifier::Verified> TokenVerifier::VerifyAnew(std::string_view token,
                                                                  absl::Time now) {
  const auto parts = Parts::Of(token);
  if (!parts) return Refused("not a signed JSON Web Token");
  const std::string* name = TextMember(parts->payload, "iss");
  const auto issuer = name == nullptr ? issuers_.end() : issuers_.find(*name);
  if (issuer == issuers_.end()) return Refused("unknown issuer");
  const JwksFile::Keys keys = issuer->second.keys->Current(now);
  RETURN_IF_ERROR(CheckSignature(*parts, *keys.set));
  ASSIGN_OR_RETURN(const Lifetime lifetime, CheckTimes(parts->payload, now));
  if (!NamesAudience(parts->payload, issuer->second.config.audience())) {
    return Refused("meant for another audience");
  }
  ASSIGN_OR_RETURN(TokenClaims claims, ClaimsOf(parts->payload, issuer->second.config));
  claims.expires_at = lifetime.expires_at;
  return Verified{std::move(claims), lifetime.not_before, &issuer->second, keys.generation};
}

absl::Status TokenVerifier::CheckSignature(const Parts& parts, const KeySet& keys) {
  // RFC 7515 section 4.1.11: what must be understood and is not.
  if (Member(parts.header, "crit") != nullptr) return Refused("critical header not understood");
  const std::string* kid = TextMember(parts.header, "kid");
  const VerificationKey* key = kid == nullptr ? nullptr : keys.Find(*kid);
  if (key == nullptr) return Refused("unknown key");
  const std::string* algorithm = TextMember(parts.header, "alg");
  if (algorithm == nullptr || *algorithm != key->algorithm()) {
    return Refused("algorithm is not the key's");
  }
  ++signatures_checked_;
  if (!key->Verifies(parts.signed_text, parts.signature)) return Refused("bad signature");
  return absl::OkStatus();
}

}  // namespace lscp
