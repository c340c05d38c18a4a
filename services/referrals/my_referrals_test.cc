#include "referrals/my_referrals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/time/convert.h"
#include "referrals/testing/contacts_fixture.h"

namespace lscp::referrals {
namespace {

using pb::MyReferral;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MyReferralsTest : public ContactsFixture {
 protected:
  absl::StatusOr<pb::GetMyReferralResponse> Get(const std::string& name) {
    pb::GetMyReferralRequest request;
    request.set_name(name);
    return harness_.Run(mine_, &MyReferrals::Get, request);
  }
  std::vector<std::string> Listed(const std::string& filter = "") {
    const auto response =
        harness_.Run(mine_, &MyReferrals::List, Parse<pb::ListMyReferralsRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const MyReferral& referral : response->referrals()) names.push_back(referral.name());
    return names;
  }
  // What the calling agency's stream says of the last mutation.
  std::vector<pb::MyReferralEvent> Heard(const std::string& method) {
    const pb::WatchMyReferralsRequest request;
    const auto filter = mine_.Watch(request, harness_.CallOf(request));
    std::vector<pb::MyReferralEvent> events;
    for (const FeedEntry& entry : Fed(method)) {
      const auto reply = (*filter)(entry);
      if (!reply) continue;
      const auto& message = static_cast<const pb::WatchMyReferralsResponse&>(*reply->message);
      events.insert(events.end(), message.events().begin(), message.events().end());
    }
    return events;
  }
};

TEST_F(MyReferralsTest, ASubmissionIsAcknowledgedWithTheTimeDue) {
  As("testschool");
  pb::SubmitContactRequest request;
  *request.mutable_contact() = SentContact();
  const auto response = harness_.Run(contacts_, &Contacts::Submit, request);
  ASSERT_TRUE(response.ok()) << response.status();
  const MyReferral& referral = response->referral();
  EXPECT_EQ(referral.state(), MyReferral::STATE_RECEIVED);
  EXPECT_EQ(referral.sender_reference(), "case 17");
  EXPECT_EQ(ProtoToTime(referral.acknowledge_time()), harness_.clock.Now());
  EXPECT_EQ(ProtoToTime(referral.decision_due_time()), harness_.clock.Now() + absl::Hours(24));
}

TEST_F(MyReferralsTest, AnotherAgencysContactLooksAbsent) {
  const std::string name = Submitted("testschool");
  As("testpolice");
  const auto other = Get(name);
  const auto absent = Get("boroughs/barnet/contacts/none");
  EXPECT_EQ(other.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(other.status().code(), absent.status().code());
  EXPECT_EQ(ReasonOf(other.status()), ReasonOf(absent.status()));
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_THAT(harness_.disclosed, IsEmpty());
}

TEST_F(MyReferralsTest, TheLatestReceivedIsListedFirst) {
  const std::string first = Submitted("testschool");
  harness_.clock.Advance(absl::Hours(1));
  const std::string second = Submitted("testschool");
  Rated(first);
  As("testschool");
  EXPECT_THAT(Listed(), ElementsAre(second, first));
  EXPECT_THAT(Listed("states: STATE_RECEIVED page_size: 1"), ElementsAre(second));
  EXPECT_THAT(Listed("states: STATE_DECIDED states: STATE_DUPLICATE"), IsEmpty());
  EXPECT_EQ(Listed("sender_reference: 'case 17'").size(), 2u);
  EXPECT_THAT(Listed("sender_reference: 'case 18'"), IsEmpty());
}

TEST_F(MyReferralsTest, WhatTheHubRecordedForAnAgencyIsItsOwn) {
  const std::string name = Recorded("testschool").name();
  As("testschool");
  EXPECT_THAT(Listed(), ElementsAre(name));
}

TEST_F(MyReferralsTest, TheStreamTellsTheSenderWhatIsItsBusiness) {
  const std::string name = Submitted("testschool");
  As("testschool");
  ASSERT_EQ(Heard("SubmitContact").size(), 1u);
  EXPECT_EQ(Heard("SubmitContact")[0].change(), pb::CONTACT_CHANGE_RECEIVED);
  AsHub();
  Rated(name, pb::BRAG_RED);
  As("testschool");
  const auto rated = Heard("RateContact");
  ASSERT_EQ(rated.size(), 1u);
  EXPECT_EQ(rated[0].referral().state(), MyReferral::STATE_RECEIVED);
  EXPECT_EQ(ProtoToTime(rated[0].referral().decision_due_time()),
            harness_.clock.Now() + absl::Hours(4));
  AsHub();
  Asked(name, {"testhealth"});
  As("testschool");
  EXPECT_THAT(Heard("RequestAgencyChecks"), IsEmpty());
}

TEST_F(MyReferralsTest, TheStreamTellsOtherAgenciesAndOtherBoroughsNothing) {
  Submitted("testschool");
  As("testpolice");
  EXPECT_THAT(Heard("SubmitContact"), IsEmpty());
  As("testschool");
  harness_.boroughs = {"harrow"};
  EXPECT_THAT(Heard("SubmitContact"), IsEmpty());
}

TEST_F(MyReferralsTest, TheStreamSkipsWhatIsErased) {
  Submitted("testschool");
  As("testschool");
  for (JournalEntry& entry : harness_.entries) entry.payload.clear();
  EXPECT_THAT(Heard("SubmitContact"), IsEmpty());
}

}  // namespace
}  // namespace lscp::referrals
