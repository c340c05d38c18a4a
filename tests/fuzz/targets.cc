#include "tests/fuzz/targets.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/jwt.h"
#include "common/auth/jwt_mint.h"
#include "common/observe/trace.h"
#include "common/paging/page_token.h"
#include "common/testing/test_pki.h"
#include "common/validate/field_mask.h"
#include "common/validate/resource_name.h"
#include "common/validate/utf8.h"
#include "common/validate/validator.h"
#include "domain/identifiers.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/wire_targets.h"
#include "tests/support/requests.h"

namespace lscp::fuzz {
namespace {

namespace referrals = safeguarding::referrals::v1;

// The moment at which everything happens, so that an input does the same tomorrow.
absl::Time Now() { return absl::FromCivil(absl::CivilDay(2026, 3, 2), absl::UTCTimeZone()); }

FormatCheck Check(bool (*is_one)(std::string_view)) {
  return [is_one](std::string_view text) -> std::optional<std::string> {
    if (is_one(text)) return std::nullopt;
    return "is malformed";
  };
}

// A request's bytes as they come from the network: parsed, stripped and checked. What passes must
// keep what the rules promise to everybody behind them.
std::string RunValidator(std::string_view bytes) {
  static const auto& validator = *new Validator(
      {{"nhs_number", Check(lscp::domain::IsNhsNumber)}, {"upn", Check(lscp::domain::IsUpn)}});
  referrals::SubmitContactRequest request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return "";
  ClearOutputOnly(&request);
  const std::vector<FieldViolation> violations = validator.Check(request, Now());
  for (const FieldViolation& violation : violations) {
    if (violation.description.empty()) return "a violation without words";
    if (!CodePoints(violation.field)) return "a path that is not UTF-8";
  }
  if (!violations.empty()) return "";
  if (BoroughOf(request.parent()).empty()) return "a parent without a borough passed";
  if (request.request_id().size() != 36) return "a malformed request_id passed";
  if (!request.has_contact() || request.contact().children().empty()) return "no child passed";
  if (!CodePoints(request.contact().concerns())) return "a text that is not UTF-8 passed";
  for (const auto& child : request.contact().children()) {
    if (child.family_name().empty()) return "a child without a family name passed";
    if (child.birth_date().year() > 2026) return "a birth in the future passed";
  }
  return "";
}

// A token that is taken must be one that this query could have given out.
std::string RunPageToken(std::string_view bytes) {
  constexpr uint64_t kQuery = 0x1234567890abcdef;
  for (const size_t parts : {1, 2}) {
    const auto key = DecodePageToken(bytes, kQuery, parts);
    if (!key.ok()) {
      if (key.status().code() != absl::StatusCode::kInvalidArgument) return "not refused as such";
      continue;
    }
    if (bytes.empty()) continue;
    if (key->size() != parts) return "a key of another length was taken";
    const auto again = DecodePageToken(EncodePageToken(kQuery, *key), kQuery, parts);
    if (!again.ok() || *again != *key) return "a key that was taken cannot be given out";
    if (DecodePageToken(bytes, kQuery + 1, parts).ok()) return "another query's token was taken";
  }
  if (bytes.empty()) return "";
  const auto position = DecodeWatchCursor(bytes, kQuery);
  if (position.ok() && *position < 0) return "a cursor before the beginning was taken";
  return "";
}

// A name that is taken is the only spelling of what it names.
std::string RunResourceName(std::string_view bytes) {
  const auto name = ResourceName::Parse(bytes);
  const std::string borough = BoroughOf(bytes);
  if (!borough.empty() && borough != "-" && !IsBoroughId(borough)) return "no borough's id";
  if (!name) return "";
  if (name->ToString() != bytes) return "two spellings of one name";
  if (name->borough != borough) return "two opinions of the borough";
  return IsResourceId(name->id) ? "" : "an id that is none";
}

// The first line is `traceparent`, the rest `tracestate`.
std::string RunTraceparent(std::string_view bytes) {
  const size_t end = std::min(bytes.find('\n'), bytes.size());
  const std::string_view state = end < bytes.size() ? bytes.substr(end + 1) : std::string_view();
  const auto trace = TraceContext::Parse(bytes.substr(0, end), state);
  if (TraceContext::Continue(bytes.substr(0, end), state).TraceId().size() != 32) return "no trace";
  if (!trace) return "";
  if (trace->state.size() > 512) return "a tracestate that is too long was kept";
  if (std::any_of(trace->state.begin(), trace->state.end(),
                  [](char c) { return c < ' ' || c > '~'; })) {
    return "a tracestate that is not printable was kept";
  }
  const auto again = TraceContext::Parse(trace->Traceparent(), trace->state);
  if (!again || again->trace_id != trace->trace_id) return "what was read cannot be sent on";
  return "";
}

// An issuer of tokens with a key of this process, and who believes it.
struct Issuer {
  Issuer() {
    safeguarding::config::v1::TokenIssuer config;
    config.set_issuer("https://issuer.example/fuzz");
    config.set_audience("lscp");
    config.set_jwks_file(pki.WriteFile("jwks.json", mint.Jwks()));
    verifier = TokenVerifier::Create({config}).value();
  }
  static Issuer& Get() {
    static auto& issuer = *new Issuer;
    return issuer;
  }

