#include "gateway/admission.h"

#include "common/status/error.h"
#include "gateway/test_contract.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kPolicy[] = R"(
  roles { name: "reader" permissions: "things.get" permissions: "things.watch"
          permissions: "things.sweep" }
  roles { name: "writer" permissions: "things.*" }
  agencies { id: "school" grants { boroughs: "barnet" system_roles: "reader"
                                   person_roles: ["reader", "writer"] } }
  agencies { id: "police" grants { boroughs: "*" system_roles: "reader" }
             grants { boroughs: "enfield" system_roles: "writer" } }
)";

// A call of the system of "school" that is allowed; each case below changes something.
struct Call {
  std::string method = "Get";
  Sender sender = {"school", "", false};
  MetadataView metadata = {{"lscp-borough", "barnet"}, {"lscp-purpose", "safeguarding"}};
};

absl::StatusOr<Person> Verify(std::string_view token, absl::Time) {
  if (token == "ann") return Person{"school", "ann", "pastoral", {"reader"}};
  if (token == "wim") return Person{"school", "wim", "", {"writer", "director"}};
  if (token == "other") return Person{"police", "other", "", {"reader"}};
  return Error(absl::StatusCode::kUnauthenticated, reason::ERROR_REASON_TOKEN_INVALID, "expired");
}

absl::StatusOr<Admitted> Try(const Call& call) {
  const MethodTable methods = TestMethods();
  safeguarding::config::v1::Policy proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kPolicy, &proto));
  const auto policy = Policy::Create(proto);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return Admit(*methods.Find("/example.v1.Things/" + call.method), call.sender, call.metadata,
               *policy, {"barnet", "enfield"}, Verify, absl::Now());
}

Reason ReasonOfCall(const Call& call) {
  return ReasonOf(Try(call).status()).value_or(reason::ERROR_REASON_UNSPECIFIED);
}

TEST(Admit, AnAgencysSystemMayWhatItsRolesInTheBoroughPermit) {
  const auto admitted = Try({});
  ASSERT_TRUE(admitted.ok()) << admitted.status();
  EXPECT_EQ(admitted->caller.agency, "school");
  EXPECT_EQ(admitted->caller.person, "");
  EXPECT_EQ(admitted->caller.purpose, "safeguarding");
  EXPECT_EQ(admitted->borough, "barnet");
  EXPECT_THAT(admitted->boroughs, ElementsAre("barnet"));
  EXPECT_THAT(admitted->caller.RolesIn("barnet"), ElementsAre("reader"));
}

TEST(Admit, APersonHoldsTheRolesThatTheTokenNamesAndThePolicyAllows) {
  const auto admitted = Try({"Change",
                             {"school", "", false},
                             {{"lscp-borough", "barnet"}, {"authorization", "bearer wim"}}});
  ASSERT_TRUE(admitted.ok()) << admitted.status();
  EXPECT_EQ(admitted->caller.person, "wim");
  EXPECT_THAT(admitted->caller.RolesIn("barnet"), ElementsAre("writer"));
  EXPECT_EQ(ReasonOfCall({"Change",
                          {"school", "", false},
                          {{"lscp-borough", "barnet"}, {"authorization", "Bearer ann"}}}),
            reason::ERROR_REASON_PERMISSION_DENIED);
}

struct Refusal {
  std::string why;
  Call call;
  Reason reason;
};

class Refuses : public testing::TestWithParam<Refusal> {};

TEST_P(Refuses, WithItsReason) { EXPECT_EQ(ReasonOfCall(GetParam().call), GetParam().reason); }

INSTANTIATE_TEST_SUITE_P(
    Admit, Refuses,
    testing::Values(
        Refusal{"ATokenThatIsNotGood",
                {.metadata = {{"authorization", "Bearer old"}, {"lscp-borough", "barnet"}}},
                reason::ERROR_REASON_TOKEN_INVALID},
        Refusal{"AnotherScheme",
                {.metadata = {{"authorization", "Basic ann"}, {"lscp-borough", "barnet"}}},
                reason::ERROR_REASON_TOKEN_INVALID},
        Refusal{"TwoTokens",
                {.metadata = {{"authorization", "Bearer ann"}, {"authorization", "Bearer wim"}}},
                reason::ERROR_REASON_INVALID_FIELDS},
        Refusal{"ATokenOfAnotherAgency",
                {.metadata = {{"authorization", "Bearer other"}, {"lscp-borough", "barnet"}}},
                reason::ERROR_REASON_TOKEN_AGENCY_MISMATCH},
        Refusal{"ASystemWhereAPersonIsNeeded",
                {.method = "Decide", .metadata = {{"lscp-borough", "barnet"}}},
                reason::ERROR_REASON_PERSON_REQUIRED},
        Refusal{"APersonsCallWhoseTokenAGatewayLost",
                {.sender = {"school", "west", true}},
                reason::ERROR_REASON_PERSON_REQUIRED},
        Refusal{"NoBorough",
                {.metadata = {{"lscp-purpose", "safeguarding"}}},
                reason::ERROR_REASON_BOROUGH_MISMATCH},
        Refusal{"AMalformedBorough",
                {.metadata = {{"lscp-borough", "Barnet/../x"}}},
                reason::ERROR_REASON_BOROUGH_MISMATCH},
        Refusal{"AChangeInAllBoroughs",
                {.method = "Change", .metadata = {{"lscp-borough", "-"}}},
                reason::ERROR_REASON_BOROUGH_MISMATCH},
        Refusal{"PersonalDataWithoutAPurpose",
                {.metadata = {{"lscp-borough", "barnet"}}},
                reason::ERROR_REASON_INVALID_FIELDS},
        Refusal{"APurposeInProse",
                {.metadata = {{"lscp-borough", "barnet"}, {"lscp-purpose", "Just looking"}}},
                reason::ERROR_REASON_INVALID_FIELDS},
        Refusal{"AnotherBorough",
                {.metadata = {{"lscp-borough", "enfield"}, {"lscp-purpose", "safeguarding"}}},
                reason::ERROR_REASON_PERMISSION_DENIED},
        Refusal{"ABoroughThatDoesNotExist",
                {.metadata = {{"lscp-borough", "atlantis"}, {"lscp-purpose", "safeguarding"}}},
                reason::ERROR_REASON_PERMISSION_DENIED},
        Refusal{"AnAgencyThatThePolicyDoesNotKnow",
                {.sender = {"stranger", "", false}},
                reason::ERROR_REASON_PERMISSION_DENIED}),
    [](const auto& info) { return info.param.why; });

