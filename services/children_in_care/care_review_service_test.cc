#include "children_in_care/care_review_service.h"

#include "children_in_care/review_dispute_service.h"
#include "children_in_care/testing/fixture.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using lscp::testing::BrokenRule;
using pb::CareReview;
using pb::ReviewDispute;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kHeld[] =
    "hold_date { year: 2025 month: 3 day: 3 } reviewing_officer: 'o.officer' participation: "
    "PARTICIPATION_SPOKE child_views: 'Invented.' record: 'Invented.' decisions { text: 'x' owner: "
    "'s.worker' due_date { year: 2025 month: 3 day: 10 } }";

// A child who came into care on 3 February 2025: the first review is due on 3 March, today.
class CareReviewsTest : public Fixture {
 protected:
  CareReviewsTest() : child_(Child("k1")), care_(InCare(child_)) {}

  std::vector<CareReview> Listed(const std::string& filter = "") {
    const auto reply =
        harness_.Run(reviews_, &CareReviews::List,
                     Parse<pb::ListCareReviewsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok()) return {};
    return {reply->care_reviews().begin(), reply->care_reviews().end()};
  }
  CareReview Due() {
    const auto due = Listed("states: STATE_DUE");
    EXPECT_THAT(due, SizeIs(1));
    return due.empty() ? CareReview() : due[0];
  }
  absl::StatusOr<CareReview> Hold(const std::string& fields = kHeld) {
    const auto reply =
        harness_.Run(reviews_, &CareReviews::Hold, Of<pb::HoldReviewRequest>(Due(), fields));
    if (!reply.ok()) return reply.status();
    return reply->care_review();
  }
  ReviewDispute Raised() {
    const auto reply =
        harness_.Run(disputes_, &ReviewDisputes::Raise,
                     Of<pb::RaiseReviewDisputeRequest>(
                         Due(),
                         "stage: DISPUTE_STAGE_TEAM_MANAGER respondent: 'm.manager' concern: 'x' "
                         "wanted: 'y'"));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? reply->review_dispute() : ReviewDispute();
  }
  void Days(int days) { harness_.clock.Advance(absl::Hours(24 * days)); }

  const std::string child_;
  pb::ChildInCare care_;
  CareReviews reviews_;
  ReviewDisputes disputes_;
};

TEST_F(CareReviewsTest, TheFirstIsDueFromTheFirstDayOfCare) {
  const CareReview review = Due();
  EXPECT_EQ(review.kind(), pb::CARE_REVIEW_KIND_FIRST);
  EXPECT_EQ(ClockOf(review.name(), "care_review_first"), "due 2025-03-03");
  EXPECT_THAT(Listed("overdue: true"), IsEmpty());
  Days(1);
  EXPECT_THAT(Listed("overdue: true"), SizeIs(1));
}

TEST_F(CareReviewsTest, OneThatIsHeldMakesTheNextDue) {
  const auto held = Hold();
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->timeliness(), pb::CARE_REVIEW_TIMELINESS_IN_TIME);
  EXPECT_EQ(ClockOf(held->name(), "care_review_first"), "due 2025-03-03 met 2025-03-03");
  const CareReview second = Due();
  EXPECT_EQ(second.number(), 2u);
  EXPECT_EQ(ClockOf(second.name(), "care_review_second"), "due 2025-06-03");
  Days(1);
  ASSERT_TRUE(Hold("hold_date { year: 2025 month: 3 day: 4 } participation: PARTICIPATION_ABSENT "
                   "decisions { text: 'x' owner: 'o' due_date { year: 2025 month: 5 day: 1 } }")
                  .ok());
  EXPECT_EQ(ClockOf(Due().name(), "care_review_later"), "due 2025-09-04");
}

TEST_F(CareReviewsTest, IsBroughtForward) {
  const CareReview review = Due();
  ASSERT_TRUE(Hold().ok());
  const auto forward = harness_.Run(
      reviews_, &CareReviews::BringForward,
      Of<pb::BringReviewForwardRequest>(
          Due(), "due_date { year: 2025 month: 3 day: 20 } reason: 'The placement broke down.'"));
  ASSERT_TRUE(forward.ok()) << forward.status();
  EXPECT_EQ(ClockOf(forward->care_review().name(), "care_review_second"), "due 2025-03-20");
}

TEST_F(CareReviewsTest, DecisionsAreDoneOrOverdue) {
  const auto held = Hold();
  ASSERT_TRUE(held.ok()) << held.status();
  Days(8);
  EXPECT_THAT(Listed("decision_overdue: true"), SizeIs(1));
  const auto done = harness_.Run(reviews_, &CareReviews::CompleteDecision,
                                 Of<pb::CompleteReviewDecisionRequest>(
                                     *held, "number: 1 done_date { year: 2025 month: 3 day: 9 }"));
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(Listed("decision_overdue: true"), IsEmpty());
}

