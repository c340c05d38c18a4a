#include "child_death_reviews/recommendation_service.h"

#include "child_death_reviews/recommendation.h"
#include "child_death_reviews/testing/fixture.h"
#include "common/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using pb::Recommendation;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RecommendationsTest : public Fixture {
 protected:
  absl::StatusOr<Recommendation> Make(const std::string& source, const std::string& agency,
                                      const std::string& fields = "") {
    auto request = Parse<pb::MakeRecommendationRequest>(
        "parent: 'boroughs/havering' text: 'x' theme: 'sleep' " + fields);
    request.set_source(source);
    request.set_agency(agency);
    const auto reply = harness_.Run(recommendations_, &Recommendations::Make, request);
    if (!reply.ok()) return reply.status();
    return reply->recommendation();
  }
  Recommendation Made(const std::string& agency = "testschool") {
    const auto made = Make(Accepted().name(), agency, "due_date { year: 2025 month: 4 day: 22 }");
    EXPECT_TRUE(made.ok()) << made.status();
    return made.value_or(Recommendation());
  }
  template <typename Request, typename Response>
  absl::StatusOr<Recommendation> Do(
      absl::StatusOr<Response> (Recommendations::*handler)(const Request&, Transaction&),
      const Recommendation& recommendation, const std::string& fields) {
    AsCoordinator();
    const auto reply = harness_.Run(recommendations_, handler, Of<Request>(recommendation, fields));
    if (!reply.ok()) return reply.status();
    return reply->recommendation();
  }
  absl::StatusOr<Recommendation> Answer(const Recommendation& recommendation,
                                        const std::string& fields) {
    const auto reply = harness_.Run(agencies_, &RecommendedAgencies::Answer,
                                    Of<pb::AnswerRecommendationRequest>(recommendation, fields));
    if (!reply.ok()) return reply.status();
    return reply->recommendation();
  }
  absl::StatusOr<Recommendation> Report(const Recommendation& recommendation,
                                        const std::string& fields) {
    const auto reply = harness_.Run(agencies_, &RecommendedAgencies::Report,
                                    Of<pb::ReportProgressRequest>(recommendation, fields));
    if (!reply.ok()) return reply.status();
    return reply->recommendation();
  }
  std::vector<Recommendation> List(const std::string& filter = "") {
    AsCoordinator();
    const auto reply = harness_.Run(
        recommendations_, &Recommendations::List,
        Parse<pb::ListRecommendationsRequest>("parent: 'boroughs/havering' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->recommendations().begin(), reply->recommendations().end()};
  }
  std::vector<Recommendation> Mine() {
    const auto reply =
        harness_.Run(agencies_, &RecommendedAgencies::List,
                     Parse<pb::ListMyRecommendationsRequest>("parent: 'boroughs/havering'"));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->recommendations().begin(), reply->recommendations().end()};
  }

  Recommendations recommendations_{&settings_};
  RecommendedAgencies agencies_;
};

TEST_F(RecommendationsTest, AreMadeWithTheirClocksAndTellTheBody) {
  const Recommendation made = Made();
  EXPECT_EQ(made.state(), Recommendation::STATE_MADE);
  ASSERT_THAT(harness_.entries, SizeIs(1));
  ASSERT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(harness_.entries[0].event->type, "child_death_reviews.recommendation_made");
  EXPECT_EQ(ClockOf(made.name(), kRecommendation), "due 2025-04-22");
  EXPECT_EQ(ClockOf(made.name(), kRecommendationAnswer), "due 2025-03-31");
  const auto usual = Make(made.source(), "testpractice");
  ASSERT_TRUE(usual.ok()) << usual.status();
  EXPECT_EQ(ClockOf(usual->name(), kRecommendation), "due 2025-09-03");
  EXPECT_THAT(List("source: '" + made.source() + "'"), SizeIs(2));
  EXPECT_THAT(List("agency: 'testschool' theme: 'sleep'"), SizeIs(1));
  EXPECT_THAT(List("theme: 'other'"), IsEmpty());
}