  testing::TestPki pki;
  TokenMint mint = TokenMint::FromPem(testing::TestPki::NewKey(), "fuzz").value();
  std::unique_ptr<TokenVerifier> verifier;
};

TokenContent Content(const std::string& person) {
  return {.issuer = "https://issuer.example/fuzz",
          .audience = "lscp",
          .person = person,
          .agency = "example-agency",
          .team = "",
          .roles = {"referrer"},
          .issued_at = Now() - absl::Minutes(1),
          .expires_at = Now() + absl::Hours(1)};
}

// Only what the issuer has signed is believed: whatever passes speaks for one of its two people.
std::string RunJwt(std::string_view bytes) {
  const auto claims = Issuer::Get().verifier->Verify(bytes, Now());
  if (!claims.ok()) {
    return claims.status().code() == absl::StatusCode::kUnauthenticated ? ""
                                                                        : "not refused as such";
  }
  return claims->person == "a.person" || claims->person == "b.person" ? ""
                                                                      : "a forged token passed";
}

std::vector<std::string> JwtSeeds() {
  const TokenMint& mint = Issuer::Get().mint;
  std::vector<std::string> seeds;
  for (const char* person : {"a.person", "b.person"}) {
    seeds.push_back(mint.Mint(Content(person)).value());
  }
  seeds.push_back(mint.Sign(R"({"alg":"none","kid":"fuzz"})", R"({"sub":"a.person"})").value());
  return seeds;
}

std::vector<std::string> ValidatorSeeds() {
  auto request = tests::ConcernOf("barnet", "FUZZ-1");
  request.set_request_id("01234567-89ab-4cde-8f01-23456789abcd");
  std::vector<std::string> seeds = {request.SerializeAsString()};
  auto& contact = *request.mutable_contact();
  contact.mutable_children(0)->set_nhs_number("9990000018");
  contact.mutable_children(0)->mutable_address()->set_postcode("ZZ1 1ZZ");
  contact.add_adults()->set_family_name("Zzinvented");
  contact.mutable_incident_time()->set_seconds(1700000000);
  contact.add_attachments()->set_uri("https://files.example/1");
  seeds.push_back(request.SerializeAsString());
  request.mutable_contact()->mutable_children(0)->mutable_birth_date()->set_year(2099);
  seeds.push_back(request.SerializeAsString());
  return seeds;
}

}  // namespace

const std::vector<Target>& Targets() {
  google::protobuf::SetLogHandler(nullptr);  // what cannot be parsed is no news here
  static const auto& targets = *new std::vector<Target>{
      GrpcMessagesTarget(),
      GrpcWordsTarget(),
      Http2Target(),
      {"jwt", RunJwt, JwtSeeds()},
      {"page_token",
       RunPageToken,
       {EncodePageToken(0x1234567890abcdef, {"a"}),
        EncodePageToken(0x1234567890abcdef, {"2026-03-02 09:00:00", "k7"}),
        EncodeWatchCursor(0x1234567890abcdef, 42), "AAAA"}},
      {"resource_name",
       RunResourceName,
       {"boroughs/barnet/contacts/k7x2", "boroughs/-", "boroughs/barnet",
        "boroughs/barking-and-dagenham/agencyChecks/1-2"}},
      {"traceparent",
       RunTraceparent,
       {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\ncongo=t61rcWkgMzE,rojo=00f067",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what", "00--"}},
      {"validator", RunValidator, ValidatorSeeds()},
  };
  return targets;
}

}  // namespace lscp::fuzz
