#include "child_death_reviews/death_review_service.h"

#include "child_death_reviews/death_review.h"
#include "child_death_reviews/family_support.h"
#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/testing/fixture.h"
#include "common/status/error.h"
#include "common/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using pb::DeathReview;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DeathReviewsTest : public Fixture {
 protected:
  std::vector<std::string> List(const std::string& filter,
                                const std::string& parent = "boroughs/havering") {
    const auto response =
        harness_.Run(reviews_, &DeathReviews::List,
                     Parse<pb::ListDeathReviewsRequest>("parent: '" + parent + "' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const DeathReview& review : response->death_reviews()) {
      EXPECT_EQ(review.particulars().circumstances(), "");
      names.push_back(review.name());
    }
    return names;
  }
  template <typename Response, typename Request>
  DeathReview Must(absl::StatusOr<Response> (DeathReviews::*handler)(const Request&, Transaction&),
                   const Request& request) {
    const auto response = harness_.Run(reviews_, handler, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->death_review() : DeathReview();
  }
};

TEST_F(DeathReviewsTest, TakenOnHaveSomebodyWhoAnswersForThem) {
  const DeathReview review = Accepted("circumstances: 'x'");
  EXPECT_EQ(review.state(), DeathReview::STATE_OPEN);
  EXPECT_EQ(review.coordinator(), "c.coordinator");
  EXPECT_THAT(List("coordinator: 'c.coordinator' states: STATE_OPEN"), ElementsAre(review.name()));
  EXPECT_THAT(List("coordinator: 'somebody.else'"), IsEmpty());
  EXPECT_THAT(List("died_from { year: 2025 month: 3 day: 1 } "
                   "died_before { year: 2025 month: 3 day: 2 }"),
              SizeIs(1));
  EXPECT_THAT(List("died_before { year: 2025 month: 3 day: 1 }"), IsEmpty());
}

TEST_F(DeathReviewsTest, RuledOutOweNothingUntilTheyAreTakenOnAfterAll) {
  DeathReview review = Begun("birth: BIRTH_KIND_STILLBIRTH_ATTENDED");
  review = Must(&DeathReviews::RuleOut, Of<pb::RuleOutDeathReviewRequest>(review, "reason: 'x'"));
  EXPECT_EQ(review.state(), DeathReview::STATE_OUT_OF_SCOPE);
  EXPECT_EQ(ClockOf(review.name(), kNationalNotification), "due 2025-03-05 cancelled 2025-03-03");
  auto correct = Of<pb::CorrectParticularsRequest>(review);
  *correct.mutable_particulars() = review.particulars();
  correct.mutable_particulars()->set_birth(pb::BIRTH_KIND_LIVE);
  review = Must(&DeathReviews::Correct, correct);
  harness_.clock.Advance(absl::Hours(24));
  review = Must(&DeathReviews::Accept, Of<pb::AcceptDeathReviewRequest>(review));
  EXPECT_EQ(review.state(), DeathReview::STATE_OPEN);
  EXPECT_EQ(ClockOf(review.name(), kNationalNotification), "due 2025-03-06");
  EXPECT_EQ(ResponseOf(review).state(), pb::JointResponse::STATE_UNDECIDED);
}

TEST_F(DeathReviewsTest, RuledOutAfterWorkHasBegunOweItAgainWhenTheyComeBack) {
  DeathReview review = Accepted();
  const auto change = [&](pb::BirthKind birth) {
    auto correct = Of<pb::CorrectParticularsRequest>(review);
    *correct.mutable_particulars() = review.particulars();
    correct.mutable_particulars()->set_birth(birth);
    review = Must(&DeathReviews::Correct, correct);
  };
  change(pb::BIRTH_KIND_TERMINATION);
  review = Must(&DeathReviews::RuleOut, Of<pb::RuleOutDeathReviewRequest>(review, "reason: 'x'"));
  const std::string response = ResponseOf(review).name();
  const std::string support = SupportOf(review).name();
  EXPECT_EQ(ClockOf(response, kJointDecision), "due 2025-03-04 cancelled 2025-03-03");
  EXPECT_EQ(ClockOf(support, kFamilyKeyWorker), "due 2025-03-05 cancelled 2025-03-03");
  change(pb::BIRTH_KIND_LIVE);
  harness_.clock.Advance(absl::Hours(48));
  As("testhealth", "d.deputy");
  review = Must(&DeathReviews::Accept, Of<pb::AcceptDeathReviewRequest>(review));
  EXPECT_EQ(ClockOf(response, kJointDecision), "due 2025-03-06");
  EXPECT_EQ(ClockOf(support, kFamilyKeyWorker), "due 2025-03-07");
  EXPECT_EQ(SupportOf(review).coordinator(), "d.deputy");
}

TEST_F(DeathReviewsTest, AreFoundByTheirCorrectedParticulars) {
  DeathReview review = Begun();
  auto correct = Of<pb::CorrectParticularsRequest>(review);
  *correct.mutable_particulars() = review.particulars();
  correct.mutable_particulars()->set_given_name("Zoë");
  review = Must(&DeathReviews::Correct, correct);
  EXPECT_EQ(Notify("", "kind: NOTIFIER_KIND_POLICE", "Zoe")->death_review(), review.name());
  EXPECT_NE(Notify("", "kind: NOTIFIER_KIND_POLICE", "Testa")->death_review(), review.name());
}

TEST_F(DeathReviewsTest, AreNotCorrectedIntoAnother) {
  const DeathReview one = Begun("nhs_number: '9990000018'");
  const DeathReview other = Review(Notify("", "kind: NOTIFIER_KIND_POLICE", "Uno")->death_review());
  auto correct = Of<pb::CorrectParticularsRequest>(other);
  *correct.mutable_particulars() = one.particulars();
  EXPECT_EQ(BrokenRule(harness_.Run(reviews_, &DeathReviews::Correct, correct).status()),
            "one_review");
}

TEST_F(DeathReviewsTest, MergedKeepEveryNotificationAndWhatComesLaterFindsTheOther) {
  const DeathReview one = Begun("nhs_number: '9990000018'");
  DeathReview other =
      Review(Notify("sex: SEX_MALE", "kind: NOTIFIER_KIND_POLICE", "Tessa")->death_review());
  EXPECT_THAT(List("possible_duplicate: true"), ElementsAre(other.name()));
  auto merge = Of<pb::MergeDeathReviewsRequest>(one);
  merge.set_duplicate(other.name());
  merge.set_duplicate_etag(other.etag());
  const DeathReview merged = Must(&DeathReviews::Merge, merge);
  EXPECT_THAT(merged.notifications(), SizeIs(2));
  EXPECT_EQ(merged.particulars().sex(), pb::SEX_MALE);
  other = Review(other.name());
  EXPECT_EQ(other.state(), DeathReview::STATE_MERGED);
  EXPECT_EQ(ClockOf(other.name(), kNationalNotification), "due 2025-03-05 cancelled 2025-03-03");
  EXPECT_EQ(Notify("", "kind: NOTIFIER_KIND_REGISTRAR", "Tessa")->death_review(), one.name());
  const auto told =
      harness_.Run(notifications_, &DeathNotifications::List,
                   Parse<pb::ListDeathNotificationsRequest>(
                       "parent: 'boroughs/havering' death_review: '" + one.name() + "'"));
  EXPECT_THAT(told->death_notifications(), SizeIs(3));
}

TEST_F(DeathReviewsTest, HandedOverOweNothingHere) {
  DeathReview review = Begun("death_area: 'E09000016'");
  const std::string offer = "area: 'E10000012' contact: 'x' reason: 'lived there'";
  review = Must(&DeathReviews::HandOver, Of<pb::HandOverDeathReviewRequest>(review, offer));
  EXPECT_EQ(ClockOf(review.name(), kNationalNotification), "due 2025-03-05");
  review = Must(&DeathReviews::AnswerHandOver,
                Of<pb::AnswerHandOverRequest>(review, "answer: 'not ours'"));
  EXPECT_EQ(review.state(), DeathReview::STATE_NOTIFIED);
  review = Must(&DeathReviews::HandOver, Of<pb::HandOverDeathReviewRequest>(review, offer));
  review = Must(
      &DeathReviews::AnswerHandOver,
      Of<pb::AnswerHandOverRequest>(review, "accepted: true answer: 'ours' reference: 'ESSEX-1'"));
  EXPECT_EQ(review.state(), DeathReview::STATE_HANDED_OVER);
  EXPECT_EQ(review.hand_over().reference(), "ESSEX-1");
  EXPECT_EQ(ClockOf(review.name(), kNationalNotification), "due 2025-03-05 cancelled 2025-03-03");
  ASSERT_TRUE(harness_.entries.back().event.has_value());
  EXPECT_EQ(harness_.entries.back().event->type, "child_death_reviews.death_review_handed_over");
  // What agencies still send is kept with it.
  EXPECT_EQ(Notify()->death_review(), review.name());
}

TEST_F(DeathReviewsTest, NationalNotificationMeetsItsClock) {
  DeathReview review = Accepted();
  harness_.clock.Advance(absl::Hours(3));
  review = Must(&DeathReviews::RecordNational,
                Of<pb::RecordNationalNotificationRequest>(review, "reference: 'N-1'"));
  EXPECT_EQ(ClockOf(review.name(), kNationalNotification), "due 2025-03-05 met 2025-03-03");
}

TEST_F(DeathReviewsTest, OfOneBoroughAreAbsentForAnothersCoordinatorAndThereForWhoSeesAll) {
  const DeathReview review = Begun();
  As("testcouncil", "c.redbridge", {"redbridge"});
  EXPECT_EQ(harness_.Run(reviews_, &DeathReviews::Accept, Of<pb::AcceptDeathReviewRequest>(review))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(List("", "boroughs/redbridge"), IsEmpty());
  auto merge = Of<pb::MergeDeathReviewsRequest>(Begun());
  merge.set_duplicate(review.name());
  merge.set_duplicate_etag(review.etag());
  EXPECT_EQ(harness_.Run(reviews_, &DeathReviews::Merge, merge).status().code(),
            absl::StatusCode::kPermissionDenied);
  As("testpanel", "p.panel", {"havering", "redbridge", "barking-and-dagenham"});
  EXPECT_THAT(List("", "boroughs/-"), SizeIs(2));
  EXPECT_THAT(harness_.disclosed, SizeIs(2));
}

}  // namespace
}  // namespace lscp::child_death_reviews
