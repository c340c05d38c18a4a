#include "child_death_reviews/review_completion.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::DeathReview;
using ::testing::ElementsAre;

const absl::Time kNow = LondonTime(2025, 3, 10, 10);
const Step kCoordinator = {"c.coordinator", "testhealth", kNow};

Settings::Borough Defaults() { return Settings::Create({}, {})->Of("testborough"); }

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Of a child who died on 9 March 2025, due on 9 September.
DeathReview In(DeathReview::State state) {
  DeathReview review;
  review.set_name("boroughs/testborough/deathReviews/r1");
  review.set_state(state);
  *review.mutable_particulars()->mutable_death_date() = DateToProto(absl::CivilDay(2025, 3, 9));
  *review.mutable_national_notice_time() = TimeToProto(kNow);
  SetCompletionDue(review, Defaults(), kNow);
  return review;
}

absl::CivilDay Due(const DeathReview& review) { return *ProtoToDate(review.completion_due_date()); }

absl::Status Delay(DeathReview& review, const std::string& until,
                   const std::string& reason = "DELAY_REASON_CORONER") {
  return RecordDelay(review,
                     Parse<pb::RecordReviewDelayRequest>("delay { reason: " + reason +
                                                         " until_date { " + until + " } }"),
                     kCoordinator);
}

using Day = absl::CivilDay;

struct DueCase {
  absl::CivilDay death;
  uint32_t months;
  absl::CivilDay due;
};

class CompletionDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(CompletionDue, IsMonthsAfterTheDeath) {
  Settings::Borough borough = Defaults();
  borough.set_review_completion_months(GetParam().months);
  DeathReview review;
  *review.mutable_particulars()->mutable_death_date() = DateToProto(GetParam().death);
  EXPECT_TRUE(SetCompletionDue(review, borough, LondonTime(2025, 12, 31, 10)));
  EXPECT_EQ(Due(review), GetParam().due);
  EXPECT_FALSE(SetCompletionDue(review, borough, LondonTime(2025, 12, 31, 10)));
}

INSTANTIATE_TEST_SUITE_P(
    Days, CompletionDue,
    ::testing::Values(DueCase{Day(2025, 3, 9), 6, Day(2025, 9, 9)},
                      DueCase{Day(2025, 8, 31), 6,
                              Day(2026, 2, 28)},  // the last of a shorter month
                      DueCase{Day(2023, 8, 31), 6, Day(2024, 2, 29)},  // a leap year
                      DueCase{Day(2025, 10, 25), 6, Day(2026, 4, 25)},
                      DueCase{Day(2025, 3, 9), 9, Day(2025, 12, 9)}));

TEST(RecordDelay, MovesTheDayAndKeepsEachReason) {
  DeathReview review = In(DeathReview::STATE_OPEN);
  ASSERT_TRUE(Delay(review, "year: 2025 month: 12 day: 1").ok());
  ASSERT_TRUE(Delay(review, "year: 2026 month: 3 day: 1", "DELAY_REASON_PROSECUTION").ok());
  EXPECT_EQ(Due(review), absl::CivilDay(2026, 3, 1));
  ASSERT_EQ(review.delays_size(), 2);
  EXPECT_EQ(review.delays(0).person(), "c.coordinator");
  EXPECT_EQ(review.delays(1).reason(), pb::DELAY_REASON_PROSECUTION);
}

TEST(RecordDelay, DoesNotMakeItEarlier) {
  DeathReview review = In(DeathReview::STATE_OPEN);
  EXPECT_THAT(Violations(Delay(review, "year: 2025 month: 9 day: 8")),
              ElementsAre("delay.until_date"));
}

TEST(SetCompletionDue, LeavesWhatADelayHasSet) {
  DeathReview review = In(DeathReview::STATE_OPEN);
  ASSERT_TRUE(Delay(review, "year: 2025 month: 12 day: 1").ok());
  *review.mutable_particulars()->mutable_death_date() = DateToProto(absl::CivilDay(2025, 3, 1));
  EXPECT_FALSE(SetCompletionDue(review, Defaults(), kNow));
  EXPECT_EQ(Due(review), absl::CivilDay(2025, 12, 1));
}

TEST(CompleteReview, IsOfWhatTheNationalDatabaseKnows) {
  DeathReview review = In(DeathReview::STATE_REVIEWED);
  review.clear_national_notice_time();
  EXPECT_EQ(BrokenRule(CompleteReview(review, {}, true, kNow)), "national_notified");
}

TEST(CompleteReview, TellsTheFamilyOrSaysWhyNot) {
  DeathReview review = In(DeathReview::STATE_REVIEWED);
  EXPECT_EQ(BrokenRule(CompleteReview(review, {}, false, kNow)), "family_told");
  const auto reason = Parse<pb::CompleteDeathReviewRequest>("no_feedback_reason: 'went abroad'");
  review = In(DeathReview::STATE_REVIEWED);
  ASSERT_TRUE(CompleteReview(review, reason, false, kNow).ok());
  EXPECT_EQ(review.no_feedback_reason(), "went abroad");
  review = In(DeathReview::STATE_REVIEWED);
  ASSERT_TRUE(CompleteReview(review, reason, true, kNow).ok());
  EXPECT_EQ(review.no_feedback_reason(), "");
}

TEST(CompleteReview, InTimeNeedsNoReasonAndLaterOne) {
  DeathReview review = In(DeathReview::STATE_REVIEWED);
  EXPECT_TRUE(CompleteReview(review, {}, true, LondonTime(2025, 9, 9, 23, 59)).ok());
  review = In(DeathReview::STATE_REVIEWED);
  EXPECT_EQ(BrokenRule(CompleteReview(review, {}, true, LondonTime(2025, 9, 10, 0, 1))),
            "delay_recorded");
  review = In(DeathReview::STATE_REVIEWED);
  ASSERT_TRUE(Delay(review, "year: 2025 month: 10 day: 1").ok());
  EXPECT_TRUE(CompleteReview(review, {}, true, LondonTime(2025, 9, 10, 0, 1)).ok());
}

TEST(ReopenReview, OwesItAgainAndKeepsWhenItHadBeenCompleted) {
  DeathReview review = In(DeathReview::STATE_OPEN);
  ASSERT_TRUE(SetOutcome(review, Parse<pb::ReviewOutcome>("category: DEATH_CATEGORY_ACUTE")).ok());
  ASSERT_TRUE(CompleteReview(review, {}, true, kNow).ok());
  ASSERT_TRUE(ReopenReview(review, Parse<pb::ReopenDeathReviewRequest>("reason: 'x'"), Defaults(),
                           {"c.other", "testhealth", LondonTime(2025, 11, 5, 9)})
                  .ok());
  EXPECT_EQ(review.state(), DeathReview::STATE_OPEN);
  EXPECT_FALSE(review.has_outcome());
  EXPECT_FALSE(review.has_complete_time());
  EXPECT_EQ(*ProtoToTime(review.reopenings(0).complete_time()), kNow);
  EXPECT_EQ(review.reopenings(0).person(), "c.other");
  EXPECT_EQ(Due(review), absl::CivilDay(2026, 5, 5));
}

}  // namespace
}  // namespace lscp::child_death_reviews
