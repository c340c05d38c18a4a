#include "child_protection/sibling_referral_service.h"

#include "child_protection/strategy_discussion_service.h"
#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_protection {
namespace {

using pb::SiblingReferral;
using safeguarding::child_death_reviews::v1::SiblingsReferred;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kReview[] = "boroughs/barnet/deathReviews/d1";
constexpr char kUno[] =
    "family_name: 'Zztest' given_name: 'Uno' birth_date { year: 2020 month: 2 day: 1 } ";
constexpr char kSiblings[] =
    "death_review: 'boroughs/barnet/deathReviews/d1' concerns: 'x' "
    "siblings { given_name: 'UNO Otto' family_name: 'zz-test' "
    "birth_date { year: 2020 month: 2 day: 1 } } siblings { given_name: 'Due' } ";

class SiblingReferralsTest : public Fixture {
 protected:
  SiblingReferralsTest() {
    sink_.On<SiblingsReferred>(
        "child_death_reviews.siblings_referred",
        [this](const DeliveredEvent& event, const SiblingsReferred& referred, Transaction& tx) {
          return referrals_.OnReferred(event, referred, tx);
        });
  }

  // The event of a journal row of the child death reviews service.
  absl::Status Refer(const std::string& fields, int row = 1) {
    safeguarding::events::v1::DeliverRequest request;
    request.set_parent("boroughs/barnet");
    DeliveredEvent& event = *request.add_events();
    event.set_id("child-death-reviews/barnet/" + std::to_string(row));
    event.set_type("child_death_reviews.siblings_referred");
    event.set_subject(kReview);
    *event.mutable_time() = TimeToProto(referred_);
    event.mutable_content()->PackFrom(Parse<SiblingsReferred>(fields));
    return harness_.Run(sink_, &EventSink::Deliver, request).status();
  }
  std::vector<SiblingReferral> List(const std::string& filter = "") {
    const auto response =
        harness_.Run(referrals_, &SiblingReferrals::List,
                     Parse<pb::ListSiblingReferralsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->sibling_referrals().begin(), response->sibling_referrals().end()};
  }
  absl::StatusOr<SiblingReferral> Get(const std::string& name) {
    pb::GetSiblingReferralRequest request;
    request.set_name(name);
    const auto response = harness_.Run(referrals_, &SiblingReferrals::Get, request);
    if (!response.ok()) return response.status();
    return response->sibling_referral();
  }
  absl::StatusOr<SiblingReferral> Decide(const SiblingReferral& referral,
                                         const std::string& fields) {
    const auto response =
        harness_.Run(referrals_, &SiblingReferrals::Decide,
                     Of<pb::DecideSiblingReferralRequest>(referral,
                                                          "rationale: 'x' outcome: "
                                                          "SIBLING_REFERRAL_OUTCOME_" +
                                                              fields));
    if (!response.ok()) return response.status();
    return response->sibling_referral();
  }
  std::string Discussion(const std::string& child) {
    const auto response =
        harness_.Run(discussions_, &StrategyDiscussions::Open,
                     Parse<pb::OpenStrategyDiscussionRequest>(
                         "parent: 'boroughs/barnet' concerns: 'x' reason: STRATEGY_REASON_HARM "
                         "requester: STRATEGY_REQUESTER_SOCIAL_CARE children: '" +
                         child + "'"));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->strategy_discussion().name() : "";
  }