TEST(Admit, ADenialNamesThePermissionAndTheBorough) {
  const auto denied =
      Try({.metadata = {{"lscp-borough", "enfield"}, {"lscp-purpose", "safeguarding"}}});
  EXPECT_THAT(std::string(denied.status().message()),
              testing::AllOf(HasSubstr("'things.get'"), HasSubstr("'boroughs/enfield'")));
}

TEST(Admit, ADashStandsForTheBoroughsWhereThePermissionIsHeld) {
  const auto reads = Try({.sender = {"police", "", false},
                          .metadata = {{"lscp-borough", "-"}, {"lscp-purpose", "safeguarding"}}});
  ASSERT_TRUE(reads.ok()) << reads.status();
  EXPECT_EQ(reads->borough, "-");
  EXPECT_THAT(reads->boroughs, ElementsAre("barnet", "enfield"));
  const auto chats =
      Try({.method = "Chat", .sender = {"police", "", false}, .metadata = {{"lscp-borough", "-"}}});
  ASSERT_TRUE(chats.ok()) << chats.status();
  EXPECT_THAT(chats->boroughs, ElementsAre("enfield"));
  EXPECT_THAT(chats->caller.RolesIn("barnet"), IsEmpty());
}

TEST(Admit, AMethodWithoutAScopeNeedsNoBorough) {
  const auto admitted = Try({.method = "Sweep", .metadata = {}});
  ASSERT_TRUE(admitted.ok()) << admitted.status();
  EXPECT_THAT(admitted->boroughs, ElementsAre("barnet"));
}

std::string CallerBytes(const std::string& agency, const std::string& person) {
  return Caller{.agency = agency, .person = person, .team = "", .purpose = "", .grants = {}}
      .ToProto()
      .SerializeAsString();
}

TEST(Identify, AnAgencySpeaksForItselfWhateverItClaims) {
  const std::string spoofed = CallerBytes("police", "");
  const auto sender = Identify("spiffe://lscp/agency/school", {{"lscp-caller-bin", spoofed}});
  ASSERT_TRUE(sender.ok()) << sender.status();
  EXPECT_EQ(sender->agency, "school");
  EXPECT_EQ(sender->gateway, "");
}

TEST(Identify, AGatewaySaysForWhomItSpeaks) {
  const std::string bytes = CallerBytes("school", "ann");
  const auto sender = Identify("spiffe://lscp/gateway/west", {{"lscp-caller-bin", bytes}});
  ASSERT_TRUE(sender.ok()) << sender.status();
  EXPECT_EQ(sender->agency, "school");
  EXPECT_EQ(sender->gateway, "west");
  EXPECT_TRUE(sender->has_person);
}

TEST(Identify, NobodyElseIsServed) {
  const std::string bytes = CallerBytes("school", "");
  for (const char* id : {"", "spiffe://lscp/service/referrals", "spiffe://elsewhere/agency/school",
                         "spiffe://lscp/agency/", "https://lscp/agency/school"}) {
    const auto sender = Identify(id, {{"lscp-caller-bin", bytes}});
    EXPECT_EQ(ReasonOf(sender.status()), reason::ERROR_REASON_CERTIFICATE_REQUIRED) << id;
  }
  EXPECT_FALSE(Identify("spiffe://lscp/gateway/west", {}).ok());
  EXPECT_FALSE(Identify("spiffe://lscp/gateway/west", {{"lscp-caller-bin", "\xff\xff"}}).ok());
  EXPECT_FALSE(Identify("spiffe://lscp/gateway/west", {{"lscp-caller-bin", ""}}).ok());
}

}  // namespace
}  // namespace lscp::gateway