TEST_F(CareReviewsTest, TheOfficerIsNotTheSocialWorker) {
  const auto assign = [this](const std::string& person) {
    return harness_.Run(
        reviews_, &CareReviews::Assign,
        Of<pb::AssignReviewingOfficerRequest>(Due(), "reviewing_officer: '" + person + "'"));
  };
  EXPECT_EQ(BrokenRule(assign("s.worker").status()), "independent");
  ASSERT_TRUE(assign("o.officer").ok());
  EXPECT_THAT(Listed("reviewing_officer: 'o.officer'"), SizeIs(1));
}

TEST_F(CareReviewsTest, TheNextIsNotNeededWhenCareHasEnded) {
  const auto ended =
      harness_.Run(children_, &ChildrenInCare::End,
                   Of<pb::EndCareRequest>(care_,
                                          "end_date { year: 2025 month: 3 day: 3 } "
                                          "end_reason: EPISODE_END_REASON_HOME_PLANNED"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_THAT(Listed("states: STATE_DUE"), IsEmpty());
  const auto known = Listed();
  ASSERT_THAT(known, SizeIs(1));
  EXPECT_EQ(known[0].state(), CareReview::STATE_NOT_NEEDED);
  EXPECT_EQ(ClockOf(known[0].name(), "care_review_first"), "due 2025-03-03 cancelled 2025-03-03");
}

TEST_F(CareReviewsTest, IsNeededAgainWhenTheEndWasAMistake) {
  ASSERT_TRUE(Hold().ok());
  const std::string second = Due().name();
  const auto steps = care_.steps();
  const auto ended =
      harness_.Run(children_, &ChildrenInCare::End,
                   Of<pb::EndCareRequest>(care_,
                                          "end_date { year: 2025 month: 3 day: 3 } "
                                          "end_reason: EPISODE_END_REASON_HOME_PLANNED"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  auto request = Of<pb::CorrectCareRequest>(ended->child_in_care(), "reason: 'Invented.'");
  *request.mutable_steps() = steps;
  harness_.clock.Advance(absl::Hours(1));
  const auto corrected = harness_.Run(children_, &ChildrenInCare::Correct, request);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(Due().name(), second) << "and not a third";
  EXPECT_EQ(ClockOf(second, "care_review_second"), "due 2025-06-03");
}

TEST_F(CareReviewsTest, IsOfTheTeamThatAnswersForTheChild) {
  ASSERT_TRUE(harness_
                  .Run(children_, &ChildrenInCare::Assign,
                       Of<pb::AssignChildInCareRequest>(care_, "team: 'cic-2' worker: 'o.other'"))
                  .ok());
  EXPECT_EQ(Due().team(), "cic-2");
  EXPECT_EQ(Due().worker(), "o.other");
}

TEST_F(CareReviewsTest, ADisputeGoesThroughItsStages) {
  const ReviewDispute raised = Raised();
  EXPECT_EQ(raised.child(), child_);
  EXPECT_EQ(ClockOf(raised.name(), "review_dispute"), "due 2025-03-31");
  const auto answered = harness_.Run(disputes_, &ReviewDisputes::Answer,
                                     Of<pb::AnswerReviewDisputeRequest>(raised, "answer: 'No.'"));
  ASSERT_TRUE(answered.ok()) << answered.status();
  const auto escalated = harness_.Run(
      disputes_, &ReviewDisputes::Escalate,
      Of<pb::EscalateReviewDisputeRequest>(answered->review_dispute(),
                                           "stage: DISPUTE_STAGE_DIRECTOR respondent: 'd.head'"));
  ASSERT_TRUE(escalated.ok()) << escalated.status();
  const auto resolved = harness_.Run(
      disputes_, &ReviewDisputes::Resolve,
      Of<pb::ResolveReviewDisputeRequest>(escalated->review_dispute(), "outcome: 'Invented.'"));
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_EQ(ClockOf(raised.name(), "review_dispute"), "due 2025-03-31 met 2025-03-03");
}

TEST_F(CareReviewsTest, ADisputeThatIsReferredLeavesTheLocalProcess) {
  const ReviewDispute raised = Raised();
  const auto referred = harness_.Run(disputes_, &ReviewDisputes::Refer,
                                     Of<pb::ReferReviewDisputeRequest>(raised, "reason: 'x'"));
  ASSERT_TRUE(referred.ok()) << referred.status();
  EXPECT_EQ(ClockOf(raised.name(), "review_dispute"), "due 2025-03-31 cancelled 2025-03-03");
  const auto listed = harness_.Run(
      disputes_, &ReviewDisputes::List,
      Parse<pb::ListReviewDisputesRequest>("parent: 'boroughs/barnet' states: STATE_REFERRED"));
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->review_disputes_size(), 1);
  EXPECT_EQ(listed->review_disputes(0).concern(), "");
}

}  // namespace
}  // namespace lscp::children_in_care
