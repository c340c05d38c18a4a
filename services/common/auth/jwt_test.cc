#include "common/auth/jwt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "absl/strings/str_cat.h"
#include "common/auth/base64url.h"
#include "common/auth/jwt_testing.h"
#include "common/status/error.h"

namespace lscp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kIssuer[] = "https://id.example";
constexpr int64_t kNow = 1'800'000'000;

class JwtTest : public testing::Test {
 protected:
  JwtTest() : mint_(NewMint("k1")), file_(mint_.Jwks()) { Configure({}); }

  void Configure(const std::vector<std::string>& agencies) {
    safeguarding::config::v1::TokenIssuer issuer;
    issuer.set_issuer(kIssuer);
    issuer.set_audience("lscp");
    issuer.set_jwks_file(file_.path());
    issuer.mutable_agencies()->Assign(agencies.begin(), agencies.end());
    verifier_ = TokenVerifier::Create({issuer}).value();
  }

  TokenContent Content() const {
    return {.issuer = kIssuer,
            .audience = "lscp",
            .person = "person-17",
            .agency = "example-trust",
            .team = "",
            .roles = {"reader", "keeper"},
            .issued_at = now_ - absl::Minutes(1),
            .expires_at = now_ + absl::Minutes(10)};
  }

  // A token with a payload that differs in one member; nullptr drops it.
  std::string With(const std::string& name, const char* value) const {
    std::map<std::string, std::string> members = {{"iss", JsonText(kIssuer)},
                                                  {"aud", "\"lscp\""},
                                                  {"sub", "\"person-17\""},
                                                  {"lscp_agency", "\"example-trust\""},
                                                  {"lscp_roles", "[]"},
                                                  {"iat", std::to_string(kNow - 60)},
                                                  {"exp", std::to_string(kNow + 600)}};
    if (value == nullptr) {
      members.erase(name);
    } else {
      members[name] = value;
    }
    std::string payload;
    for (const auto& [key, member] : members) {
      absl::StrAppend(&payload, payload.empty() ? "{" : ",", "\"", key, "\":", member);
    }
    return mint_.Sign(R"({"alg":"ES256","kid":"k1"})", payload + "}").value();
  }

  static std::string JsonText(const std::string& text) { return "\"" + text + "\""; }

  void ExpectRefused(const std::string& token, const std::string& why) {
    const auto claims = verifier_->Verify(token, now_);
    EXPECT_EQ(claims.status().code(), absl::StatusCode::kUnauthenticated) << why;
    EXPECT_EQ(ReasonOf(claims.status()), reason::ERROR_REASON_TOKEN_INVALID);
    EXPECT_EQ(std::string(claims.status().message()), "token refused: " + why);
    EXPECT_EQ(ERR_peek_error(), 0u);
  }

  TokenMint mint_;
  KeyFile file_;
  absl::Time now_ = absl::FromUnixSeconds(kNow);
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(JwtTest, AGoodTokenSaysWhoCalls) {
  TokenContent content = Content();
  content.team = "team-3";
  const auto claims = verifier_->Verify(mint_.Mint(content).value(), now_);
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->issuer, kIssuer);
  EXPECT_EQ(claims->person, "person-17");
  EXPECT_EQ(claims->agency, "example-trust");
  EXPECT_EQ(claims->team, "team-3");
  EXPECT_THAT(claims->roles, ElementsAre("reader", "keeper"));
  EXPECT_EQ(claims->expires_at, content.expires_at);
}

TEST_F(JwtTest, RsaSignaturesAreTakenToo) {
  const TokenMint rsa = TokenMint::FromPem(NewRsaKey(2048), "r1").value();
  file_.Replace(rsa.Jwks());
  Configure({});
  EXPECT_TRUE(verifier_->Verify(rsa.Mint(Content()).value(), now_).ok());
}

