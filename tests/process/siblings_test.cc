// A child has died, and somebody worries about a brother: what the coordinator of the death review
// asks arrives in child protection once, is decided there, and comes back, whichever of the two
// services was away.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/joint_responses_service.pb.h"
#include "safeguarding/child_protection/v1/sibling_referrals_service.pb.h"
#include "tests/support/calls.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace deaths = safeguarding::child_death_reviews::v1;
namespace protection = safeguarding::child_protection::v1;
using ::testing::SizeIs;

constexpr char kCouncil[] = "barnet-council";

template <typename Reply, typename Request>
absl::StatusOr<Reply> Ask(client::Channel& who, const std::string& method, const Request& request) {
  return tests::Ask<Reply>(who, method, "barnet", request);
}

template <typename Reply, typename Request>
Reply Must(client::Channel& who, const std::string& method, const Request& request) {
  return tests::Must<Reply>(who, method, "barnet", request);
}

// The joint response of a death that was taken on.
deaths::JointResponse Accepted(client::Channel& coordinator) {
  const auto notified = Must<deaths::NotifyDeathResponse>(
      coordinator, "child_death_reviews.v1.DeathNotificationsService/NotifyDeath",
      Parse<deaths::NotifyDeathRequest>(
          "parent: 'boroughs/barnet' kind: NOTIFIER_KIND_HOSPITAL particulars { "
          "given_name: 'Quentin' family_name: 'Zzinvented' residence_area: 'E09000003' "
          "birth_date { year: 2015 month: 3 day: 14 } "
          "death_date { year: 2025 month: 3 day: 1 } }"));
  const std::string name = notified.death_notification().death_review();
  const auto review = Must<deaths::GetDeathReviewResponse>(
      coordinator, "child_death_reviews.v1.DeathReviewsService/GetDeathReview",
      Parse<deaths::GetDeathReviewRequest>(absl::StrCat("name: '", name, "'")));
  auto accept = Parse<deaths::AcceptDeathReviewRequest>(absl::StrCat("name: '", name, "'"));
  accept.set_etag(review.death_review().etag());
  Must<deaths::AcceptDeathReviewResponse>(
      coordinator, "child_death_reviews.v1.DeathReviewsService/AcceptDeathReview", accept);
  const auto listed = Must<deaths::ListJointResponsesResponse>(
      coordinator, "child_death_reviews.v1.JointResponsesService/ListJointResponses",
      Parse<deaths::ListJointResponsesRequest>("parent: 'boroughs/barnet'"));
  return listed.joint_responses_size() == 1 ? listed.joint_responses(0) : deaths::JointResponse();
}

TEST(Siblings, AreReferredDecidedAndTheCoordinatorHears) {
  Suite suite;
  const auto coordinator = suite.As(kCouncil, "c.coordinator", {"cdr_coordinator"});
  const auto worker = suite.As(kCouncil, "s.worker", {"social_worker"});
  const auto manager = suite.As(kCouncil, "m.manager", {"team_manager"});
  const deaths::JointResponse response = Accepted(*coordinator);
  suite.KillService(Suite::kChildProtection);
  auto refer = Parse<deaths::ReferSiblingsRequest>(
      "siblings_referral { siblings { given_name: 'Uno' family_name: 'Zzinvented' "
      "birth_date { year: 2020 month: 2 day: 1 } } concerns: 'invented' }");
  refer.set_name(response.name());
  refer.set_etag(response.etag());
  Must<deaths::ReferSiblingsResponse>(
      *coordinator, "child_death_reviews.v1.JointResponsesService/ReferSiblings", refer);
  suite.StartService(Suite::kChildProtection);

  const std::string service = "child_protection.v1.SiblingReferralsService/";
  const auto list = Parse<protection::ListSiblingReferralsRequest>(
      "parent: 'boroughs/barnet' states: STATE_OPEN");
  protection::ListSiblingReferralsResponse found;
  ASSERT_TRUE(WaitUntil([&] {
    const auto reply = Ask<protection::ListSiblingReferralsResponse>(
        *worker, service + "ListSiblingReferrals", list);
    if (reply.ok()) found = *reply;
    return found.sibling_referrals_size() > 0;
  }));
  ASSERT_THAT(found.sibling_referrals(), SizeIs(1));
  const protection::SiblingReferral& referral = found.sibling_referrals(0);
  EXPECT_EQ(referral.death_review(), response.death_review());
  EXPECT_EQ(referral.siblings(0).given_name(), "Uno");

  auto decide = Parse<protection::DecideSiblingReferralRequest>(
      "outcome: SIBLING_REFERRAL_OUTCOME_FRONT_DOOR rationale: 'invented' "
      "referral: 'boroughs/barnet/contacts/c1'");
  decide.set_name(referral.name());
  decide.set_etag(referral.etag());
  // A manager decides, and who coordinates death reviews sees nothing of it but the answer.
  for (const auto& other : {worker.get(), coordinator.get()}) {
    const auto refused = Ask<protection::DecideSiblingReferralResponse>(
        *other, service + "DecideSiblingReferral", decide);
    EXPECT_TRUE(absl::IsPermissionDenied(refused.status())) << refused.status();
  }
  EXPECT_TRUE(absl::IsPermissionDenied(Ask<protection::ListSiblingReferralsResponse>(
                                           *coordinator, service + "ListSiblingReferrals", list)
                                           .status()));
  suite.KillService(Suite::kChildDeathReviews);
  Must<protection::DecideSiblingReferralResponse>(*manager, service + "DecideSiblingReferral",
                                                  decide);
  suite.StartService(Suite::kChildDeathReviews);

  const auto get =
      Parse<deaths::GetJointResponseRequest>(absl::StrCat("name: '", response.name(), "'"));
  deaths::SiblingsReferral heard;
  EXPECT_TRUE(WaitUntil([&] {
    const auto reply = Ask<deaths::GetJointResponseResponse>(
        *coordinator, "child_death_reviews.v1.JointResponsesService/GetJointResponse", get);
    if (reply.ok()) heard = reply->joint_response().siblings_referral();
    return heard.has_decide_time();
  }));
  EXPECT_EQ(heard.decision(), deaths::SIBLINGS_DECISION_FRONT_DOOR);
}

}  // namespace
}  // namespace lscp::tests
