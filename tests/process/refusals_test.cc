// Who is not let in, and what those are told who ask for what is not theirs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/auth/caller.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "re2/re2.h"
#include "tests/contract/well_formed.h"
#include "tests/support/any_call.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;
using safeguarding::config::v1::TlsConfig;
using ::testing::HasSubstr;

constexpr char kSchool[] = "example-primary-school";
constexpr char kCouncil[] = "barnet-council";
constexpr char kContacts[] = "/safeguarding.referrals.v1.ContactsService/";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

Suite& TheSuite() {
  static auto& suite = *new Suite;
  return suite;
}

std::unique_ptr<client::Channel> Open(const client::Target& target) {
  return client::Channel::Open(target).value();
}

client::Target With(client::Target target, const TlsConfig& tls) {
  target.certificate_file = tls.certificate_file();
  target.key_file = tls.key_file();
  return target;
}

absl::Status ListOwn(client::Channel& channel, const client::Headers& headers = kBarnet) {
  referrals::ListMyReferralsRequest request;
  request.set_parent("boroughs/barnet");
  referrals::ListMyReferralsResponse reply;
  return channel.Call(std::string(kContacts) + "ListMyReferrals", request, headers, &reply);
}

absl::Status GetContact(client::Channel& channel, const std::string& name,
                        const client::Headers& headers = kBarnet) {
  referrals::GetContactRequest request;
  request.set_name(name);
  referrals::GetContactResponse reply;
  return channel.Call(std::string(kContacts) + "GetContact", request, headers, &reply);
}

// The name of a contact that the school has sent.
std::string Sent(const std::string& reference) {
  referrals::SubmitContactResponse reply;
  const absl::Status status = TheSuite().As(kSchool)->Call(
      std::string(kContacts) + "SubmitContact", ConcernOf("barnet", reference), kBarnet, &reply);
  EXPECT_TRUE(status.ok()) << status;
  return reply.referral().name();
}

TEST(AHandshake, SucceedsWithTheAgencysCertificate) {
  EXPECT_TRUE(ListOwn(*TheSuite().As(kSchool)).ok());
}

TEST(AHandshake, FailsWithACertificateOfAnotherAuthority) {
  testing::TestPki other;
  const auto target = With(TheSuite().TargetOf(kSchool), other.Agency(kSchool));
  EXPECT_EQ(ListOwn(*Open(target)).code(), absl::StatusCode::kUnavailable);
}

TEST(AHandshake, FailsWithAnExpiredCertificate) {
  const TlsConfig expired =
      TheSuite().pki().Issue(absl::StrCat("spiffe://lscp/agency/", kSchool), -absl::Minutes(5));
  EXPECT_EQ(ListOwn(*Open(With(TheSuite().TargetOf(kSchool), expired))).code(),
            absl::StatusCode::kUnavailable);
}

TEST(AHandshake, FailsWithoutACertificate) {
  std::ifstream in(TheSuite().TargetOf(kSchool).ca_file);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = std::string(std::istreambuf_iterator<char>(in), {});
  grpc::GenericStub stub(
      grpc::CreateChannel(TheSuite().gateway_endpoint(), grpc::SslCredentials(options)));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call =
      stub.PrepareUnaryCall(&context, std::string(kContacts) + "ListMyReferrals", {}, &queue);
  call->StartCall();
  grpc::ByteBuffer reply;
  grpc::Status status;
  call->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
}

TEST(ACertificate, OfTheAuthorityThatNamesNoAgencyOpensNothing) {
  for (const char* uri : {"", "spiffe://lscp/service/referrals", "spiffe://lscp/gateway/other",
                          "spiffe://elsewhere/agency/example-primary-school"}) {
    const auto target = With(TheSuite().TargetOf(kSchool), TheSuite().pki().Issue(uri));
    EXPECT_EQ(Failure::Of(ListOwn(*Open(target))),
              (Failure{absl::StatusCode::kUnauthenticated, "CERTIFICATE_REQUIRED", {}}))
        << uri;
  }
}

struct BadToken {
  std::string name;
  std::function<std::string(Suite&)> make;
  std::string reason;
  std::string text;  // part of the message
};

std::string WebSafe(const std::string& text) {
  std::string encoded;
  absl::WebSafeBase64Escape(text, &encoded);
  while (!encoded.empty() && encoded.back() == '=') encoded.pop_back();
  return encoded;
}

