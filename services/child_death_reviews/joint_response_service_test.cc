#include "child_death_reviews/joint_response_service.h"

#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/testing/fixture.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using pb::JointResponse;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kSudden[] =
    "criteria { criterion: JOINT_RESPONSE_CRITERION_EXTERNAL_CAUSES reason: "
    "'x' } "
    "criteria { criterion: JOINT_RESPONSE_CRITERION_SUDDEN reason: 'x' met: "
    "true } "
    "criteria { criterion: JOINT_RESPONSE_CRITERION_CUSTODY reason: 'x' } "
    "criteria { criterion: JOINT_RESPONSE_CRITERION_SUSPICION reason: 'x' } "
    "criteria { criterion: JOINT_RESPONSE_CRITERION_UNATTENDED_STILLBIRTH "
    "reason: 'x' } ";

class JointResponsesTest : public Fixture {
 protected:
  template <typename Response, typename Request>
  JointResponse Must(absl::StatusOr<Response> (JointResponses::*handler)(const Request&,
                                                                         Transaction&),
                     const JointResponse& response, const std::string& fields) {
    const auto reply = harness_.Run(responses_, handler, Of<Request>(response, fields));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? reply->joint_response() : JointResponse();
  }
  std::vector<JointResponse> List(const std::string& filter) {
    const auto reply =
        harness_.Run(responses_, &JointResponses::List,
                     Parse<pb::ListJointResponsesRequest>("parent: 'boroughs/havering' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->joint_responses().begin(), reply->joint_responses().end()};
  }
};

TEST_F(JointResponsesTest, AreBegunWhenTheReviewIsTakenOn) {
  const JointResponse response = ResponseOf(Accepted());
  EXPECT_EQ(response.state(), JointResponse::STATE_UNDECIDED);
  EXPECT_EQ(ClockOf(response.name(), kJointDecision), "due 2025-03-04");
  EXPECT_THAT(List("states: STATE_UNDECIDED"), SizeIs(1));
}

TEST_F(JointResponsesTest, GoFromTheDecisionToTheEndWithTheirClocks) {
  JointResponse response = ResponseOf(Accepted());
  harness_.clock.Advance(absl::Hours(1));
  response = Must(&JointResponses::Decide, response, kSudden);
  EXPECT_EQ(response.state(), JointResponse::STATE_REQUIRED);
  EXPECT_EQ(ClockOf(response.name(), kJointDecision), "due 2025-03-04 met 2025-03-03");
  EXPECT_EQ(ClockOf(response.name(), kPlanningMeeting), "due 2025-03-05");
  EXPECT_THAT(List("no_planning_meeting: true states: STATE_REQUIRED"), SizeIs(1));
  harness_.clock.Advance(absl::Hours(24));
  response = Must(&JointResponses::HoldMeeting, response,
                  "planning_meeting { hold_time { seconds: 1741075200 } chair: 'c.chair' "
                  "information: 'x' plan: 'x' absence_reason: 'x' "
                  "responders { kind: RESPONDER_KIND_HEALTH took_part: true } }");
  EXPECT_EQ(ClockOf(response.name(), kPlanningMeeting), "due 2025-03-05 met 2025-03-04");
  response = Must(&JointResponses::Visit, response,
                  "visit { visit_time { seconds: 1741075200 } visitors: 'p' "
                  "findings: 'x' }");
  response = Must(&JointResponses::Coroner, response,
                  "coroner { refer_date { year: 2025 month: 3 day: 3 } "
                  "investigates: true }");
  response = Must(&JointResponses::Complete, response, "");
  EXPECT_EQ(response.state(), JointResponse::STATE_COMPLETED);
  // The coroner and the registrar take longer.
  response = Must(&JointResponses::Coroner, response,
                  "coroner { refer_date { year: 2025 month: 3 day: 3 } "
                  "conclude_date { year: 2025 month: 3 day: 4 } conclusion: "
                  "'natural causes' }");
  response = Must(&JointResponses::Register, response,
                  "registration { register_date { year: 2025 month: 3 day: 4 } }");
  EXPECT_EQ(response.state(), JointResponse::STATE_COMPLETED);
  for (const JointResponse& listed : List("")) {
    EXPECT_THAT(listed.criteria(), IsEmpty());
    EXPECT_FALSE(listed.has_coroner());
  }
}

TEST_F(JointResponsesTest, TellOtherServicesOfTheSiblings) {
  const auto review = Accepted("child: 'boroughs/havering/children/k1'");
  Must(&JointResponses::ReferSiblings, ResponseOf(review),
       "siblings_referral { siblings { given_name: 'Uno' } concerns: 'x' "
       "urgent: true }");
  ASSERT_THAT(harness_.entries, SizeIs(1));
  ASSERT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(harness_.entries[0].event->type, "child_death_reviews.siblings_referred");
  EXPECT_EQ(harness_.entries[0].event->subject, review.name());
}

TEST_F(JointResponsesTest, ShowWhatWasDecidedForTheSiblings) {
  const auto review = Accepted();
  Must(&JointResponses::ReferSiblings, ResponseOf(review),
       "siblings_referral { siblings { given_name: 'Uno' } concerns: 'x' }");
  EventSink sink;
  using safeguarding::child_protection::v1::SiblingReferralDecided;
  sink.On<SiblingReferralDecided>(
      "child_protection.sibling_referral_decided",
      [this](const DeliveredEvent&, const auto& decided, Transaction& tx) {
        return responses_.OnSiblingsDecided(decided, tx);
      });
  const auto tell = [&](const std::string& name) {
    return harness_.Deliver(
        sink, "child_protection.sibling_referral_decided", name,
        Parse<SiblingReferralDecided>("outcome: SIBLING_REFERRAL_OUTCOME_ALREADY_KNOWN "
                                      "decide_time { seconds: 1741075200 } death_review: '" +
                                      name + "'"));
  };
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(tell(review.name()).ok());
    const JointResponse response = ResponseOf(review);
    EXPECT_EQ(response.siblings_referral().decision(), pb::SIBLINGS_DECISION_ALREADY_KNOWN);
    EXPECT_EQ(response.siblings_referral().decide_time().seconds(), 1741075200);
    EXPECT_EQ(response.etag(), "\"3\"");
  }
  EXPECT_TRUE(tell("boroughs/havering/deathReviews/none").ok());
  EXPECT_FALSE(tell("nothing").ok());
}

TEST_F(JointResponsesTest, OfAnotherBoroughAreAbsent) {
  const JointResponse response = ResponseOf(Accepted());
  As("testcouncil", "c.redbridge", {"redbridge"});
  EXPECT_EQ(harness_
                .Run(responses_, &JointResponses::Decide,
                     Of<pb::DecideJointResponseRequest>(response, kSudden))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_death_reviews