TEST_F(JwtTest, ClaimsAreChecked) {
  const std::string late = std::to_string(kNow + 61);
  const std::string malformed = "is missing or malformed";
  const struct {
    const char* name;
    std::string value;  // empty: absent
    std::string why;    // empty: accepted
  } kCases[] = {
      {"iss", "", "unknown issuer"},
      {"iss", R"("https://other.example")", "unknown issuer"},
      {"iss", "7", "unknown issuer"},
      {"aud", "", "meant for another audience"},
      {"aud", R"("other")", "meant for another audience"},
      {"aud", R"(["other"])", "meant for another audience"},
      {"aud", R"([["lscp"]])", "meant for another audience"},
      {"aud", R"(["other","lscp"])", ""},
      {"exp", "", "claim exp " + malformed},
      {"exp", R"("1800000600")", "claim exp " + malformed},
      {"exp", "-1", "claim exp " + malformed},
      {"exp", "1e300", "claim exp " + malformed},
      {"exp", std::to_string(kNow - 59), ""},
      {"exp", std::to_string(kNow - 60), "expired"},
      {"exp", std::to_string(kNow - 60 + 86'400), ""},
      {"exp", std::to_string(kNow - 60 + 86'401), "valid for longer than 24 hours"},
      {"iat", "", "claim iat " + malformed},
      {"iat", std::to_string(kNow + 60), ""},
      {"iat", late, "not valid yet"},
      {"nbf", std::to_string(kNow + 60), ""},
      {"nbf", late, "not valid yet"},
      {"nbf", "null", "claim nbf is malformed"},
      {"sub", "", "claim sub " + malformed},
      {"sub", R"("")", "claim sub " + malformed},
      {"sub", R"("a\nb")", "claim sub " + malformed},
      {"sub", JsonText(std::string(201, 'x')), "claim sub " + malformed},
      {"sub", R"(["a"])", "claim sub " + malformed},
      {"lscp_agency", "", "claim lscp_agency " + malformed},
      {"lscp_team", "7", "claim lscp_team " + malformed},
      {"lscp_team", R"("t")", ""},
      {"lscp_roles", "", "claim lscp_roles " + malformed},
      {"lscp_roles", R"("reader")", "claim lscp_roles " + malformed},
      {"lscp_roles", R"(["reader",7])", "claim lscp_roles is malformed"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name + (" = " + c.value));
    const std::string token = With(c.name, c.value.empty() ? nullptr : c.value.c_str());
    if (c.why.empty()) {
      EXPECT_TRUE(verifier_->Verify(token, now_).ok()) << verifier_->Verify(token, now_).status();
    } else {
      ExpectRefused(token, c.why);
    }
  }
}

TEST_F(JwtTest, TheTokenDoesNotChooseItsAlgorithmOrKey) {
  const std::string payload =
      absl::StrCat(R"({"iss":")", kIssuer,
                   R"(","aud":"lscp","sub":"p","lscp_agency":"a","lscp_roles":[],"iat":)", kNow,
                   R"(,"exp":)", kNow + 60, "}");
  const auto sign = [&](const char* header) { return mint_.Sign(header, payload).value(); };
  EXPECT_TRUE(verifier_->Verify(sign(R"({"alg":"ES256","kid":"k1"})"), now_).ok());
  const struct {
    const char* header;
    const char* why;
  } kCases[] = {
      {R"({"alg":"none","kid":"k1"})", "algorithm is not the key's"},
      {R"({"alg":"None","kid":"k1"})", "algorithm is not the key's"},
      {R"({"alg":"HS256","kid":"k1"})", "algorithm is not the key's"},
      {R"({"alg":"RS256","kid":"k1"})", "algorithm is not the key's"},
      {R"({"alg":["ES256"],"kid":"k1"})", "algorithm is not the key's"},
      {R"({"kid":"k1"})", "algorithm is not the key's"},
      {R"({"alg":"ES256"})", "unknown key"},
      {R"({"alg":"ES256","kid":"k2"})", "unknown key"},
      {R"({"alg":"ES256","kid":""})", "unknown key"},
      {R"({"alg":"ES256","kid":"k1","crit":["exp"]})", "critical header not understood"},
  };
  for (const auto& c : kCases) ExpectRefused(sign(c.header), c.why);
  // Unsigned altogether.
  ExpectRefused(
      Base64UrlEncode(R"({"alg":"none","kid":"k1"})") + "." + Base64UrlEncode(payload) + ".",
      "algorithm is not the key's");
}

TEST_F(JwtTest, AnotherKeyOfTheSameNameDoesNotSign) {
  ExpectRefused(NewMint("k1").Mint(Content()).value(), "bad signature");
}

TEST_F(JwtTest, NoChangedByteGoesThrough) {
  const std::string token = mint_.Mint(Content()).value();
  for (size_t at = 0; at < token.size(); ++at) {
    for (const char c : {'A', 'Q', '.', '=', '\0', '\xFF'}) {
      std::string tampered = token;
      if (tampered[at] == c) continue;
      tampered[at] = c;
      EXPECT_FALSE(verifier_->Verify(tampered, now_).ok()) << at;
    }
    EXPECT_FALSE(verifier_->Verify(token.substr(0, at), now_).ok()) << at;
  }
  EXPECT_FALSE(verifier_->Verify(token + "A", now_).ok());
  EXPECT_FALSE(verifier_->Verify(token + ".", now_).ok());
  EXPECT_TRUE(verifier_->Verify(token, now_).ok());
}

TEST_F(JwtTest, JunkIsRefusedWithoutAnEcho) {
  const std::string deep = Base64UrlEncode(std::string(3000, '['));
  const std::string kCases[] = {"",
                                ".",
                                "..",
                                "...",
                                "a.b.c",
                                "e30.e30.",
                                "e30.e30.e30",
                                "Bearer x.y.z",
                                deep + "." + deep + ".",
                                Base64UrlEncode("{\"alg\":\"ES256\",\"kid\":\"\xFF\"}") + ".e30.AA",
                                Base64UrlEncode(R"({"kid":"\ud800"})") + ".e30.AA",
                                Base64UrlEncode(R"({"\udc00\ud800":1})") + ".e30.AA",
                                std::string(8192, '.'),
                                std::string("\0\xFF\xFE", 3),
                                "W10.W10.AA"};
  testing::internal::CaptureStderr();
  for (const std::string& token : kCases) {
    const auto claims = verifier_->Verify(token, now_);
    EXPECT_EQ(claims.status().code(), absl::StatusCode::kUnauthenticated) << token.substr(0, 50);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");  // a caller does not write our log
  ExpectRefused(std::string(8193, 'a'), "larger than 8 KiB");
  const auto refused = verifier_->Verify(With("sub", R"("secret\nname")"), now_);
  EXPECT_THAT(std::string(refused.status().message()), Not(HasSubstr("secret")));
}

TEST_F(JwtTest, AnIssuerSpeaksForItsAgenciesOnly) {
  Configure({"example-trust"});
  EXPECT_TRUE(verifier_->Verify(With("sub", R"("p")"), now_).ok());
  ExpectRefused(With("lscp_agency", R"("example-school")"),
                "its issuer may not speak for the agency");
}

TEST_F(JwtTest, AGoodTokensSignatureIsCheckedOnce) {
  const std::string token = mint_.Mint(Content()).value();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(verifier_->Verify(token, now_ + absl::Seconds(i))->person, "person-17");
  }
  EXPECT_EQ(verifier_->signatures_checked(), 1u);
  for (int i = 0; i < 3; ++i) ExpectRefused(token + "AA", "bad signature");
  EXPECT_EQ(verifier_->signatures_checked(), 4u);
  EXPECT_EQ(verifier_->remembered(), 1u);
}

TEST_F(JwtTest, ARememberedTokenStillExpires) {
  const std::string token = mint_.Mint(Content()).value();
  EXPECT_TRUE(verifier_->Verify(token, now_).ok());
  now_ += absl::Minutes(10) + absl::Seconds(59);
  EXPECT_TRUE(verifier_->Verify(token, now_).ok());
  now_ += absl::Seconds(1);
  ExpectRefused(token, "expired");
  now_ -= absl::Hours(1);
  ExpectRefused(token, "not valid yet");
}

TEST_F(JwtTest, AKeyTakenAwayEndsItsTokensRememberedOrNot) {
  const std::string token = mint_.Mint(Content()).value();
  EXPECT_TRUE(verifier_->Verify(token, now_).ok());
  const TokenMint next = NewMint("k2");
  file_.Replace(absl::StrCat("{\"keys\":[", mint_.Jwk(), ",", next.Jwk(), "]}"));
  now_ += absl::Seconds(2);
  EXPECT_TRUE(verifier_->Verify(token, now_).ok());
  EXPECT_TRUE(verifier_->Verify(next.Mint(Content()).value(), now_).ok());
  file_.Replace(next.Jwks());
  now_ += absl::Seconds(2);
  ExpectRefused(token, "unknown key");
  EXPECT_TRUE(verifier_->Verify(next.Mint(Content()).value(), now_).ok());
}

TEST(TokenVerifier, IsNotMadeFromABadConfiguration) {
  KeyFile file(NewMint("k1").Jwks());
  safeguarding::config::v1::TokenIssuer issuer;
  issuer.set_issuer(kIssuer);
  issuer.set_jwks_file(file.path());
  EXPECT_EQ(TokenVerifier::Create({issuer}).status().code(), absl::StatusCode::kInvalidArgument);
  issuer.set_audience("lscp");
  EXPECT_TRUE(TokenVerifier::Create({issuer}).ok());
  EXPECT_EQ(TokenVerifier::Create({issuer, issuer}).status().code(),
            absl::StatusCode::kInvalidArgument);
  file.Remove();
  const auto missing = TokenVerifier::Create({issuer});
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr(file.path()));
}

TEST(TokenMint, SignsWithStrongKeysOnly) {
  EXPECT_FALSE(TokenMint::FromPem("", "k").ok());
  EXPECT_FALSE(TokenMint::FromPem("junk", "k").ok());
  EXPECT_FALSE(TokenMint::FromPem(NewEcKey("P-384"), "k").ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace lscp
