#include "child_death_reviews/family_support_service.h"

#include "child_death_reviews/family_support.h"
#include "child_death_reviews/testing/fixture.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using pb::FamilySupport;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kOffer[] =
    "offer { kind: SUPPORT_KIND_BEREAVEMENT offer_date { "
    "year: 2025 month: 3 day: 3 } }";

class FamilySupportsTest : public Fixture {
 protected:
  FamilySupport Assigned(const pb::DeathReview& review, const std::string& person) {
    const auto reply = harness_.Run(
        supports_, &FamilySupports::Assign,
        Of<pb::AssignKeyWorkerRequest>(SupportOf(review),
                                       "key_worker { person: '" + person + "' contact: 'x' }"));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? reply->family_support() : FamilySupport();
  }
  std::vector<FamilySupport> Mine() {
    const auto reply =
        harness_.Run(supports_, &FamilySupports::ListMine,
                     Parse<pb::ListMyFamiliesRequest>("parent: 'boroughs/havering'"));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->family_supports().begin(), reply->family_supports().end()};
  }
  absl::StatusOr<FamilySupport> Offer(const FamilySupport& support) {
    const auto reply = harness_.Run(supports_, &FamilySupports::Offer,
                                    Of<pb::RecordSupportOfferRequest>(support, kOffer));
    if (!reply.ok()) return reply.status();
    return reply->family_support();
  }
};

TEST_F(FamilySupportsTest, AreBegunWhenTheReviewIsTakenOnAndMetByAKeyWorker) {
  const auto review = Accepted("parents: 'Ma Beispiel'");
  EXPECT_EQ(SupportOf(review).parents(), "Ma Beispiel");
  EXPECT_EQ(ClockOf(SupportOf(review).name(), kFamilyKeyWorker), "due 2025-03-05");
  harness_.clock.Advance(absl::Hours(24));
  const FamilySupport support = Assigned(review, "k.worker");
  EXPECT_EQ(support.state(), FamilySupport::STATE_SUPPORTED);
  EXPECT_EQ(ClockOf(support.name(), kFamilyKeyWorker), "due 2025-03-05 met 2025-03-04");
}

TEST_F(FamilySupportsTest, AreTheirKeyWorkersAndNoOthers) {
  const auto review = Accepted();
  FamilySupport support = Assigned(review, "k.worker");
  As("testhospital", "o.other");
  EXPECT_THAT(Mine(), IsEmpty());
  EXPECT_EQ(Offer(support).status().code(), absl::StatusCode::kPermissionDenied);
  FamilySupport stale = support;
  stale.set_etag("\"99\"");  // a wrong etag tells no more
  EXPECT_EQ(Offer(stale).status().code(), absl::StatusCode::kPermissionDenied);
  As("testhospital", "k.worker");
  ASSERT_THAT(Mine(), SizeIs(1));
  EXPECT_THAT(harness_.disclosed, SizeIs(1));
  support = *Offer(support);
  EXPECT_EQ(Offer(stale).status().code(), absl::StatusCode::kAborted);
  const auto views =
      harness_.Run(supports_, &FamilySupports::RecordViews,
                   Of<pb::RecordFamilyViewsRequest>(support, "views { questions: 'why?' }"));
  ASSERT_TRUE(views.ok()) << views.status();
  EXPECT_EQ(views->family_support().views(0).person(), "k.worker");
  // Another key worker takes over.
  AsCoordinator();
  Assigned(review, "o.other");
  As("testhospital", "k.worker");
  EXPECT_THAT(Mine(), IsEmpty());
}

TEST_F(FamilySupportsTest, AreForTheCoordinatorToRecordToo) {
  FamilySupport support = SupportOf(Accepted());
  ASSERT_TRUE(Offer(support).ok());
  As("testhealth", "d.deputy");
  EXPECT_EQ(Offer(support).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(FamilySupportsTest, ShowWhatWasCorrected) {
  auto review = Accepted();
  auto correct = Of<pb::CorrectParticularsRequest>(review);
  *correct.mutable_particulars() = review.particulars();
  correct.mutable_particulars()->set_given_name("Zoë");
  ASSERT_TRUE(harness_.Run(reviews_, &DeathReviews::Correct, correct).ok());
  EXPECT_EQ(SupportOf(review).given_name(), "Zoë");
}

TEST_F(FamilySupportsTest, EndWhenSupportWasOffered) {
  FamilySupport support = Assigned(Accepted(), "k.worker");
  const auto end = [&] {
    return harness_.Run(supports_, &FamilySupports::End,
                        Of<pb::EndFamilySupportRequest>(support, "reason: 'x'"));
  };
  EXPECT_EQ(end().status().code(), absl::StatusCode::kFailedPrecondition);
  support = *Offer(support);
  EXPECT_EQ(end()->family_support().state(), FamilySupport::STATE_ENDED);
}

}  // namespace
}  // namespace lscp::child_death_reviews
