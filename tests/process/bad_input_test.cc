// What is wrong with a request is said with its code, its reason and the path of every field that
// is wrong, whoever's service it reaches: by the real gateway and service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"
#include "safeguarding/referrals/v1/children_service.pb.h"
#include "tests/contract/well_formed.h"
#include "tests/support/any_call.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;
namespace options = safeguarding::options::v1;

constexpr char kContacts[] = "/safeguarding.referrals.v1.ContactsService/";
constexpr char kChildren[] = "/safeguarding.referrals.v1.ChildrenService/";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

Suite& TheSuite() {
  static auto& suite = *new Suite;
  return suite;
}

client::Channel& School() {
  static auto& channel = *TheSuite().As("example-primary-school").release();
  return channel;
}

// Somebody who holds every role of the council's: what is refused is refused for its form.
client::Channel& Council() {
  static auto& channel =
      *TheSuite()
           .As("barnet-council", "m.manager",
               {"mash_worker", "mash_manager", "social_worker", "team_manager", "conference_chair",
                "cdr_coordinator", "serious_incident_lead", "placement_approver", "auditor"})
           .release();
  return channel;
}

// The system of another borough's council.
client::Channel& Peer() {
  static auto& channel = *TheSuite().As("barking-and-dagenham-council").release();
  return channel;
}

// The system of an agency that is asked for health assessments.
client::Channel& Hospital() {
  static auto& channel = *TheSuite().As("example-hospital-trust").release();
  return channel;
}

// A member of the child death overview panel.
client::Channel& PanelMember() {
  static auto& channel = *TheSuite().As("example-police", "m.member", {"panel_member"}).release();
  return channel;
}

client::Channel& WhoMay(const MethodDescriptor& method) {
  if (RuleOf(method).permission() == "death_panel_cases.view") return PanelMember();
  if (RuleOf(method).permission() == "health_assessments.answer") return Hospital();
  if (RuleOf(method).permission() == "peer_events.deliver") return Peer();
  return RuleOf(method).permission() == "contacts.submit" ? School() : Council();
}

std::vector<const MethodDescriptor*> PublicMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* method : Contract::Get().methods()) {
    if (!RuleOf(*method).internal()) methods.push_back(method);
  }
  return methods;
}

class EveryMethod : public ::testing::TestWithParam<const MethodDescriptor*> {
 protected:
  const MethodDescriptor& method() const { return *GetParam(); }
  Failure Call(const std::string& bytes, const client::Headers& headers) const {
    return Failure::Of(CallAny(WhoMay(method()), method(), bytes, headers));
  }
  Failure Call(const Message& request) const {
    return Call(request.SerializeAsString(), HeadersFor(method(), "barnet"));
  }
};

TEST_P(EveryMethod, SaysWhichFieldIsWrong) {
  const auto request = WellFormed(method(), "barnet");
  ForEachSpoiled(*request, [&](const Spoiled& spoiled) {
    EXPECT_EQ(Call(spoiled.request), InvalidAt(spoiled.field)) << spoiled.what;
  });
}

TEST_P(EveryMethod, RefusesBytesThatAreNoRequest) {
  EXPECT_EQ(Call(std::string("\x0a\xff\xff\xff\xff\x0f", 6), HeadersFor(method(), "barnet")),
            (Failure{absl::StatusCode::kInvalidArgument, "UNDECODABLE_REQUEST", {}}));
}

TEST_P(EveryMethod, RefusesABoroughThatIsNotTheMetadatas) {
  if (IsOfAllBoroughs(method())) return;
  const auto request = WellFormed(method(), "camden");
  EXPECT_EQ(Call(*request), (Failure{absl::StatusCode::kInvalidArgument, "BOROUGH_MISMATCH", {}}));
}

TEST_P(EveryMethod, WantsToKnowTheBoroughInMetadata) {
  client::Headers headers = HeadersFor(method(), "barnet");
  headers.erase("lscp-borough");
  EXPECT_EQ(Call(WellFormed(method(), "barnet")->SerializeAsString(), headers),
            (Failure{absl::StatusCode::kInvalidArgument, "BOROUGH_MISMATCH", {}}));
}

