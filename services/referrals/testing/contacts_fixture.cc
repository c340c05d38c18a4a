#include "referrals/testing/contacts_fixture.h"

#include "common/timescales/store.h"
#include "common/workflow/transition.h"
#include "referrals/contact_watch.h"

namespace lscp::referrals {

pb::Contact SentContact() {
  return Parse<pb::Contact>(R"pb(
    form_type: FORM_TYPE_REFERRAL_FORM
    source: REFERRAL_SOURCE_SCHOOL
    sender_reference: "case 17"
    children {
      given_name: "Testa"
      family_name: "Beispiel"
      birth_date { year: 2016 month: 5 day: 4 }
      sex: SEX_FEMALE
      nhs_number: "9000000009"
    }
    children {
      given_name: "Muster"
      family_name: "Beispiel"
      birth_date { year: 2019 month: 1 day: 31 }
      sex: SEX_MALE
    }
    adults { given_name: "Eltern" family_name: "Beispiel" relation: "mother" }
    consent { status: STATUS_OBTAINED }
    concerns: "Invented concerns."
    attachments {
      uri: "https://files.testschool.example/1"
      sha256: "0000000000000000000000000000000000000000000000000000000000000000"
      title: "Chronology"
    }
  )pb");
}

pb::DecideContactRequest ReferTheFirstChild() {
  return Parse<pb::DecideContactRequest>(R"pb(
    final_brag: BRAG_RED
    outcome: CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE
    rationale: "Invented rationale."
    threshold_level: "4"
    threshold_version: "2024-04"
    feedback: "The child is referred to social care."
    children { child_id: "1" primary_need: PRIMARY_NEED_ABUSE_OR_NEGLECT team: "assessment-1" }
  )pb");
}

Settings ContactsFixture::TestSettings() {
  return *Settings::Create(Parse<pb::ReferralsSettings>(R"pb(
                             boroughs {
                               id: "barnet"
                               threshold_documents {
                                 version: "2024-04"
                                 from_date { year: 2024 month: 4 day: 1 }
                                 levels: [ "1", "2", "3", "4" ]
                               }
                               teams { id: "assessment-1" }
                             }
                           )pb"),
                           {"barnet"});
}

std::string ContactsFixture::Submitted(const std::string& agency) {
  As(agency);
  pb::SubmitContactRequest request;
  *request.mutable_contact() = SentContact();
  const auto response = harness_.Run(contacts_, &Contacts::Submit, request);
  EXPECT_TRUE(response.ok()) << response.status();
  AsHub();
  return response.ok() ? response->referral().name() : "";
}

pb::Contact ContactsFixture::Recorded(const std::string& agency) {
  pb::RecordContactRequest request;
  *request.mutable_contact() = SentContact();
  request.set_channel(pb::CONTACT_CHANNEL_TELEPHONE);
  request.set_source_agency(agency);
  const auto response = harness_.Run(contacts_, &Contacts::Record, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->contact() : pb::Contact();
}

pb::Contact ContactsFixture::Read(const std::string& name) {
  pb::GetContactRequest request;
  request.set_name(name);
  const auto response = harness_.Run(contacts_, &Contacts::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->contact() : pb::Contact();
}

pb::Contact ContactsFixture::Rated(const std::string& name, pb::Brag brag) {
  auto request = About<pb::RateContactRequest>(name, "reason: 'invented'");
  request.set_initial_brag(brag);
  const auto response = harness_.Run(contacts_, &Contacts::Rate, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->contact() : pb::Contact();
}

pb::Contact ContactsFixture::Linked(const std::string& name, const std::string& child_id) {
  auto request = About<pb::LinkChildRequest>(name, "create_child: true");
  request.set_child_id(child_id);
  const auto response = harness_.Run(contacts_, &Contacts::LinkChild, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->contact() : pb::Contact();
}

pb::Contact ContactsFixture::Asked(const std::string& name,
                                   const std::vector<std::string>& agencies) {
  auto request = About<pb::RequestAgencyChecksRequest>(name);
  for (const std::string& agency : agencies) {
    pb::AgencyQuestion& question = *request.add_questions();
    question.set_agency(agency);
    question.set_question("Is the family known to you?");
  }
  const auto response = harness_.Run(checks_, &AgencyChecks::Request, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->contact() : pb::Contact();
}

std::vector<FeedEntry> ContactsFixture::Fed(const std::string& method) {
  std::vector<FeedEntry> fed;
  for (const JournalEntry& entry : harness_.entries) {
    FeedEntry& row = fed.emplace_back();
    row.at = harness_.clock.Now();
    row.method = std::string(kContactsService) + "/" + method;
    row.resource = entry.resource;
    row.revision = entry.revision;
    row.payload = entry.payload;
    if (entry.event) row.event = entry.event->content;
  }
  return fed;
}

std::vector<std::string> ContactsFixture::Clocks(const std::string& subject) {
  safeguarding::timescales::v1::ListTimescalesRequest request;
  request.set_include_ended(true);
  const auto response =
      timescales::List(harness_.Database(), request, harness_.boroughs, "", harness_.clock.Now());
  EXPECT_TRUE(response.ok()) << response.status();
  std::vector<std::string> clocks;
  if (!response.ok()) return clocks;
  for (const auto& clock : response->timescales()) {
    if (clock.subject() == subject) clocks.push_back(clock.rule() + " " + StateName(clock.state()));
  }
  return clocks;
}

}  // namespace lscp::referrals
