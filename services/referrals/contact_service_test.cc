#include "referrals/contact_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/time/convert.h"
#include "referrals/contact_watch.h"
#include "referrals/testing/contacts_fixture.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {
namespace {

using pb::Contact;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ContactsTest : public ContactsFixture {
 protected:
  std::vector<std::string> Names(const pb::ListContactsRequest& request) {
    const auto response = harness_.Run(contacts_, &Contacts::List, request);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const Contact& contact : response->contacts()) names.push_back(contact.name());
    return names;
  }
  std::vector<std::string> Listed(const std::string& filter) {
    return Names(Parse<pb::ListContactsRequest>(filter));
  }

  template <typename Response>
  void ExpectRefused(const absl::StatusOr<Response>& response, absl::StatusCode code,
                     Reason reason) {
    EXPECT_EQ(response.status().code(), code) << response.status();
    EXPECT_EQ(ReasonOf(response.status()), reason) << response.status();
  }
};

TEST_F(ContactsTest, TheWholeStoryFromTheSchoolsConcernToItsAnswer) {
  const std::string name = Submitted("testschool");
  EXPECT_THAT(Clocks(name),
              UnorderedElementsAre("contact_acknowledgement MET", "contact_decision RUNNING"));

  EXPECT_EQ(Rated(name, pb::BRAG_RED).state(), Contact::STATE_RATED);
  Contact contact = Asked(name, {"testhealth", "testpolice"});
  ASSERT_EQ(contact.agency_checks_size(), 2);

  As("testhealth", "nina.nurse");
  pb::AnswerAgencyCheckRequest answer;
  answer.set_name(contact.agency_checks(0).name());
  answer.set_etag(contact.agency_checks(0).etag());
  answer.set_known(true);
  answer.set_information("Missed appointments.");
  ASSERT_TRUE(harness_.Run(checks_, &AgencyChecks::Answer, answer).ok());

  AsHub();
  EXPECT_NE(Linked(name).children(0).child(), "");
  auto decision = ReferTheFirstChild();
  decision.set_name(name);
  decision.set_etag(Read(name).etag());
  const auto decided = harness_.Run(contacts_, &Contacts::Decide, decision);
  ASSERT_TRUE(decided.ok()) << decided.status();
  contact = decided->contact();
  EXPECT_EQ(contact.state(), Contact::STATE_CLOSED);
  EXPECT_EQ(contact.referrals_size(), 1);
  EXPECT_EQ(contact.agency_checks(0).state(), pb::AgencyCheck::STATE_ANSWERED);
  EXPECT_EQ(contact.agency_checks(1).state(), pb::AgencyCheck::STATE_LAPSED);
  EXPECT_THAT(Clocks(name),
              UnorderedElementsAre("contact_acknowledgement MET", "contact_decision MET"));
  EXPECT_THAT(Clocks(contact.agency_checks(0).name()), ElementsAre("agency_check_answer MET"));
  EXPECT_THAT(Clocks(contact.agency_checks(1).name()),
              ElementsAre("agency_check_answer CANCELLED"));

  As("testschool");
  pb::GetMyReferralRequest mine;
  mine.set_name(name);
  const auto seen = harness_.Run(mine_, &MyReferrals::Get, mine);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->referral().state(), pb::MyReferral::STATE_DECIDED);
  EXPECT_EQ(seen->referral().outcome(), pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE);
  EXPECT_EQ(seen->referral().feedback(), "The child is referred to social care.");
}

TEST_F(ContactsTest, ADecisionTellsTheOtherServicesOfChildrenAndReferrals) {
  const std::string name = Submitted();
  EXPECT_EQ(harness_.entries.back().event->type, "referrals.contact_received");
  Linked(name);
  auto decision = ReferTheFirstChild();
  decision.set_name(name);
  decision.set_etag(Read(name).etag());
  const auto decided = harness_.Run(contacts_, &Contacts::Decide, decision);
  ASSERT_TRUE(decided.ok()) << decided.status();
  const JournalEntry& entry = harness_.entries.back();
  EXPECT_EQ(entry.resource, name);
  EXPECT_EQ(entry.event->type, "referrals.contact_decided");
  google::protobuf::Any any;
  pb::ContactDecided told;
  ASSERT_TRUE(any.ParseFromString(entry.event->content) && any.UnpackTo(&told));
  EXPECT_THAT(told.children(), ElementsAre(decided->contact().children(0).child()));
  EXPECT_THAT(told.referrals(), ElementsAre(decided->contact().referrals(0)));
}