std::string Good(
    Suite& suite, absl::Duration valid = absl::Hours(1),
    const std::function<void(TokenContent&)>& change = [](TokenContent&) {}) {
  return suite.Token(kCouncil, "m.manager", {"mash_manager"}, valid, change);
}

std::vector<std::string> Parts(const std::string& token) { return absl::StrSplit(token, '.'); }

std::string PayloadOf(const std::string& token) {
  std::string payload;
  absl::WebSafeBase64Unescape(Parts(token)[1], &payload);
  return payload;
}

const std::vector<BadToken>& BadTokens() {
  static const auto& tokens = *new std::vector<BadToken>{
      {"Expired", [](Suite& s) { return Good(s, -absl::Minutes(5)); }, "TOKEN_INVALID", "expired"},
      {"Unsigned",
       [](Suite& s) {
         return absl::StrCat(WebSafe(R"({"alg":"none","kid":"tests"})"), ".", Parts(Good(s))[1],
                             ".");
       },
       "TOKEN_INVALID", "algorithm"},
      {"SignedByAnotherKeyOfThatName",
       [](Suite& s) {
         const auto mint = TokenMint::FromPem(testing::TestPki::NewKey(), "tests");
         return mint->Sign(R"({"alg":"ES256","kid":"tests"})", PayloadOf(Good(s))).value();
       },
       "TOKEN_INVALID", "bad signature"},
      {"OfAnUnknownKey",
       [](Suite& s) {
         return absl::StrCat(WebSafe(R"({"alg":"ES256","kid":"other"})"), ".", Parts(Good(s))[1],
                             ".", Parts(Good(s))[2]);
       },
       "TOKEN_INVALID", "unknown key"},
      {"Tampered",
       [](Suite& s) {
         const std::string good = Good(s);
         std::string payload = PayloadOf(good);
         RE2::GlobalReplace(&payload, "m\\.manager", "x.manager");
         return absl::StrCat(Parts(good)[0], ".", WebSafe(payload), ".", Parts(good)[2]);
       },
       "TOKEN_INVALID", "bad signature"},
      {"ForAnotherAudience",
       [](Suite& s) {
         return Good(s, absl::Hours(1), [](TokenContent& c) { c.audience = "elsewhere"; });
       },
       "TOKEN_INVALID", "another audience"},
      {"OfAnotherIssuer",
       [](Suite& s) {
         return Good(s, absl::Hours(1),
                     [](TokenContent& c) { c.issuer = "https://issuer.example/elsewhere"; });
       },
       "TOKEN_INVALID", "unknown issuer"},
      {"NotYetValid",
       [](Suite& s) {
         return Good(s, absl::Hours(2),
                     [](TokenContent& c) { c.issued_at = absl::Now() + absl::Hours(1); });
       },
       "TOKEN_INVALID", "not valid yet"},
      {"ForALongTime", [](Suite& s) { return Good(s, absl::Hours(48)); }, "TOKEN_INVALID",
       "24 hours"},
      {"OfAnotherAgency",
       [](Suite& s) { return s.Token("example-police", "p.person", {"referrer"}); },
       "TOKEN_AGENCY_MISMATCH", "agency"},
      {"NoToken", [](Suite&) { return std::string("nonsense"); }, "TOKEN_INVALID", "Token"},
  };
  return tokens;
}

class ABadToken : public ::testing::TestWithParam<BadToken> {};

TEST_P(ABadToken, IsRefusedWithItsReason) {
  client::Target target = TheSuite().TargetOf(kCouncil);
  target.token = GetParam().make(TheSuite());
  const absl::Status status = GetContact(*Open(target), "boroughs/barnet/contacts/none");
  EXPECT_EQ(Failure::Of(status),
            (Failure{absl::StatusCode::kUnauthenticated, GetParam().reason, {}}))
      << status;
  EXPECT_THAT(absl::AsciiStrToLower(std::string(status.message())),
              HasSubstr(absl::AsciiStrToLower(GetParam().text)));
}

INSTANTIATE_TEST_SUITE_P(Tokens, ABadToken, ::testing::ValuesIn(BadTokens()),
                         [](const auto& info) { return info.param.name; });

