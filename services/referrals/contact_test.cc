#include "referrals/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/workflow/transition_testing.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"

namespace lscp::referrals {
namespace {

using pb::Contact;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kReceived = absl::FromUnixSeconds(1741600800);  // Monday 10 March 2025, 10:00 UTC
const Step kStep = {"m.manager@hub.example", kReceived + absl::Hours(2)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

const Settings::Borough& Borough() {
  static const auto settings = Settings::Create(Parse<pb::ReferralsSettings>(R"pb(
                                                  boroughs {
                                                    id: "testborough"
                                                    threshold_documents {
                                                      version: "2024-03"
                                                      from_date { year: 2024 month: 3 day: 1 }
                                                      levels: [ "1", "2", "3", "4" ]
                                                    }
                                                    teams { id: "assessment-1" display_name: "A" }
                                                    teams {
                                                      id: "ended"
                                                      to_date { year: 2024 month: 12 day: 31 }
                                                    }
                                                  }
                                                )pb"),
                                                {"testborough"});
  return settings->Of("testborough");
}

Contact Sent() {
  return Parse<Contact>(R"pb(
    form_type: FORM_TYPE_REFERRAL_FORM
    source: REFERRAL_SOURCE_SCHOOL
    children { given_name: "Testa" family_name: "Beispiel" }
    children { given_name: "Muster" family_name: "Beispiel" }
    consent { status: STATUS_OBTAINED }
    concerns: "invented"
  )pb");
}

// A contact as it stands in a state, both children tied to the register.
Contact In(Contact::State state, pb::ContactChannel channel = pb::CONTACT_CHANNEL_TELEPHONE) {
  Contact contact = *ReceiveContact(Sent(), {channel, "testschool", kReceived}, Borough());
  contact.set_name("boroughs/testborough/contacts/c1");
  contact.mutable_children(0)->set_child("boroughs/testborough/children/k1");
  contact.mutable_children(1)->set_child("boroughs/testborough/children/k2");
  contact.set_state(state);
  return contact;
}

pb::DecideContactRequest ReferralOf(const std::vector<std::string>& child_ids) {
  auto request = Parse<pb::DecideContactRequest>(R"pb(
    final_brag: BRAG_AMBER
    outcome: CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE
    rationale: "invented"
    threshold_level: "3"
    threshold_version: "2024-03"
    feedback: "We refer the child."
  )pb");
  for (const std::string& id : child_ids) {
    pb::ChildDecision& child = *request.add_children();
    child.set_child_id(id);
    child.set_primary_need(pb::PRIMARY_NEED_ABUSE_OR_NEGLECT);
  }
  return request;
}

pb::RecordFeedbackRequest ByTelephone() {
  return Parse<pb::RecordFeedbackRequest>(R"pb(channel: CONTACT_CHANNEL_TELEPHONE
                                               given_to: "Head of Testschool")pb");
}

absl::Status MarkAsDuplicate(Contact& contact, Contact::State original = Contact::STATE_RATED) {
  Contact other = In(original);
  other.set_name("boroughs/testborough/contacts/c0");
  return MarkDuplicate(contact, other,
                       Parse<pb::MarkDuplicateContactRequest>(R"pb(reason: "same incident"
                                                                   feedback: "Known already.")pb"),
                       kStep);
}

std::vector<std::string> Violations(const absl::Status& status) {
  std::vector<std::string> fields;
  google::rpc::BadRequest bad;
  const google::rpc::Status wire = ToRpcStatus(status, "test");
  for (const auto& any : wire.details()) any.UnpackTo(&bad);
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

// The verbs that change a contact, each as a request that nothing but the state can fail.
const std::map<std::string, std::function<absl::Status(Contact&)>>& Verbs() {
  static const std::map<std::string, std::function<absl::Status(Contact&)>> verbs = {
      {"AcknowledgeContact", [](Contact& c) { return Acknowledge(c, kStep.now); }},
      {"RateContact",
       [](Contact& c) {
         return Rate(c, Parse<pb::RateContactRequest>("initial_brag: BRAG_RED reason: 'x'"), kStep,
                     Borough());
       }},
      {"LinkChild", [](Contact& c) { return ChildToLink(c, "1").status(); }},
      {"RequestAgencyChecks", [](Contact& c) { return AllowChecks(c, {}); }},
      {"ReclassifyContact",
       [](Contact& c) {
         return Reclassify(c,
                           Parse<pb::ReclassifyContactRequest>(
                               "form_type: FORM_TYPE_POLICE_NOTIFICATION reason: 'x'"),
                           kStep);
       }},
      {"DecideContact", [](Contact& c) { return Decide(c, ReferralOf({"1"}), kStep, Borough()); }},
      {"RecordFeedback", [](Contact& c) { return GiveFeedback(c, ByTelephone(), kStep); }},
      {"MarkDuplicateContact", [](Contact& c) { return MarkAsDuplicate(c); }},
  };
  return verbs;
}

TEST(ContactTransitions, LeadToEveryState) { EXPECT_TRUE(testing::IsWhole(kContactTransitions)); }

TEST(ContactTransitions, StandInTheReadme) {
  EXPECT_TRUE(testing::FileHolds(LSCP_REFERRALS_README, MarkdownTable(kContactTransitions)));
}

TEST(ContactTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kContactTransitions)) {
    const auto verb = Verbs().find(cell.verb);
    if (verb == Verbs().end() || cell.state == Contact::STATE_UNSPECIFIED) continue;
    Contact contact = In(cell.state);
    const absl::Status status = verb->second(contact);
    const std::string what = cell.verb + " in " + StateName(cell.state);
    EXPECT_EQ(status.ok(), cell.to.has_value()) << what << ": " << status;
    if (cell.to) {
      EXPECT_EQ(contact.state(), *cell.to) << what;
    } else {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED) << what;
    }
  }
}

TEST(ReceiveContact, LeavesBehindWhatOnlyTheHubSays) {
  Contact sent = Sent();
  sent.set_name("boroughs/elsewhere/contacts/x");
  sent.set_state(Contact::STATE_CLOSED);
  sent.set_initial_brag(pb::BRAG_BLUE);
  sent.set_source_agency("police");
  sent.mutable_decision()->set_manager("nobody");
  sent.mutable_children(0)->set_child("boroughs/elsewhere/children/x");
  sent.mutable_children(0)->set_id("9");
  const auto contact =
      ReceiveContact(sent, {pb::CONTACT_CHANNEL_API, "testschool", kReceived}, Borough());
  ASSERT_TRUE(contact.ok()) << contact.status();
  EXPECT_EQ(contact->name(), "");
  EXPECT_EQ(contact->state(), Contact::STATE_RECEIVED);
  EXPECT_EQ(contact->initial_brag(), pb::BRAG_UNSPECIFIED);
  EXPECT_EQ(contact->source_agency(), "testschool");
  EXPECT_FALSE(contact->has_decision());
  EXPECT_EQ(contact->children(0).child(), "");
  EXPECT_EQ(contact->children(0).id(), "1");
  EXPECT_EQ(contact->children(1).id(), "2");
  EXPECT_EQ(contact->concerns(), "invented");
}

TEST(ReceiveContact, ByApiIsAcknowledgedAtOnceAndOtherwiseNot) {
  EXPECT_TRUE(In(Contact::STATE_RECEIVED, pb::CONTACT_CHANNEL_API).has_acknowledge_time());
  EXPECT_FALSE(In(Contact::STATE_RECEIVED, pb::CONTACT_CHANNEL_EMAIL).has_acknowledge_time());
}

TEST(ReceiveContact, IsToBeDecidedInTheHoursOfAnUnratedContact) {
  EXPECT_EQ(ProtoToTime(In(Contact::STATE_RECEIVED).decision_due_time()),
            kReceived + absl::Hours(24));
}

TEST(ReceiveContact, ListsAllThatIsWrong) {
  Contact sent = Sent();
  sent.mutable_consent()->set_status(pb::Consent::STATUS_REFUSED);
  *sent.mutable_children(1)->mutable_birth_date() = DateToProto(absl::CivilDay(2020, 1, 1));
  *sent.mutable_children(1)->mutable_expected_birth_date() =
      DateToProto(absl::CivilDay(2025, 9, 1));
  const auto contact = ReceiveContact(sent, {}, Borough());
  EXPECT_THAT(Violations(contact.status()),
              ElementsAre("contact.consent.reason", "contact.children[1].expected_birth_date"));
}

TEST(Acknowledge, IsDoneOnceAndNotBeforeTheContactArrived) {
  Contact contact = In(Contact::STATE_RATED);
  EXPECT_THAT(Violations(Acknowledge(contact, kReceived - absl::Seconds(1))),
              ElementsAre("acknowledge_time"));
  ASSERT_TRUE(Acknowledge(contact, kReceived).ok());
  EXPECT_EQ(ReasonOf(Acknowledge(contact, kReceived)), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST(Rate, CountsTheTimeFromTheArrivalHoweverLateTheRating) {
  Contact contact = In(Contact::STATE_RECEIVED);
  pb::RateContactRequest request;
  const std::map<pb::Brag, int> hours = {
      {pb::BRAG_BLUE, 72}, {pb::BRAG_GREEN, 72}, {pb::BRAG_AMBER, 24}, {pb::BRAG_RED, 4}};
  for (const auto& [brag, expected] : hours) {
    request.set_initial_brag(brag);
    ASSERT_TRUE(Rate(contact, request, kStep, Borough()).ok());
    EXPECT_EQ(ProtoToTime(contact.decision_due_time()), kReceived + absl::Hours(expected));
  }
}

TEST(Rate, AgainKeepsTheTimeOfTheFirst) {
  Contact contact = In(Contact::STATE_RECEIVED);
  pb::RateContactRequest request;
  request.set_initial_brag(pb::BRAG_GREEN);
  ASSERT_TRUE(Rate(contact, request, kStep, Borough()).ok());
  ASSERT_TRUE(Rate(contact, request, {"other", kStep.now + absl::Hours(1)}, Borough()).ok());
  EXPECT_EQ(ProtoToTime(contact.rate_time()), kStep.now);
  EXPECT_EQ(contact.rated_by(), "other");
}

TEST(ChildToLink, MustBeOneOfTheContact) {
  Contact contact = In(Contact::STATE_RATED);
  EXPECT_EQ((*ChildToLink(contact, "2"))->given_name(), "Muster");
  EXPECT_THAT(Violations(ChildToLink(contact, "3").status()), ElementsAre("child_id"));
}

TEST(AllowChecks, NeedsConsentOrAReasonToGoWithout) {
  for (const auto status : {pb::Consent::STATUS_REFUSED, pb::Consent::STATUS_NOT_SOUGHT}) {
    Contact contact = In(Contact::STATE_RATED);
    contact.mutable_consent()->set_status(status);
    contact.mutable_consent()->set_reason("why the sender wrote without consent");
    pb::RequestAgencyChecksRequest request;
    EXPECT_EQ(ReasonOf(AllowChecks(contact, request)), reason::ERROR_REASON_RULE_NOT_MET);
    request.set_without_consent_reason("significant harm is suspected");
    EXPECT_TRUE(AllowChecks(contact, request).ok());
    EXPECT_EQ(contact.checks_without_consent_reason(), "significant harm is suspected");
    EXPECT_TRUE(AllowChecks(contact, {}).ok()) << "the reason is on record";
  }
}

TEST(Decide, ClosesAtOnceWhereTheSenderHearsByApi) {
  Contact contact = In(Contact::STATE_RATED, pb::CONTACT_CHANNEL_API);
  ASSERT_TRUE(Decide(contact, ReferralOf({"1"}), kStep, Borough()).ok());
  EXPECT_EQ(contact.state(), Contact::STATE_CLOSED);
  EXPECT_EQ(contact.feedback().channel(), pb::CONTACT_CHANNEL_API);
  EXPECT_EQ(ProtoToTime(contact.feedback().give_time()), kStep.now);
  EXPECT_EQ(contact.decision().manager(), kStep.person);
}

TEST(Decide, LeavesTheFeedbackToBeGivenWhereTheSenderDoesNotHearByApi) {
  Contact contact = In(Contact::STATE_RATED);
  ASSERT_TRUE(Decide(contact, ReferralOf({"1"}), kStep, Borough()).ok());
  EXPECT_EQ(contact.state(), Contact::STATE_DECIDED);
  EXPECT_EQ(contact.feedback().text(), "We refer the child.");
  EXPECT_FALSE(contact.feedback().has_give_time());
}

struct BadDecision {
  const char* name;
  std::function<void(Contact&, pb::DecideContactRequest&)> spoil;
  std::vector<std::string> fields;
};
class DecideListsWhatIsWrong : public ::testing::TestWithParam<BadDecision> {};

TEST_P(DecideListsWhatIsWrong, ByField) {
  Contact contact = In(Contact::STATE_RATED);
  auto request = ReferralOf({"1", "2"});
  GetParam().spoil(contact, request);
  EXPECT_EQ(Violations(Decide(contact, request, kStep, Borough())), GetParam().fields);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, DecideListsWhatIsWrong,
    ::testing::Values(
        BadDecision{"UnknownThresholdVersion",
                    [](Contact&, auto& r) { r.set_threshold_version("1999"); },
                    {"threshold_version"}},
        BadDecision{"UnknownThresholdLevel",
                    [](Contact&, auto& r) { r.set_threshold_level("7"); },
                    {"threshold_level"}},
        BadDecision{
            "ReferralWithoutChildren", [](Contact&, auto& r) { r.clear_children(); }, {"children"}},
        BadDecision{"ChildrenWithoutReferral",
                    [](Contact&, auto& r) { r.set_outcome(pb::CONTACT_OUTCOME_EARLY_HELP); },
                    {"children"}},
        BadDecision{"NoSuchChild",
                    [](Contact&, auto& r) { r.mutable_children(1)->set_child_id("3"); },
                    {"children[1].child_id"}},
        BadDecision{"ChildTwice",
                    [](Contact&, auto& r) { r.mutable_children(1)->set_child_id("1"); },
                    {"children[1].child_id"}},
        BadDecision{
            "OneChildOfTheRegisterTwice",
            [](Contact& c, auto&) { c.mutable_children(1)->set_child(c.children(0).child()); },
            {"children[1].child_id"}},
        BadDecision{"UnknownAndEndedTeams",
                    [](Contact&, auto& r) {
                      r.mutable_children(0)->set_team("nowhere");
                      r.mutable_children(1)->set_team("ended");
                    },
                    {"children[0].team", "children[1].team"}}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Decide, RefersOnlyChildrenWhoAreTiedToTheRegister) {
  Contact contact = In(Contact::STATE_RATED);
  contact.mutable_children(1)->clear_child();
  Contact other = contact;
  EXPECT_EQ(ReasonOf(Decide(contact, ReferralOf({"1", "2"}), kStep, Borough())),
            reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_TRUE(Decide(other, ReferralOf({"1"}), kStep, Borough()).ok());
}

TEST(Decide, MakesAnInformationSharingFormAReferralOnlyOnceItIsReclassified) {
  Contact contact = In(Contact::STATE_RATED);
  contact.set_form_type(pb::FORM_TYPE_INFORMATION_SHARING_FORM);
  Contact refused = contact;
  EXPECT_EQ(ReasonOf(Decide(refused, ReferralOf({"1"}), kStep, Borough())),
            reason::ERROR_REASON_RULE_NOT_MET);
  pb::ReclassifyContactRequest request;
  request.set_form_type(pb::FORM_TYPE_REFERRAL_FORM);
  request.set_reason("tells of harm");
  ASSERT_TRUE(Reclassify(contact, request, kStep).ok());
  ASSERT_EQ(contact.reclassifications_size(), 1);
  EXPECT_EQ(contact.reclassifications(0).from_form_type(), pb::FORM_TYPE_INFORMATION_SHARING_FORM);
  EXPECT_TRUE(Decide(contact, ReferralOf({"1"}), kStep, Borough()).ok());
}

TEST(Decide, LetsAnInformationSharingFormEndOtherwise) {
  Contact contact = In(Contact::STATE_RATED);
  contact.set_form_type(pb::FORM_TYPE_INFORMATION_SHARING_FORM);
  auto request = ReferralOf({});
  request.set_outcome(pb::CONTACT_OUTCOME_EARLY_HELP);
  EXPECT_TRUE(Decide(contact, request, kStep, Borough()).ok());
}

TEST(Reclassify, MustChangeTheFormType) {
  Contact contact = In(Contact::STATE_RATED);
  pb::ReclassifyContactRequest request;
  request.set_form_type(contact.form_type());
  EXPECT_THAT(Violations(Reclassify(contact, request, kStep)), ElementsAre("form_type"));
}

TEST(GiveFeedback, AcknowledgesWhatNobodyAcknowledged) {
  Contact contact = In(Contact::STATE_DECIDED);
  ASSERT_TRUE(GiveFeedback(contact, ByTelephone(), kStep).ok());
  EXPECT_EQ(ProtoToTime(contact.acknowledge_time()), kStep.now);
  EXPECT_EQ(contact.feedback().given_by(), kStep.person);
}

TEST(GiveFeedback, IsNotByApiAndNotBeforeTheContactArrived) {
  Contact contact = In(Contact::STATE_DECIDED);
  auto request = ByTelephone();
  *request.mutable_give_time() = TimeToProto(kReceived - absl::Seconds(1));
  EXPECT_THAT(Violations(GiveFeedback(contact, request, kStep)), ElementsAre("give_time"));
  contact = In(Contact::STATE_DECIDED);
  request = ByTelephone();
  request.set_channel(pb::CONTACT_CHANNEL_API);
  EXPECT_THAT(Violations(GiveFeedback(contact, request, kStep)), ElementsAre("channel"));
}

TEST(MarkDuplicate, TellsTheSenderAndNamesTheOther) {
  Contact contact = In(Contact::STATE_RECEIVED, pb::CONTACT_CHANNEL_API);
  ASSERT_TRUE(MarkAsDuplicate(contact).ok());
  EXPECT_EQ(contact.duplicate_of(), "boroughs/testborough/contacts/c0");
  EXPECT_EQ(contact.duplicate_reason(), "same incident");
  EXPECT_EQ(contact.feedback().text(), "Known already.");
  EXPECT_TRUE(contact.feedback().has_give_time());
}

TEST(MarkDuplicate, LeavesWhoDoesNotHearByApiToBeToldOnce) {
  Contact contact = In(Contact::STATE_RECEIVED);
  ASSERT_TRUE(MarkAsDuplicate(contact).ok());
  ASSERT_TRUE(OwesFeedback(contact) && GiveFeedback(contact, ByTelephone(), kStep).ok());
  EXPECT_FALSE(OwesFeedback(contact));
  EXPECT_FALSE(GiveFeedback(contact, ByTelephone(), kStep).ok());
}

TEST(MarkDuplicate, IsNotOfADuplicate) {
  Contact contact = In(Contact::STATE_RECEIVED);
  EXPECT_EQ(ReasonOf(MarkAsDuplicate(contact, Contact::STATE_DUPLICATE)),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

}  // namespace
}  // namespace lscp::referrals