  const absl::Time referred_ = harness_.clock.Now() - absl::Hours(2);
  SiblingReferrals referrals_;
  StrategyDiscussions discussions_{parts_};
  EventSink sink_;
};

TEST_F(SiblingReferralsTest, AreRecordedOnceHoweverOftenTheyAreTold) {
  ASSERT_TRUE(Refer(kSiblings).ok());
  harness_.clock.Advance(absl::Hours(1));
  ASSERT_TRUE(Refer(kSiblings).ok());
  const auto found = List();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].death_review(), kReview);
  EXPECT_EQ(found[0].state(), SiblingReferral::STATE_OPEN);
  EXPECT_EQ(ProtoToTime(found[0].refer_time()), referred_);
  EXPECT_EQ(ClockOf(found[0].name(), "sibling_referral"), "due 2025-03-04");
  EXPECT_THAT(List("death_review: 'boroughs/barnet/deathReviews/d1' states: STATE_OPEN"),
              SizeIs(1));
  EXPECT_THAT(List("death_review: 'boroughs/barnet/deathReviews/d2'"), IsEmpty());
  EXPECT_THAT(List("overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(48));
  EXPECT_THAT(List("overdue: true"), SizeIs(1));
}

TEST_F(SiblingReferralsTest, AreRecordedWhoeverDied) {
  ASSERT_TRUE(Refer(kSiblings).ok());
  ASSERT_TRUE(
      Refer(std::string(kSiblings) + "child: 'boroughs/barnet/children/unknown' urgent: true", 2)
          .ok());
  const auto found = List();
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_TRUE(found[0].urgent());  // due first
  EXPECT_EQ(ClockOf(found[0].name(), "sibling_referral_urgent"), "due 2025-03-03");
}

TEST_F(SiblingReferralsTest, OfARestrictedChildAreAbsentForWhoIsNotNamed) {
  const std::string child = Child("hidden", "restricted: true allowed_people: 'l.lead'");
  ASSERT_TRUE(Refer(kSiblings + ("child: '" + child) + "'").ok());
  EXPECT_THAT(List(), IsEmpty());
  harness_.caller.person = "l.lead";
  const auto found = List();
  ASSERT_THAT(found, SizeIs(1));
  harness_.caller.person = "w.worker";
  EXPECT_TRUE(absl::IsPermissionDenied(Get(found[0].name()).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(Decide(found[0], "ALREADY_KNOWN").status()));
}

TEST_F(SiblingReferralsTest, AreShownWithTheChildrenWhoMayBeMeantAsFarAsTheyMayBeSeen) {
  ASSERT_TRUE(Refer(kSiblings).ok());
  const std::string name = List()[0].name();
  EXPECT_THAT(Get(name)->siblings(0).candidates(), IsEmpty());
  const std::string known = Child("k1", kUno);
  Child("k2", std::string(kUno) + "restricted: true allowed_people: 'l.lead'");
  Child("k3", "family_name: 'Zztest' given_name: 'Uno' birth_date { year: 2021 month: 2 day: 1 }");
  const auto read = Get(name);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->siblings(0).candidates(), ElementsAre(known));
  EXPECT_THAT(read->siblings(1).candidates(), IsEmpty());
  EXPECT_THAT(harness_.disclosed, ElementsAre(name, known));
  harness_.caller.person = "l.lead";
  EXPECT_THAT(Get(name)->siblings(0).candidates(), SizeIs(2));
}

TEST_F(SiblingReferralsTest, AreDecidedOnceAndTheAnswerGoesOut) {
  ASSERT_TRUE(Refer(kSiblings).ok());
  harness_.clock.Advance(absl::Hours(24));
  const auto referral = List()[0];
  const auto decided = Decide(referral, "FRONT_DOOR referral: 'boroughs/barnet/contacts/c1'");
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->state(), SiblingReferral::STATE_DECIDED);
  EXPECT_EQ(ClockOf(referral.name(), "sibling_referral"), "due 2025-03-04 met 2025-03-04");
  ASSERT_TRUE(harness_.entries.back().event.has_value());
  EXPECT_EQ(harness_.entries.back().event->type, "child_protection.sibling_referral_decided");
  EXPECT_EQ(harness_.entries.back().event->subject, kReview);
  EXPECT_EQ(ReasonOf(Decide(*decided, "ALREADY_KNOWN").status()),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST_F(SiblingReferralsTest, NameAStrategyDiscussionThatIsThereForTheCaller) {
  ASSERT_TRUE(Refer(kSiblings).ok());
  const auto referral = List()[0];
  const std::string outcome = "STRATEGY_DISCUSSION strategy_discussion: '";
  EXPECT_TRUE(absl::IsPermissionDenied(
      Decide(referral, outcome + "boroughs/barnet/strategyDiscussions/none'").status()));
  harness_.caller.person = "l.lead";
  const std::string hidden =
      Discussion(Child("hidden", "restricted: true allowed_people: 'l.lead'"));
  harness_.caller.person = "w.worker";
  EXPECT_TRUE(absl::IsPermissionDenied(Decide(referral, outcome + hidden + "'").status()));
  const auto decided = Decide(referral, outcome + Discussion(Child("k1")) + "'");
  EXPECT_TRUE(decided.ok()) << decided.status();
}

}  // namespace
}  // namespace lscp::child_protection