TEST(AMethodForPeople, WantsAPerson) {
  auto system = TheSuite().As(kCouncil);
  for (const auto* method : Contract::Get().methods()) {
    if (!RuleOf(*method).needs_person()) continue;
    const auto request = WellFormed(*method, "barnet");
    EXPECT_EQ(Failure::Of(CallAny(*system, *method, request->SerializeAsString(),
                                  HeadersFor(*method, "barnet"))),
              (Failure{absl::StatusCode::kUnauthenticated, "PERSON_REQUIRED", {}}))
        << method->full_name();
  }
}

class EveryMethod : public ::testing::TestWithParam<const MethodDescriptor*> {
 protected:
  absl::Status Call(const client::Target& target, const client::Headers& more = {}) const {
    client::Headers headers = HeadersFor(*GetParam(), "barnet");
    headers.insert(more.begin(), more.end());
    return CallAny(*Open(target), *GetParam(),
                   WellFormed(*GetParam(), "barnet")->SerializeAsString(), headers);
  }
  bool internal() const { return RuleOf(*GetParam()).internal(); }
};

TEST_P(EveryMethod, IsRefusedToWhoeverIsNoAgency) {
  static const auto& nobody = *new TlsConfig(TheSuite().pki().Issue(""));
  const Failure expected =
      internal() ? Failure{absl::StatusCode::kUnimplemented, "NO_ROUTE", {}}
                 : Failure{absl::StatusCode::kUnauthenticated, "CERTIFICATE_REQUIRED", {}};
  EXPECT_EQ(Failure::Of(Call(With(TheSuite().TargetOf(kSchool), nobody))), expected);
}

TEST_P(EveryMethod, IsRefusedToAnAgencyThatThePolicyDoesNotKnow) {
  if (internal()) return;
  const Failure expected =
      RuleOf(*GetParam()).needs_person()
          ? Failure{absl::StatusCode::kUnauthenticated, "PERSON_REQUIRED", {}}
          : Failure{absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", {}};
  EXPECT_EQ(Failure::Of(Call(TheSuite().TargetOf("unheard-of-agency"))), expected);
}

// An agency that reaches a service past the gateway, and says of itself what it likes.
TEST_P(EveryMethod, IsRefusedToAnAgencyThatCallsTheServiceItself) {
  client::Target target = TheSuite().TargetOf(kCouncil, "m.manager", {"mash_manager"});
  Caller caller;
  caller.agency = kCouncil;
  caller.person = "m.manager";
  caller.grants = {{"barnet", {"mash_manager", "team_manager", "auditor"}}};
  int answered = 0;
  for (const char* service : Suite::kServices) {
    target.endpoint = TheSuite().service_endpoint(service);
    const absl::Status status =
        Call(target, {{"lscp-caller-bin", caller.ToProto().SerializeAsString()}});
    if (status.code() == absl::StatusCode::kUnimplemented) continue;  // not this service's
    ++answered;
    EXPECT_EQ(Failure::Of(status),
              (Failure{absl::StatusCode::kUnauthenticated, "CERTIFICATE_REQUIRED", {}}))
        << service;
  }
  EXPECT_GT(answered, 0);
}

INSTANTIATE_TEST_SUITE_P(Contract, EveryMethod, ::testing::ValuesIn(Contract::Get().methods()),
                         [](const auto& info) {
                           return info.param->service()->name() + info.param->name();
                         });

TEST(AnAgency, CannotSpeakForAnotherInMetadata) {
  Caller caller;
  caller.agency = kCouncil;
  caller.person = "m.manager";
  caller.purpose = "safeguarding";
  caller.grants = {{"barnet", {"mash_manager"}}};
  client::Headers headers = kBarnet;
  headers["lscp-caller-bin"] = caller.ToProto().SerializeAsString();
  const absl::Status status = GetContact(*TheSuite().As(kSchool), Sent("SPOOF-1"), headers);
  EXPECT_EQ(Failure::Of(status),
            (Failure{absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", {}}));
}

TEST(AToken, GivesNoRoleThatTheAgencyDoesNotHave) {
  auto pretender = TheSuite().As(kSchool, "t.teacher", {"mash_manager", "auditor"});
  EXPECT_EQ(Failure::Of(GetContact(*pretender, Sent("SPOOF-2"))),
            (Failure{absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", {}}));
}

}  // namespace
}  // namespace lscp::tests
