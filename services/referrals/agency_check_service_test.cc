#include "referrals/agency_check_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "common/time/convert.h"
#include "referrals/contact_watch.h"
#include "referrals/testing/contacts_fixture.h"

namespace lscp::referrals {
namespace {

using pb::AgencyCheck;
using pb::Contact;
using ::testing::ElementsAre;

class AgencyChecksTest : public ContactsFixture {
 protected:
  absl::StatusOr<pb::AnswerAgencyCheckResponse> Answer(const AgencyCheck& check) {
    pb::AnswerAgencyCheckRequest request;
    request.set_name(check.name());
    request.set_etag(check.etag());
    request.set_known(true);
    request.set_information("Invented history.");
    return harness_.Run(checks_, &AgencyChecks::Answer, request);
  }
  std::vector<std::string> Listed(const std::string& filter = "") {
    const auto response = harness_.Run(checks_, &AgencyChecks::ListMine,
                                       Parse<pb::ListMyAgencyChecksRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const AgencyCheck& check : response->checks()) names.push_back(check.name());
    return names;
  }
};

TEST_F(AgencyChecksTest, AreDueWithTheDecisionUnlessTheHubSaysOtherwise) {
  const std::string name = Submitted();
  const Contact asked = Asked(name, {"testhealth"});
  EXPECT_EQ(ProtoToTime(asked.agency_checks(0).due_time()), ProtoToTime(asked.decision_due_time()));
  auto request = About<pb::RequestAgencyChecksRequest>(
      name, "questions { agency: 'testpolice' question: 'Known?' }");
  const absl::Time due = harness_.clock.Now() + absl::Hours(1);
  *request.mutable_due_time() = TimeToProto(due);
  const auto again = harness_.Run(checks_, &AgencyChecks::Request, request);
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->contact().agency_checks_size(), 2);
  EXPECT_EQ(ProtoToTime(again->contact().agency_checks(1).due_time()), due);
  EXPECT_THAT(Clocks(again->contact().agency_checks(1).name()),
              ElementsAre("agency_check_answer RUNNING"));
}

TEST_F(AgencyChecksTest, AreListedToTheAgencyThatIsAsked) {
  const Contact contact = Asked(Submitted(), {"testhealth", "testpolice"});
  As("testhealth");
  EXPECT_THAT(Listed(), ElementsAre(contact.agency_checks(0).name()));
  EXPECT_THAT(harness_.disclosed, ElementsAre(contact.agency_checks(0).name()));
  EXPECT_TRUE(Listed("states: STATE_ANSWERED").empty());
  As("testschool");
  EXPECT_TRUE(Listed().empty());
}

TEST_F(AgencyChecksTest, AreAnsweredByTheAgencyThatIsAskedOnly) {
  const Contact contact = Asked(Submitted(), {"testhealth"});
  As("testpolice");
  const auto other = Answer(contact.agency_checks(0));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kPermissionDenied);
  AgencyCheck none = contact.agency_checks(0);
  none.set_name("boroughs/barnet/checks/none-1");
  As("testhealth");
  EXPECT_EQ(ReasonOf(Answer(none).status()), ReasonOf(other.status()));
  EXPECT_TRUE(Answer(contact.agency_checks(0)).ok());
}

TEST_F(AgencyChecksTest, AnAnswerLeavesTheContactsEtagAndMayBeCorrected) {
  const std::string name = Submitted();
  const Contact contact = Asked(name, {"testhealth"});
  As("testhealth");
  const auto answered = Answer(contact.agency_checks(0));
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_EQ(ReasonOf(Answer(contact.agency_checks(0)).status()),
            reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_TRUE(Answer(answered->check()).ok());
  AsHub();
  EXPECT_EQ(Read(name).etag(), contact.etag());
  EXPECT_EQ(Read(name).agency_checks(0).state(), AgencyCheck::STATE_ANSWERED);
}

TEST_F(AgencyChecksTest, CannotBeAnsweredOnceTheContactIsDecided) {
  const std::string name = Submitted();
  const Contact contact = Asked(name, {"testhealth"});
  auto decision = ReferTheFirstChild();
  decision.set_outcome(pb::CONTACT_OUTCOME_NO_FURTHER_ACTION);
  decision.clear_children();
  decision.set_name(name);
  decision.set_etag(contact.etag());
  const auto decided = harness_.Run(contacts_, &Contacts::Decide, decision);
  ASSERT_TRUE(decided.ok()) << decided.status();
  As("testhealth");
  EXPECT_EQ(ReasonOf(Answer(decided->contact().agency_checks(0)).status()),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST_F(AgencyChecksTest, TheHubsStreamTellsOfRequestsAndAnswersByTheContactsName) {
  const std::string name = Submitted();
  const Contact contact = Asked(name, {"testhealth", "testpolice"});
  const auto call = harness_.CallOf(pb::WatchContactsRequest());
  const auto heard = [&](const std::string& method, const std::set<int>& changes = {}) {
    std::vector<pb::ContactEvent> events;
    for (const FeedEntry& entry : Fed(method)) {
      const auto reply = ForHub(call, changes, entry);
      if (!reply) continue;
      const auto& message = static_cast<const pb::WatchContactsResponse&>(*reply->message);
      events.insert(events.end(), message.events().begin(), message.events().end());
    }
    return events;
  };
  ASSERT_EQ(heard("RequestAgencyChecks").size(), 1u) << "not one for each check";
  EXPECT_EQ(heard("RequestAgencyChecks")[0].change(), pb::CONTACT_CHANGE_CHECKS_REQUESTED);
  EXPECT_TRUE(heard("RequestAgencyChecks", {pb::CONTACT_CHANGE_DECIDED}).empty());
  As("testhealth");
  ASSERT_TRUE(Answer(contact.agency_checks(0)).ok());
  const auto answered = heard("AnswerAgencyCheck");
  ASSERT_EQ(answered.size(), 1u);
  EXPECT_EQ(answered[0].contact(), name);
  EXPECT_EQ(answered[0].revision(), 2);
  EXPECT_EQ(answered[0].state(), Contact::STATE_RECEIVED);
  EXPECT_EQ(answered[0].change(), pb::CONTACT_CHANGE_CHECK_ANSWERED);
}

}  // namespace
}  // namespace lscp::referrals
