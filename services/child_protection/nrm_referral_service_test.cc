#include "child_protection/nrm_referral_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/fixture.h"

namespace lscp::child_protection {
namespace {

using pb::NrmReferral;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NrmReferralsTest : public Fixture {
 protected:
  absl::StatusOr<NrmReferral> TryRefer(const std::string& child, const std::string& fields = "") {
    auto request = Parse<pb::ReferToNrmRequest>(
        "parent: 'boroughs/barnet' theme: EXPLOITATION_THEME_CRIMINAL "
        "first_responder: 'barnet-council' grounds: 'Invented.' " +
        fields);
    request.set_child(child);
    const auto response = harness_.Run(nrm_, &NrmReferrals::Refer, request);
    if (!response.ok()) return response.status();
    return response->nrm_referral();
  }
  NrmReferral Refer(const std::string& child, const std::string& fields = "") {
    const auto referral = TryRefer(child, fields);
    EXPECT_TRUE(referral.ok()) << referral.status();
    return referral.ok() ? *referral : NrmReferral();
  }
  template <typename Request, typename Response>
  NrmReferral Decide(absl::StatusOr<Response> (NrmReferrals::*handler)(const Request&,
                                                                       Transaction&),
                     const NrmReferral& referral, const std::string& fields) {
    const auto response = harness_.Run(nrm_, handler, Of<Request>(referral, fields));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->nrm_referral() : NrmReferral();
  }
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response =
        harness_.Run(nrm_, &NrmReferrals::List, Parse<pb::ListNrmReferralsRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const NrmReferral& referral : response->nrm_referrals()) {
      names.push_back(referral.name());
      EXPECT_EQ(referral.grounds(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }

  NrmReferrals nrm_{parts_};
};

TEST_F(NrmReferralsTest, GoesToConclusiveGroundsThroughAReconsideration) {
  NrmReferral referral = Refer(Child("c1"), "refer_date { year: 2025 month: 2 day: 26 }");
  EXPECT_EQ(ClockOf(referral.name(), "nrm_reasonable_grounds"), "due 2025-03-05");
  referral = Decide(&NrmReferrals::DecideReasonable, referral,
                    "decision: NRM_DECISION_NEGATIVE decision_date { year: 2025 month: 3 day: 3 }");
  EXPECT_EQ(ClockOf(referral.name(), "nrm_reasonable_grounds"), "due 2025-03-05 met 2025-03-03");
  referral = Decide(&NrmReferrals::Reconsider, referral, "reason: 'More is known.'");
  EXPECT_EQ(referral.state(), NrmReferral::STATE_REFERRED);
  referral = Decide(&NrmReferrals::DecideReasonable, referral,
                    "decision: NRM_DECISION_POSITIVE decision_date { year: 2025 month: 3 day: 3 }");
  referral = Decide(&NrmReferrals::DecideConclusive, referral,
                    "decision: NRM_DECISION_POSITIVE decision_date { year: 2025 month: 3 day: 3 }");
  EXPECT_EQ(referral.state(), NrmReferral::STATE_CONCLUSIVE_GROUNDS);
  EXPECT_EQ(referral.entries_size(), 4);
  const auto running = harness_.Database().Query(
      "SELECT 1 FROM timescales WHERE subject = ? AND running = 1", {referral.name()});
  EXPECT_TRUE(running.ok() && running->empty());
}

TEST_F(NrmReferralsTest, AHiddenChildIsNotReferred) {
  EXPECT_EQ(
      TryRefer(Child("c1", "restricted: true allowed_people: 'somebody.else'")).status().code(),
      absl::StatusCode::kPermissionDenied);
}

TEST_F(NrmReferralsTest, ListsByWhatIsAsked) {
  const std::string child = Child("c1");
  const NrmReferral old = Refer(child, "refer_date { year: 2025 month: 2 day: 1 }");
  const NrmReferral today = Refer(Child("c2"));
  EXPECT_THAT(Listed(""), ElementsAre(today.name(), old.name()));
  EXPECT_THAT(Listed("child: '" + child + "'"), ElementsAre(old.name()));
  EXPECT_THAT(Listed("referred_from { year: 2025 month: 3 day: 1 }"), ElementsAre(today.name()));
  EXPECT_THAT(Listed("referred_before { year: 2025 month: 3 day: 1 }"), ElementsAre(old.name()));
  EXPECT_THAT(Listed("states: STATE_CONCLUSIVE_GROUNDS"), IsEmpty());
}

}  // namespace
}  // namespace lscp::child_protection