TEST_P(EveryMethod, RefusesATokenOfAnotherPage) {
  const auto request = WellFormed(method(), "barnet");
  const auto* field = request->GetDescriptor()->FindFieldByName("page_token");
  if (field == nullptr) return;
  if (method().name() == "FindChildren") {
    const auto* name = request->GetDescriptor()->FindFieldByName("nhs_number");
    request->GetReflection()->SetString(request.get(), name, "9990000018");
  }
  for (const char* token : {"x", "AAAA", "%%%%", "CQAAAAAAAAAAEgE5"}) {
    request->GetReflection()->SetString(request.get(), field, token);
    EXPECT_EQ(Call(*request),
              (Failure{absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH", {}}))
        << token;
  }
}

TEST_P(EveryMethod, RefusesACursorOfAnotherWatch) {
  const auto request = WellFormed(method(), "barnet");
  const auto* field = request->GetDescriptor()->FindFieldByName("start_cursor");
  if (field == nullptr) return;
  request->GetReflection()->SetString(request.get(), field, "AAAA");
  EXPECT_EQ(Call(*request), (Failure{absl::StatusCode::kOutOfRange, "CURSOR_UNKNOWN", {}}));
}

INSTANTIATE_TEST_SUITE_P(Contract, EveryMethod, ::testing::ValuesIn(PublicMethods()),
                         [](const auto& info) {
                           return info.param->service()->name() + info.param->name();
                         });

Failure Submit(const referrals::SubmitContactRequest& request) {
  referrals::SubmitContactResponse reply;
  return Failure::Of(
      School().Call(std::string(kContacts) + "SubmitContact", request, kBarnet, &reply));
}

const Failure kAccepted = {absl::StatusCode::kOk, "", {}};

TEST(SubmitContact, ReportsEverythingThatIsWrongAtOnce) {
  auto request = ConcernOf("barnet", "BAD-1");
  request.mutable_contact()->clear_concerns();
  request.mutable_contact()->mutable_children(0)->mutable_birth_date()->set_year(2999);
  request.mutable_contact()->mutable_consent()->clear_status();
  const Failure failure = Submit(request);
  EXPECT_EQ(failure.reason, "INVALID_FIELDS");
  EXPECT_THAT(failure.fields,
              ::testing::UnorderedElementsAre("contact.concerns", "contact.children[0].birth_date",
                                              "contact.consent.status"));
}

TEST(SubmitContact, RefusesAReusedRequestIdWithAnotherBody) {
  auto request = ConcernOf("barnet", "BAD-2");
  EXPECT_EQ(Submit(request), kAccepted);
  EXPECT_EQ(Submit(request), kAccepted);
  request.mutable_contact()->set_concerns("Invented: something else.");
  EXPECT_EQ(Submit(request), (Failure{absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED", {}}));
}

TEST(SubmitContact, RefusesWhatIsTooLarge) {
  auto request = ConcernOf("barnet", "BAD-3");
  request.mutable_contact()->set_concerns(std::string(5 << 20, 'x'));
  // gRPC itself stops reading, so nothing of ours can add a reason.
  EXPECT_EQ(Submit(request).code, absl::StatusCode::kResourceExhausted);
}

TEST(SubmitContact, RefusesMetadataThatIsTooLarge) {
  referrals::SubmitContactResponse reply;
  client::Headers headers = kBarnet;
  headers["x-invented"] = std::string(7000, 'x');
  headers["x-invented-2"] = std::string(2000, 'x');
  const absl::Status status = School().Call(std::string(kContacts) + "SubmitContact",
                                            ConcernOf("barnet", "BAD-4"), headers, &reply);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

TEST(SubmitContact, RefusesATextThatIsNotUtf8) {
  auto request = ConcernOf("barnet", "BAD-5");
  std::string bytes = request.SerializeAsString();
  const size_t at = bytes.find("Zzinvented");
  bytes[at] = '\xff';
  const Failure failure =
      Failure::Of(School().Call(std::string(kContacts) + "SubmitContact", bytes, kBarnet).status());
  EXPECT_EQ(failure.code, absl::StatusCode::kInvalidArgument) << failure;
}

TEST(SubmitContact, RefusesAnIdentifierWithAWrongCheckDigit) {
  auto request = ConcernOf("barnet", "BAD-6");
  request.mutable_contact()->mutable_children(0)->set_nhs_number("9990000019");
  EXPECT_EQ(Submit(request), InvalidAt("contact.children[0].nhs_number"));
}

referrals::Child NewChild(const std::string& family_name) {
  referrals::CreateChildRequest create;
  create.set_parent("boroughs/barnet");
  create.set_request_id(NewRequestId());
  create.mutable_child()->set_family_name(family_name);
  create.mutable_child()->mutable_birth_date()->set_year(2015);
  create.mutable_child()->mutable_birth_date()->set_month(3);
  create.mutable_child()->mutable_birth_date()->set_day(14);
  referrals::CreateChildResponse reply;
  const absl::Status status =
      Council().Call(std::string(kChildren) + "CreateChild", create, kBarnet, &reply);
  EXPECT_TRUE(status.ok()) << status;
  return reply.child();
}

Failure Update(const referrals::UpdateChildRequest& request) {
  referrals::UpdateChildResponse reply;
  return Failure::Of(
      Council().Call(std::string(kChildren) + "UpdateChild", request, kBarnet, &reply));
}

TEST(UpdateChild, RefusesAnEtagThatIsStale) {
  const referrals::Child child = NewChild("Zzinvented");
  referrals::UpdateChildRequest update;
  update.mutable_child()->set_name(child.name());
  update.mutable_child()->set_given_name("Quentin");
  update.set_etag(child.etag());
  update.set_request_id(NewRequestId());
  EXPECT_EQ(Update(update), kAccepted);
  update.set_request_id(NewRequestId());
  EXPECT_EQ(Update(update), (Failure{absl::StatusCode::kAborted, "ETAG_MISMATCH", {}}));
}

TEST(UpdateChild, RefusesAPathThatIsNoField) {
  const referrals::Child child = NewChild("Zzinvented");
  referrals::UpdateChildRequest update;
  update.mutable_child()->set_name(child.name());
  update.set_etag(child.etag());
  update.set_request_id(NewRequestId());
  update.mutable_update_mask()->add_paths("shoe_size");
  EXPECT_EQ(Update(update), InvalidAt("update_mask"));
}

TEST(UpdateChild, RefusesAPatchWithoutTheNameOfItsRecord) {
  referrals::UpdateChildRequest update;
  update.mutable_child()->set_given_name("Quentin");
  update.set_etag("\"1\"");
  update.set_request_id(NewRequestId());
  EXPECT_EQ(Update(update), InvalidAt("child.name"));
}

TEST(GetIndicators, RefusesAPeriodThatEndsBeforeItStarts) {
  safeguarding::indicators::v1::GetIndicatorsRequest request;
  request.set_parent("boroughs/barnet");
  request.mutable_start_date()->set_year(2025);
  request.mutable_start_date()->set_month(4);
  request.mutable_start_date()->set_day(1);
  *request.mutable_end_date() = request.start_date();
  request.mutable_end_date()->set_year(2024);
  client::Headers headers = kBarnet;
  headers["lscp-service"] = "referrals";
  EXPECT_EQ(Failure::Of(Council()
                            .Call("/safeguarding.indicators.v1.IndicatorsService/GetIndicators",
                                  request.SerializeAsString(), headers)
                            .status()),
            InvalidAt("end_date"));
}

TEST(PersonalData, IsNotGivenWithoutAPurpose) {
  client::Target target = TheSuite().TargetOf("example-primary-school");
  target.purpose = "";
  auto channel = client::Channel::Open(target).value();
  for (const auto* method : PublicMethods()) {
    if (RuleOf(*method).permission() != "contacts.submit" ||
        RuleOf(*method).discloses() != options::DISCLOSES_PERSONAL_DATA) {
      continue;
    }
    EXPECT_EQ(Failure::Of(CallAny(*channel, *method,
                                  WellFormed(*method, "barnet")->SerializeAsString(), kBarnet)),
              InvalidAt("lscp-purpose"))
        << method->full_name();
  }
}

}  // namespace
}  // namespace lscp::tests