TEST_F(ContactsTest, ARecordedContactWaitsForAcknowledgementAndFeedback) {
  const std::string name = Recorded().name();
  EXPECT_THAT(Clocks(name),
              UnorderedElementsAre("contact_acknowledgement RUNNING", "contact_decision RUNNING"));
  ASSERT_TRUE(
      harness_.Run(contacts_, &Contacts::Acknowledge, About<pb::AcknowledgeContactRequest>(name))
          .ok());
  auto decision = ReferTheFirstChild();
  decision.set_outcome(pb::CONTACT_OUTCOME_EARLY_HELP);
  decision.clear_children();
  decision.set_name(name);
  decision.set_etag(Read(name).etag());
  const auto decided = harness_.Run(contacts_, &Contacts::Decide, decision);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->contact().state(), Contact::STATE_DECIDED);
  EXPECT_THAT(Clocks(name),
              UnorderedElementsAre("contact_acknowledgement MET", "contact_decision MET",
                                   "contact_feedback RUNNING"));
  EXPECT_THAT(Listed("awaiting_feedback: true"), ElementsAre(name));

  const auto closed = harness_.Run(
      contacts_, &Contacts::RecordFeedback,
      About<pb::RecordFeedbackRequest>(name, "channel: CONTACT_CHANNEL_TELEPHONE given_to: 'x'"));
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->contact().state(), Contact::STATE_CLOSED);
  EXPECT_THAT(Clocks(name), UnorderedElementsAre("contact_acknowledgement MET",
                                                 "contact_decision MET", "contact_feedback MET"));
  EXPECT_THAT(Listed("awaiting_feedback: true"), IsEmpty());
}

TEST_F(ContactsTest, NothingIsOwedToAnAnonymousSender) {
  pb::RecordContactRequest record;
  *record.mutable_contact() = SentContact();
  record.mutable_contact()->set_source(pb::REFERRAL_SOURCE_ANONYMOUS);
  record.set_channel(pb::CONTACT_CHANNEL_TELEPHONE);
  const auto recorded = harness_.Run(contacts_, &Contacts::Record, record);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  const std::string name = recorded->contact().name();
  EXPECT_THAT(Clocks(name), ElementsAre("contact_decision RUNNING"));
  auto decision = ReferTheFirstChild();
  decision.set_outcome(pb::CONTACT_OUTCOME_EARLY_HELP);
  decision.clear_children();
  decision.set_name(name);
  decision.set_etag(recorded->contact().etag());
  const auto decided = harness_.Run(contacts_, &Contacts::Decide, decision);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->contact().state(), Contact::STATE_CLOSED);
  EXPECT_FALSE(decided->contact().feedback().has_give_time());
  EXPECT_THAT(Clocks(name), ElementsAre("contact_decision MET"));
}

TEST_F(ContactsTest, AContactIsNotRecordedAsByApi) {
  pb::RecordContactRequest request;
  *request.mutable_contact() = SentContact();
  request.set_channel(pb::CONTACT_CHANNEL_API);
  ExpectRefused(harness_.Run(contacts_, &Contacts::Record, request),
                absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_INVALID_FIELDS);
}

TEST_F(ContactsTest, ARatingMovesTheTimeDue) {
  const std::string name = Submitted();
  const absl::Time received = harness_.clock.Now();
  harness_.clock.Advance(absl::Hours(5));
  EXPECT_EQ(ProtoToTime(Rated(name, pb::BRAG_RED).decision_due_time()), received + absl::Hours(4));
  EXPECT_THAT(Clocks(name),
              UnorderedElementsAre("contact_acknowledgement MET", "contact_decision OVERDUE"));
  EXPECT_THAT(Listed("overdue: true"), ElementsAre(name));
  Rated(name, pb::BRAG_GREEN);
  EXPECT_THAT(Listed("overdue: true"), IsEmpty());
}

TEST_F(ContactsTest, AChildIsTiedToARecordThatIsThere) {
  const std::string child = Linked(Submitted()).children(0).child();
  const std::string name = Submitted("testpolice");
  auto request = About<pb::LinkChildRequest>(name, "child_id: '1'");
  request.set_child(child);
  const auto linked = harness_.Run(contacts_, &Contacts::LinkChild, request);
  ASSERT_TRUE(linked.ok()) << linked.status();
  EXPECT_EQ(linked->contact().children(0).child(), child);
  EXPECT_EQ(Listed("child: '" + child + "'").size(), 2u);
}

