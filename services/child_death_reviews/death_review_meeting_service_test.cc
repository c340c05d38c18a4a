#include "child_death_reviews/death_review_meeting_service.h"

#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/testing/panel_fixture.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::Violations;
using pb::DeathReviewMeeting;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DeathReviewMeetingsTest : public PanelFixture {
 protected:
  std::vector<DeathReviewMeeting> List(const std::string& filter = "",
                                       const std::string& parent = "boroughs/havering") {
    const auto reply =
        Must(meetings_, &DeathReviewMeetings::List,
             Parse<pb::ListDeathReviewMeetingsRequest>("parent: '" + parent + "' " + filter));
    return {reply.death_review_meetings().begin(), reply.death_review_meetings().end()};
  }
  void Coroner(const pb::DeathReview& review, const std::string& fields) {
    Must(responses_, &JointResponses::Coroner,
         Of<pb::RecordCoronerRequest>(
             ResponseOf(review),
             "coroner { refer_date { year: 2025 month: 3 day: 3 } " + fields + " }"));
  }
};

TEST_F(DeathReviewMeetingsTest, AreOwedFromTheDeathAndThePanelFromTheirReport) {
  const pb::DeathReview review = Accepted();
  EXPECT_EQ(ClockOf(review.name(), kReviewMeeting), "due 2025-06-01");
  DeathReviewMeeting meeting = Reported(review);
  EXPECT_EQ(meeting.state(), DeathReviewMeeting::STATE_REPORTED);
  EXPECT_EQ(ClockOf(review.name(), kReviewMeeting), "due 2025-06-01 met 2025-03-03");
  EXPECT_EQ(ClockOf(review.name(), kPanelReview), "due 2025-04-14");
  const pb::DeathPanelCase record = CaseOf(review);
  EXPECT_EQ(record.paper().draft().category(), pb::DEATH_CATEGORY_ACUTE);
  EXPECT_FALSE(record.paper().has_analysis());
  for (const DeathReviewMeeting& listed :
       List("states: STATE_REPORTED death_review: '" + review.name() + "'")) {
    EXPECT_EQ(listed.minutes(), "");
    EXPECT_THAT(listed.drafts(), IsEmpty());
    EXPECT_THAT(listed.attendances(), SizeIs(2));
  }
  EXPECT_THAT(List("states: STATE_CANCELLED"), IsEmpty());
}

TEST_F(DeathReviewMeetingsTest,
       ReportedWhileTheCoronerInvestigatesThePanelIsOwedFromTheConclusion) {
  const pb::DeathReview review = Accepted();
  Coroner(review, "investigates: true");
  Reported(review);
  EXPECT_EQ(ClockOf(review.name(), kPanelReview), "none");
  harness_.clock.Advance(absl::Hours(24));
  Coroner(review, "investigates: true conclude_date { year: 2025 month: 3 day: 4 }");
  EXPECT_EQ(ClockOf(review.name(), kPanelReview), "due 2025-04-15");
}

TEST_F(DeathReviewMeetingsTest, AreOneAtATimeAndCalledOffWithAReason) {
  const pb::DeathReview review = Accepted();
  DeathReviewMeeting meeting = PlannedMeeting(review);
  const auto second = Of<pb::PlanDeathReviewMeetingRequest>(Review(review.name()), "chair: 'c'");
  EXPECT_EQ(BrokenRule(harness_.Run(meetings_, &DeathReviewMeetings::Plan, second).status()),
            "one_planned_meeting");
  meeting = Must(meetings_, &DeathReviewMeetings::Cancel,
                 Of<pb::CancelDeathReviewMeetingRequest>(meeting, "reason: 'x'"))
                .death_review_meeting();
  EXPECT_EQ(meeting.state(), DeathReviewMeeting::STATE_CANCELLED);
  EXPECT_EQ(PlannedMeeting(review).state(), DeathReviewMeeting::STATE_PLANNED);
}

TEST_F(DeathReviewMeetingsTest, RefuseADraftThatTellsWhoTheChildWas) {
  const DeathReviewMeeting meeting = HeldMeeting(Accepted());
  EXPECT_THAT(Violations(harness_
                             .Run(meetings_, &DeathReviewMeetings::Report,
                                  Of<pb::ReportDeathReviewMeetingRequest>(
                                      meeting, "analysis { learning_points: 'ask Testa' }"))
                             .status()),
              ::testing::ElementsAre("analysis.learning_points[0]"));
}

TEST_F(DeathReviewMeetingsTest, KeepWhatTheFamilyWasTold) {
  auto request = Of<pb::RecordFamilyFeedbackRequest>(
      HeldMeeting(Accepted()),
      "feedback { teller: 'k.worker' feedback: 'x' questions_answered: true }");
  *request.mutable_feedback()->mutable_tell_time() = TimeToProto(harness_.clock.Now());
  const DeathReviewMeeting meeting =
      Must(meetings_, &DeathReviewMeetings::TellFamily, request).death_review_meeting();
  EXPECT_TRUE(meeting.feedback().questions_answered());
  EXPECT_EQ(meeting.state(), DeathReviewMeeting::STATE_HELD);
}

TEST_F(DeathReviewMeetingsTest, OfAnotherBoroughAreAbsent) {
  const pb::DeathReview review = Accepted();
  const DeathReviewMeeting meeting = PlannedMeeting(review);
  As("testcouncil", "c.redbridge", {"redbridge"});
  pb::GetDeathReviewMeetingRequest get;
  get.set_name(meeting.name());
  EXPECT_EQ(harness_.Run(meetings_, &DeathReviewMeetings::Get, get).status().code(),
            absl::StatusCode::kPermissionDenied);
  pb::PlanDeathReviewMeetingRequest plan;
  plan.set_name(review.name());
  EXPECT_EQ(harness_.Run(meetings_, &DeathReviewMeetings::Plan, plan).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(List("", "boroughs/redbridge"), IsEmpty());
}

}  // namespace
}  // namespace lscp::child_death_reviews
