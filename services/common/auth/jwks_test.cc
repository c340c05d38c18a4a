#include "common/auth/jwks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "absl/strings/str_cat.h"
#include "common/auth/base64url.h"
#include "common/auth/jwks_file.h"
#include "common/auth/jwt_testing.h"
#include "common/observe/log.h"

namespace lscp {
namespace {

using ::testing::HasSubstr;

std::string Set(const std::string& keys) { return "{\"keys\":[" + keys + "]}"; }

// A syntactically fine RSA key of so many bits.
std::string RsaJwk(int bits, const std::string& more = "") {
  std::string n(static_cast<size_t>(bits / 8), '\xA5');
  return absl::StrCat(R"({"kid":"r","kty":"RSA","e":"AQAB",)", more, R"("n":")", Base64UrlEncode(n),
                      "\"}");
}

TEST(KeySet, FindsItsKeysByKid) {
  const TokenMint rsa = TokenMint::FromPem(NewRsaKey(2048), "two").value();
  const auto set = KeySet::Parse(Set(NewMint("one").Jwk() + "," + rsa.Jwk()));
  ASSERT_TRUE(set.ok()) << set.status();
  ASSERT_NE(set->Find("one"), nullptr);
  EXPECT_EQ(set->Find("one")->algorithm(), "ES256");
  ASSERT_NE(set->Find("two"), nullptr);
  EXPECT_EQ(set->Find("two")->algorithm(), "RS256");
  EXPECT_EQ(set->Find("three"), nullptr);
}

TEST(KeySet, KeysForOthersAreLeftOut) {
  const std::string good = NewMint("good").Jwk();
  for (const char* other :
       {R"({"kid":"k","kty":"oct","k":"AAAA"})",
        R"({"kid":"k","kty":"OKP","crv":"Ed25519","x":"AAAA"})",
        R"({"kid":"k","kty":"EC","crv":"P-384","x":"AAAA","y":"AAAA"})",
        R"({"kid":"k","kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"})",
        R"({"kid":"k","kty":"RSA","alg":"RS512","n":"AQAB","e":"AQAB"})",
        R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", R"({"kid":7,"kty":"RSA"})", R"({})", R"(7)"}) {
    const auto set = KeySet::Parse(Set(std::string(other) + "," + good));
    ASSERT_TRUE(set.ok()) << other << set.status();
    EXPECT_EQ(set->Find("k"), nullptr) << other;
    EXPECT_NE(set->Find("good"), nullptr) << other;
  }
}

TEST(KeySet, BadSetsAreRefused) {
  const std::string good = NewMint("good").Jwk();
  std::string private_half = good;
  private_half.replace(private_half.size() - 1, 1, R"(,"d":"AAAA"})");
  const std::string zeros = Base64UrlEncode(std::string(32, '\1'));
  const std::string kCases[] = {
      "",
      "[]",
      "{}",
      "junk",
      "\xFF\xFE",
      R"({"keys":{}})",
      R"({"keys":[]})",
      std::string(200'000, '['),
      Set(good + "," + good),
      Set(private_half),
      Set(RsaJwk(1024)),
      Set(RsaJwk(16384)),
      Set(R"({"kid":"r","kty":"RSA","e":"AQAB"})"),
      Set(R"({"kid":"e","kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})"),
      // Not on the curve.
      Set(absl::StrCat(R"({"kid":"e","kty":"EC","crv":"P-256","x":")", zeros, R"(","y":")", zeros,
                       "\"}")),
  };
  for (const std::string& json : kCases) {
    EXPECT_EQ(KeySet::Parse(json).status().code(), absl::StatusCode::kInvalidArgument)
        << json.substr(0, 200);
    EXPECT_EQ(ERR_peek_error(), 0u);  // nothing left behind for TLS code to find
  }
  EXPECT_TRUE(KeySet::Parse(Set(RsaJwk(2048))).ok());
}

TEST(VerificationKey, TakesOnlyItsOwnSignatures) {
  const auto set = KeySet::Parse(NewMint("one").Jwks()).value();
  for (const size_t size : {0, 1, 63, 64, 65, 128}) {
    EXPECT_FALSE(set.Find("one")->Verifies("text", std::string(size, '\0'))) << size;
    EXPECT_FALSE(set.Find("one")->Verifies("text", std::string(size, '\xFF'))) << size;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(JwksFile, AChangeIsSeenWithinASecond) {
  KeyFile file(NewMint("old").Jwks());
  auto keys = JwksFile::Open(file.path()).value();
  const absl::Time start = absl::FromUnixSeconds(1'800'000'000);
  const auto before = keys->Current(start);
  ASSERT_NE(before.set->Find("old"), nullptr);
  file.Replace(NewMint("new").Jwks());
  EXPECT_EQ(keys->Current(start + absl::Milliseconds(900)).generation, before.generation);
  const auto after = keys->Current(start + absl::Seconds(1));
  EXPECT_NE(after.generation, before.generation);
  EXPECT_NE(after.set->Find("new"), nullptr);
  EXPECT_EQ(after.set->Find("old"), nullptr);
}

TEST(JwksFile, ABadNewFileLeavesTheOldKeysAndIsLoggedOnce) {
  KeyFile file(NewMint("old").Jwks());
  auto keys = JwksFile::Open(file.path()).value();
  std::vector<std::string> logged;
  ScopedLogSink sink([&](std::string_view line) { logged.emplace_back(line); });
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  file.Replace("{\"keys\":");
  for (int i = 0; i < 3; ++i)
    EXPECT_NE(keys->Current(now += absl::Seconds(2)).set->Find("old"), nullptr);
  ASSERT_EQ(logged.size(), 1u);
  EXPECT_THAT(logged[0], HasSubstr("\"severity\":\"ERROR\""));
  file.Remove();
  for (int i = 0; i < 3; ++i)
    EXPECT_NE(keys->Current(now += absl::Seconds(2)).set->Find("old"), nullptr);
  EXPECT_EQ(logged.size(), 2u);
  file.Replace(NewMint("new").Jwks());
  EXPECT_NE(keys->Current(now += absl::Seconds(2)).set->Find("new"), nullptr);
}

}  // namespace
}  // namespace lscp
