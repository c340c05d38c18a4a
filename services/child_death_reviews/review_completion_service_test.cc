#include "child_death_reviews/review_completion_service.h"

#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/testing/panel_fixture.h"
#include "common/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::Violations;
using pb::DeathReview;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class ReviewCompletionsTest : public PanelFixture {
 protected:
  // "reviewed_on completed_on category delay_reason" of the only review.
  std::string Counted() {
    const auto rows = harness_.Database().Query(
        "SELECT COALESCE(CAST(reviewed_on AS CHAR), '-'), COALESCE(CAST(completed_on AS CHAR), "
        "'-'),"
        " CAST(category AS CHAR), CAST(delay_reason AS CHAR) FROM death_reviews",
        {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    if (!rows.ok() || rows->size() != 1) return "";
    const db::Row& row = (*rows)[0];
    return row.Text(0) + " " + row.Text(1) + " " + row.Text(2) + " " + row.Text(3);
  }
};

TEST_F(ReviewCompletionsTest, AreOwedSixMonthsAfterTheDeath) {
  const DeathReview review = Accepted();
  EXPECT_EQ(ClockOf(review.name(), kReviewCompletion), "due 2025-09-01");
  EXPECT_EQ(review.completion_due_date().month(), 9);
}

TEST_F(ReviewCompletionsTest, CloseTheReviewCountItAndTellOthers) {
  const DeathReview review = Completed("child: 'boroughs/havering/children/k1'");
  EXPECT_EQ(review.state(), DeathReview::STATE_COMPLETED);
  ASSERT_THAT(harness_.entries, SizeIs(1));
  ASSERT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(harness_.entries[0].event->type, "child_death_reviews.death_review_completed");
  EXPECT_EQ(harness_.entries[0].event->subject, review.name());
  EXPECT_EQ(ClockOf(review.name(), kReviewCompletion), "due 2025-09-01 met 2025-03-04");
  EXPECT_EQ(Counted(), "2025-03-04 2025-03-04 5 0");
  // What agencies still send is kept with it.
  EXPECT_EQ(Notify("", "kind: NOTIFIER_KIND_REGISTRAR")->death_review(), review.name());
  EXPECT_EQ(Review(review.name()).state(), DeathReview::STATE_COMPLETED);
}

TEST_F(ReviewCompletionsTest, NeedWhatTheFamilyWasToldOrWhyNot) {
  const DeathReview review =
      Must(reviews_, &DeathReviews::RecordNational,
           Of<pb::RecordNationalNotificationRequest>(Reviewed(), "reference: 'N-1'"))
          .death_review();
  EXPECT_EQ(BrokenRule(harness_
                           .Run(completions_, &ReviewCompletions::Complete,
                                Of<pb::CompleteDeathReviewRequest>(review))
                           .status()),
            "family_told");
}

TEST_F(ReviewCompletionsTest, AreLaterForAReasonThatIsRecorded) {
  const DeathReview review = Accepted();
  EXPECT_THAT(Violations(harness_
                             .Run(completions_, &ReviewCompletions::Delay,
                                  Of<pb::RecordReviewDelayRequest>(
                                      review,
                                      "delay { reason: DELAY_REASON_CORONER "
                                      "until_date { year: 2025 month: 4 day: 1 } }"))
                             .status()),
              ElementsAre("delay.until_date"));
  Must(completions_, &ReviewCompletions::Delay,
       Of<pb::RecordReviewDelayRequest>(review,
                                        "delay { reason: DELAY_REASON_PROSECUTION until_date { "
                                        "year: 2026 month: 4 day: 1 } }"));
  EXPECT_EQ(ClockOf(review.name(), kReviewCompletion), "due 2026-04-01");
  EXPECT_EQ(Counted(), "- - 0 2");
}

TEST_F(ReviewCompletionsTest, AreUndoneWhenSomethingComesToLight) {
  DeathReview review = Completed();
  harness_.clock.Advance(absl::Hours(24));
  review = Must(completions_, &ReviewCompletions::Reopen,
                Of<pb::ReopenDeathReviewRequest>(review, "reason: 'a new report'"))
               .death_review();
  EXPECT_EQ(review.state(), DeathReview::STATE_OPEN);
  bool told = false;
  for (const auto& entry : harness_.entries) {
    told |= entry.event && entry.event->type == "child_death_reviews.death_review_reopened";
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(ClockOf(review.name(), kReviewCompletion), "due 2025-09-05");
  EXPECT_EQ(Counted(), "- - 0 0");
  const pb::DeathPanelCase record = CaseOf(review);
  EXPECT_EQ(record.state(), pb::DeathPanelCase::STATE_WAITING);
  EXPECT_THAT(record.analyses(), SizeIs(1));
  // Another meeting agrees another version.
  const pb::DeathPanel panel = PlannedPanel();
  const pb::DeathPanelCase again = Listed(review, panel);
  HeldPanel(panel);
  Must(cases_, &DeathPanelCases::Analyse, AnalysisOf(again));
  EXPECT_THAT(CaseOf(review).analyses(), SizeIs(2));
  EXPECT_EQ(Counted(), "2025-03-06 - 5 0");
}

TEST_F(ReviewCompletionsTest, OfAnotherBoroughAreAbsent) {
  const DeathReview review = Reviewed();
  As("testcouncil", "c.redbridge", {"redbridge"});
  EXPECT_EQ(harness_
                .Run(completions_, &ReviewCompletions::Complete,
                     Of<pb::CompleteDeathReviewRequest>(review, "no_feedback_reason: 'x'"))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(harness_
                .Run(completions_, &ReviewCompletions::Reopen,
                     Of<pb::ReopenDeathReviewRequest>(review, "reason: 'x'"))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_death_reviews