TEST_F(ContactsTest, AChildIsNotAddedTwice) {
  Linked(Submitted());
  const std::string name = Submitted("testpolice");
  ExpectRefused(harness_.Run(contacts_, &Contacts::LinkChild,
                             About<pb::LinkChildRequest>(name, "child_id: '1' create_child: true")),
                absl::StatusCode::kAlreadyExists, reason::ERROR_REASON_DUPLICATE_RECORD);
}

TEST_F(ContactsTest, LinkChildNeedsATargetThatIsThere) {
  const std::string name = Submitted();
  ExpectRefused(harness_.Run(contacts_, &Contacts::LinkChild,
                             About<pb::LinkChildRequest>(name, "child_id: '1'")),
                absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_INVALID_FIELDS);
  for (const char* child : {"boroughs/barnet/children/none", "boroughs/harrow/children/k1"}) {
    auto request = About<pb::LinkChildRequest>(name, "child_id: '1'");
    request.set_child(child);
    ExpectRefused(harness_.Run(contacts_, &Contacts::LinkChild, request),
                  absl::StatusCode::kPermissionDenied, reason::ERROR_REASON_PERMISSION_DENIED);
  }
}

TEST_F(ContactsTest, AReferredChildMustBeTiedToTheRegister) {
  auto decision = ReferTheFirstChild();
  const std::string name = Submitted();
  decision.set_name(name);
  decision.set_etag(Read(name).etag());
  ExpectRefused(harness_.Run(contacts_, &Contacts::Decide, decision),
                absl::StatusCode::kFailedPrecondition, reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_EQ(Read(name).state(), Contact::STATE_RECEIVED);
}

TEST_F(ContactsTest, WhatBelongsToARestrictedChildIsThereForItsPeopleOnly) {
  const std::string name = Submitted();
  const std::string child = Linked(name).children(0).child();
  pb::GetChildRequest get;
  get.set_name(child);
  pb::RestrictChildRequest restrict;
  restrict.set_name(child);
  restrict.set_etag(harness_.Run(children_, &Children::Get, get)->child().etag());
  restrict.add_allowed_people("ann.example");
  restrict.set_reason("invented");
  ASSERT_TRUE(harness_.Run(children_, &Children::Restrict, restrict).ok());
  EXPECT_THAT(Listed(""), ElementsAre(name));

  As("barnet-council", "bob.example");
  EXPECT_THAT(Listed(""), IsEmpty());
  pb::GetContactRequest request;
  request.set_name(name);
  ExpectRefused(harness_.Run(contacts_, &Contacts::Get, request),
                absl::StatusCode::kPermissionDenied, reason::ERROR_REASON_PERMISSION_DENIED);
  pb::RateContactRequest rate;
  rate.set_name(name);
  rate.set_etag("\"1\"");
  ExpectRefused(harness_.Run(contacts_, &Contacts::Rate, rate), absl::StatusCode::kPermissionDenied,
                reason::ERROR_REASON_PERMISSION_DENIED);
}

TEST_F(ContactsTest, ADuplicateStopsItsClocksAndLapsesItsChecks) {
  const std::string original = Submitted();
  const std::string name = Recorded().name();
  const std::string check = Asked(name, {"testhealth"}).agency_checks(0).name();
  auto request =
      About<pb::MarkDuplicateContactRequest>(name, "reason: 'x' feedback: 'Known already.'");
  request.set_duplicate_of(original);
  const auto marked = harness_.Run(contacts_, &Contacts::MarkDuplicate, request);
  ASSERT_TRUE(marked.ok()) << marked.status();
  EXPECT_EQ(marked->contact().state(), Contact::STATE_DUPLICATE);
  EXPECT_EQ(marked->contact().agency_checks(0).state(), pb::AgencyCheck::STATE_LAPSED);
  EXPECT_THAT(Clocks(name),
              UnorderedElementsAre("contact_acknowledgement CANCELLED",
                                   "contact_decision CANCELLED", "contact_feedback RUNNING"));
  EXPECT_THAT(Clocks(check), ElementsAre("agency_check_answer CANCELLED"));

  auto backwards = About<pb::MarkDuplicateContactRequest>(original, "reason: 'x' feedback: 'y'");
  backwards.set_duplicate_of(name);
  ExpectRefused(harness_.Run(contacts_, &Contacts::MarkDuplicate, backwards),
                absl::StatusCode::kFailedPrecondition, reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  backwards.set_duplicate_of(original);
  ExpectRefused(harness_.Run(contacts_, &Contacts::MarkDuplicate, backwards),
                absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_INVALID_FIELDS);
}

TEST_F(ContactsTest, ACorrectedFormTypeIsListedAsWhatItIs) {
  const std::string name = Submitted();
  const auto corrected =
      harness_.Run(contacts_, &Contacts::Reclassify,
                   About<pb::ReclassifyContactRequest>(
                       name, "form_type: FORM_TYPE_INFORMATION_SHARING_FORM reason: 'x'"));
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_THAT(Listed("form_types: FORM_TYPE_REFERRAL_FORM"), IsEmpty());
  EXPECT_THAT(Listed("form_types: FORM_TYPE_INFORMATION_SHARING_FORM"), ElementsAre(name));
}

TEST_F(ContactsTest, AStaleEtagIsRefused) {
  const std::string name = Submitted();
  auto request = About<pb::RateContactRequest>(name, "initial_brag: BRAG_RED reason: 'x'");
  Rated(name);
  ExpectRefused(harness_.Run(contacts_, &Contacts::Rate, request), absl::StatusCode::kAborted,
                reason::ERROR_REASON_ETAG_MISMATCH);
}

TEST_F(ContactsTest, AForeignBoroughLooksLikeAnAbsentContact) {
  const std::string name = Submitted();
  harness_.boroughs = {"harrow"};
  for (const std::string& asked : {name, std::string("boroughs/harrow/contacts/none")}) {
    pb::GetContactRequest request;
    request.set_name(asked);
    ExpectRefused(harness_.Run(contacts_, &Contacts::Get, request),
                  absl::StatusCode::kPermissionDenied, reason::ERROR_REASON_PERMISSION_DENIED);
  }
  EXPECT_THAT(Listed(""), IsEmpty());
}

TEST_F(ContactsTest, TheQueueBeginsWithTheEarliestDue) {
  const std::string first = Submitted();
  harness_.clock.Advance(absl::Hours(1));
  const std::string second = Submitted("testpolice");
  EXPECT_THAT(Listed(""), ElementsAre(first, second));
  Rated(second, pb::BRAG_RED);
  EXPECT_THAT(Listed(""), ElementsAre(second, first));
  EXPECT_THAT(Listed("brags: BRAG_RED"), ElementsAre(second));
  EXPECT_THAT(Listed("states: STATE_RECEIVED"), ElementsAre(first));
  EXPECT_THAT(Listed("source_agency: 'testpolice'"), ElementsAre(second));
  EXPECT_THAT(Listed("unacknowledged: true"), IsEmpty());
  auto later = Parse<pb::ListContactsRequest>("");
  *later.mutable_received_from() = TimeToProto(harness_.clock.Now());
  EXPECT_THAT(Names(later), ElementsAre(second));
  auto page = Parse<pb::ListContactsRequest>("page_size: 1");
  const auto reply = harness_.Run(contacts_, &Contacts::List, page);
  ASSERT_TRUE(reply.ok()) << reply.status();
  page.set_page_token(reply->next_page_token());
  EXPECT_THAT(Names(page), ElementsAre(first));
}

TEST_F(ContactsTest, AListLeavesOutWhatOnlyTheWholeContactTells) {
  Submitted();
  const auto reply = harness_.Run(contacts_, &Contacts::List, pb::ListContactsRequest());
  ASSERT_TRUE(reply.ok()) << reply.status();
  const Contact& contact = reply->contacts(0);
  EXPECT_EQ(contact.concerns(), "");
  EXPECT_EQ(contact.adults_size() + contact.attachments_size(), 0);
  EXPECT_EQ(contact.children_size(), 2);
  EXPECT_THAT(harness_.disclosed, ElementsAre(contact.name()));
}

TEST_F(ContactsTest, TheChildrenOfAContactAreCountedAsTheyWereToldOf) {
  Submitted();
  const auto rows = harness_.Database().Query(
      "SELECT ordinal, sex, birth_date, unborn FROM contact_children ORDER BY ordinal", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].Int(1), pb::SEX_FEMALE);
  EXPECT_EQ((*rows)[1].Day(2), absl::CivilDay(2019, 1, 31));
}

}  // namespace
}  // namespace lscp::referrals