TEST_F(RecommendationsTest, AreDrawnFromWhatIsThere) {
  const std::string review = Accepted().name();
  EXPECT_TRUE(Make(review, "testschool").ok());
  for (const std::string absent :
       {"boroughs/havering/deathReviews/none", "boroughs/havering/seriousIncidents/none"}) {
    EXPECT_EQ(Make(absent, "testschool").status().code(), absl::StatusCode::kPermissionDenied);
  }
  const auto panel = harness_.Database().Execute(
      "INSERT INTO death_panels (borough, id, revision, document, state, theme, meets_at, quorate)"
      " VALUES ('havering', 'p1', 1, '', 1, 0, '2025-04-01 10:00:00', FALSE)",
      {});
  ASSERT_TRUE(panel.ok()) << panel.status();
  EXPECT_TRUE(Make("boroughs/havering/deathPanels/p1", "testschool").ok());
  EXPECT_FALSE(Make("boroughs/havering/deathPanels/p2", "testschool").ok());
  // Another borough's is absent, whoever may see both.
  As("testhealth", "c.coordinator", {"redbridge", "havering"});
  auto request = Parse<pb::MakeRecommendationRequest>(
      "parent: 'boroughs/redbridge' agency: 'testschool' text: 'x'");
  request.set_source(review);
  EXPECT_EQ(harness_.Run(recommendations_, &Recommendations::Make, request).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(RecommendationsTest, AreTheirBodysAndNoOthers) {
  const Recommendation made = Made();
  const auto other = Make(made.source(), "testpractice");
  As("testschool", "");
  ASSERT_THAT(Mine(), SizeIs(1));
  EXPECT_THAT(harness_.disclosed, SizeIs(1));
  EXPECT_EQ(Answer(*other, "accepted: true").status().code(), absl::StatusCode::kPermissionDenied);
  Recommendation stale = *other;
  stale.set_etag("\"99\"");  // a wrong etag tells no more
  EXPECT_EQ(Answer(stale, "accepted: true").status().code(), absl::StatusCode::kPermissionDenied);
  As("teststranger", "");
  EXPECT_THAT(Mine(), IsEmpty());
  EXPECT_EQ(Report(made, "progress: 'x'").status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(RecommendationsTest, GoFromTheAnswerToTheImpactWithTheirClocks) {
  const Recommendation made = Made();
  As("testschool", "h.head");
  harness_.clock.Advance(absl::Hours(24));
  auto now = Answer(made, "accepted: true");
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(ClockOf(made.name(), kRecommendationAnswer), "due 2025-03-31 met 2025-03-04");
  now = Report(*now, "progress: 'begun'");
  ASSERT_TRUE(now.ok()) << now.status();
  harness_.clock.Advance(absl::Hours(24));
  now = Report(*now, "progress: 'trained' evidence: 'audit' done: true");
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(ClockOf(made.name(), kRecommendation), "due 2025-04-22 met 2025-03-05");

  harness_.clock.Advance(absl::Hours(24));
  now = Do(&Recommendations::Return, *now, "reason: 'half the staff'");
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(ClockOf(made.name(), kRecommendation), "due 2025-04-22");
  As("testschool", "h.head");
  now = Report(*now, "progress: 'all' evidence: 'audit' done: true");
  ASSERT_TRUE(now.ok()) << now.status();

  const std::string impact = "impact: RECOMMENDATION_IMPACT_EVIDENCED impact_evidence: 'audit'";
  EXPECT_EQ(BrokenRule(harness_
                           .Run(recommendations_, &Recommendations::Close,
                                Of<pb::CloseRecommendationRequest>(*now, impact))
                           .status()),
            "verified_by_another");
  now = Do(&Recommendations::Close, *now, impact);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->state(), Recommendation::STATE_CLOSED);
  EXPECT_EQ(now->verified_by(), "c.coordinator");
  EXPECT_THAT(now->reports(), SizeIs(3));
  for (const Recommendation& listed : List()) EXPECT_THAT(listed.reports(), IsEmpty());
}

TEST_F(RecommendationsTest, ThatAreRejectedOweNothingUntilThePartnershipInsists) {
  const Recommendation made = Made();
  As("testschool", "h.head");
  auto now = Answer(made, "reason: 'not ours'");
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(ClockOf(made.name(), kRecommendation), "due 2025-04-22 cancelled 2025-03-03");
  EXPECT_EQ(ClockOf(made.name(), kRecommendationAnswer), "due 2025-03-31 met 2025-03-03");
  harness_.clock.Advance(absl::Hours(24));
  now = Do(&Recommendations::Insist, *now, "reason: 'x' due_date { year: 2025 month: 5 day: 1 }");
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(ClockOf(made.name(), kRecommendation), "due 2025-05-01");
  EXPECT_EQ(ClockOf(made.name(), kRecommendationAnswer), "due 2025-04-01");
  now = Do(&Recommendations::Extend, *now, "reason: 'x' due_date { year: 2025 month: 6 day: 1 }");
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(ClockOf(made.name(), kRecommendation), "due 2025-06-01");
  now = Do(&Recommendations::Withdraw, *now, "reason: 'x'");
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(ClockOf(made.name(), kRecommendation), "due 2025-06-01 cancelled 2025-03-04");
}

TEST_F(RecommendationsTest, AreOverdueFromTheDayAfterTheDueDate) {
  const Recommendation made = Made();
  harness_.clock.Set(lscp::testing::LondonTime(2025, 4, 22, 23));
  EXPECT_THAT(List("overdue: true"), IsEmpty());
  harness_.clock.Set(lscp::testing::LondonTime(2025, 4, 23, 0));
  EXPECT_THAT(List("overdue: true"), SizeIs(1));
  As("testschool", "h.head");
  const auto accepted = Answer(made, "accepted: true");
  EXPECT_THAT(List("overdue: true states: STATE_ACCEPTED"), SizeIs(1));
  As("testschool", "h.head");
  ASSERT_TRUE(Report(*accepted, "progress: 'x' evidence: 'x' done: true").ok());
  EXPECT_THAT(List("overdue: true"), IsEmpty());
}

TEST_F(RecommendationsTest, OfAnotherBoroughAreAbsent) {
  const Recommendation made = Made();
  As("testcouncil", "c.redbridge", {"redbridge"});
  pb::GetRecommendationRequest request;
  request.set_name(made.name());
  EXPECT_EQ(harness_.Run(recommendations_, &Recommendations::Get, request).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_death_reviews
