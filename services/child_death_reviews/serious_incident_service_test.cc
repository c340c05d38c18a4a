#include "child_death_reviews/serious_incident_service.h"

#include "child_death_reviews/practice_review.h"
#include "child_death_reviews/recommendation_service.h"
#include "child_death_reviews/testing/fixture.h"
#include "child_death_reviews/testing/incidents.h"
#include "common/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::SeriousIncident;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kLocal[] = "LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW";

// The clock stands at Monday, 3 March 2025, 10:00; incidents became known on Friday before.
class SeriousIncidentsTest : public Fixture {
 protected:
  absl::StatusOr<SeriousIncident> Record(const std::string& fields) {
    const auto reply = harness_.Run(incidents_, &SeriousIncidents::Record,
                                    Parse<pb::RecordSeriousIncidentRequest>(
                                        "parent: 'boroughs/havering' place: INCIDENT_PLACE_IN_AREA "
                                        "incident_date { year: 2025 month: 2 day: 27 } "
                                        "aware_date { year: 2025 month: 2 day: 28 } summary: 'x' "
                                        "children { given_name: 'Testa' harm: 'x' } " +
                                        fields));
    if (!reply.ok()) return reply.status();
    return reply->serious_incident();
  }
  SeriousIncident Recorded(const std::string& fields = "") {
    const auto recorded = Record("kind: INCIDENT_KIND_DEATH " + fields);
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    return recorded.value_or(SeriousIncident());
  }
  template <typename Object, typename Request, typename Response>
  absl::StatusOr<SeriousIncident> Try(Object& object,
                                      absl::StatusOr<Response> (Object::*handler)(const Request&,
                                                                                  Transaction&),
                                      const Request& request) {
    const auto reply = harness_.Run(object, handler, request);
    if (!reply.ok()) return reply.status();
    return reply->serious_incident();
  }
  template <typename Object, typename Request, typename Response>
  SeriousIncident Must(Object& object,
                       absl::StatusOr<Response> (Object::*handler)(const Request&, Transaction&),
                       const Request& request) {
    const auto incident = Try(object, handler, request);
    EXPECT_TRUE(incident.ok()) << incident.status();
    return incident.value_or(SeriousIncident());
  }
  SeriousIncident Notify(const SeriousIncident& incident, const std::string& met = "11100") {
    auto request = Of<pb::NotifyNationalPanelRequest>(incident, "reference: 'N1'");
    *request.mutable_criteria() = Notification(met);
    return Must(incidents_, &SeriousIncidents::Notify, request);
  }
  SeriousIncident RapidReviewed() {
    return Must(incidents_, &SeriousIncidents::CompleteRapidReview,
                Of<pb::CompleteRapidReviewRequest>(
                    Notify(Recorded()),
                    "rapid_review { facts: 'x' safety_actions: 'x' learning: "
                    "'x' complete_date { year: 2025 month: 3 day: 3 } " +
                        kPartnersAll + " }"));
  }
  pb::DecideReviewRequest Decision(const SeriousIncident& incident, const std::string& type) {
    auto request =
        Of<pb::DecideReviewRequest>(incident, "rationale: 'x' type: REVIEW_TYPE_" + type);
    *request.mutable_criteria() = Criteria("10100000");
    return request;
  }
  SeriousIncident Reported() {
    SeriousIncident incident =
        Must(practice_, &PracticeReviews::Decide, Decision(RapidReviewed(), kLocal));
    incident = Must(practice_, &PracticeReviews::Scope,
                    Of<pb::ScopeReviewRequest>(incident,
                                               "scope { from_date { year: 2024 month: 1 day: 1 } "
                                               "to_date { year: 2025 month: 2 day: 27 } "
                                               "questions: 'x' reviewer: 'r' }"));
    return Must(practice_, &PracticeReviews::RecordReport,
                Of<pb::RecordReportRequest>(incident,
                                            "report { findings: 'x' family_views: 'x' "
                                            "report_date { year: 2025 month: 3 day: 3 } }"));
  }
  std::vector<SeriousIncident> List(const std::string& filter = "") {
    const auto reply = harness_.Run(
        incidents_, &SeriousIncidents::List,
        Parse<pb::ListSeriousIncidentsRequest>("parent: 'boroughs/havering' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->serious_incidents().begin(), reply->serious_incidents().end()};
  }
  std::vector<SeriousIncident> OfDeath(const std::string& review) {
    pb::ListIncidentsOfDeathRequest request;
    request.set_death_review(review);
    const auto reply = harness_.Run(incidents_, &SeriousIncidents::ListOfDeath, request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->serious_incidents().begin(), reply->serious_incidents().end()};
  }

  SeriousIncidents incidents_;
  PracticeReviews practice_;
};

TEST_F(SeriousIncidentsTest, AreRecordedWithBothClocksSinceTheAuthorityWasAware) {
  const SeriousIncident incident = Recorded();
  EXPECT_EQ(incident.state(), SeriousIncident::STATE_RECORDED);
  EXPECT_EQ(ClockOf(incident.name(), kIncidentNotification), "due 2025-03-07");
  EXPECT_EQ(ClockOf(incident.name(), kRapidReview), "due 2025-03-21");
  EXPECT_THAT(List("kinds: INCIDENT_KIND_DEATH"), SizeIs(1));
  EXPECT_THAT(List("kinds: INCIDENT_KIND_OTHER"), IsEmpty());
  EXPECT_THAT(List("aware_from { year: 2025 month: 3 day: 1 }"), IsEmpty());
  for (const SeriousIncident& listed : List()) EXPECT_THAT(listed.children(), IsEmpty());
}

TEST_F(SeriousIncidentsTest, MoveTheirClocksWhenTheDayIsCorrected) {
  const SeriousIncident incident = Recorded();
  Must(incidents_, &SeriousIncidents::Correct,
       Of<pb::CorrectSeriousIncidentRequest>(
           incident,
           "kind: INCIDENT_KIND_DEATH place: INCIDENT_PLACE_IN_AREA summary: 'x' "
           "incident_date { year: 2025 month: 2 day: 27 } "
           "aware_date { year: 2025 month: 2 day: 27 } children { harm: 'x' }"));
  EXPECT_EQ(ClockOf(incident.name(), kIncidentNotification), "due 2025-03-06");
  EXPECT_EQ(ClockOf(incident.name(), kRapidReview), "due 2025-03-20");
}

TEST_F(SeriousIncidentsTest, ThatAreRuledOutOweNothingUntilTheyAreNotifiedAfterAll) {
  SeriousIncident incident = *Record("kind: INCIDENT_KIND_OTHER");
  auto request = Of<pb::RuleOutNotificationRequest>(incident);
  *request.mutable_criteria() = Notification("01100");
  incident = Must(incidents_, &SeriousIncidents::RuleOut, request);
  EXPECT_EQ(ClockOf(incident.name(), kRapidReview), "due 2025-03-21 cancelled 2025-03-03");
  harness_.clock.Advance(absl::Hours(24 * 7));
  incident = Notify(incident);
  EXPECT_EQ(ClockOf(incident.name(), kIncidentNotification), "due 2025-03-07 met 2025-03-10");
  EXPECT_EQ(ClockOf(incident.name(), kRapidReview), "due 2025-03-21");
}

TEST_F(SeriousIncidentsTest, OfDeathsInCareAreNotifiedAndOweNoRapidReview) {
  const SeriousIncident incident = Notify(*Record("kind: INCIDENT_KIND_DEATH_IN_CARE"), "01110");
  EXPECT_EQ(ClockOf(incident.name(), kIncidentNotification), "due 2025-03-07 met 2025-03-03");
  EXPECT_EQ(ClockOf(incident.name(), kRapidReview), "due 2025-03-21 cancelled 2025-03-03");
  const SeriousIncident closed = Must(incidents_, &SeriousIncidents::Close,
                                      Of<pb::CloseSeriousIncidentRequest>(incident, "remark: 'x'"));
  EXPECT_EQ(closed.state(), SeriousIncident::STATE_CLOSED);
}

TEST_F(SeriousIncidentsTest, GoFromTheRapidReviewToThePublicationWithTheirClocks) {
  SeriousIncident incident = Reported();
  EXPECT_EQ(ClockOf(incident.name(), kRapidReview), "due 2025-03-21 met 2025-03-03");
  EXPECT_EQ(ClockOf(incident.name(), kReviewPublication), "due 2025-09-03");
  EXPECT_THAT(List(std::string("types: REVIEW_TYPE_") + kLocal), SizeIs(1));
  incident = Must(
      incidents_, &SeriousIncidents::RecordAdvice,
      Of<pb::RecordPanelAdviceRequest>(
          incident, "panel_advice { advice: 'x' advice_date { year: 2025 month: 3 day: 3 } }"));
  incident = Must(
      practice_, &PracticeReviews::AgreePublication,
      Of<pb::AgreePublicationRequest>(incident, "agreement { extent: PUBLICATION_EXTENT_REPORT " +
                                                    Agreements(2025, 3, 3) + " }"));
  harness_.clock.Set(LondonTime(2025, 4, 1, 10));
  incident = Must(practice_, &PracticeReviews::Publish,
                  Of<pb::PublishReviewRequest>(incident,
                                               "publication { location: 'x' "
                                               "send_date { year: 2025 month: 3 day: 20 } "
                                               "publish_date { year: 2025 month: 3 day: 31 } }"));
  EXPECT_EQ(incident.state(), SeriousIncident::STATE_PUBLISHED);
  EXPECT_EQ(ClockOf(incident.name(), kReviewPublication), "due 2025-09-03 met 2025-03-31");
}

TEST_F(SeriousIncidentsTest, OfWhichNothingIsPublishedOweNoPublication) {
  SeriousIncident incident = Reported();
  incident = Must(practice_, &PracticeReviews::AgreePublication,
                  Of<pb::AgreePublicationRequest>(
                      incident, "agreement { reason: 'x' extent: PUBLICATION_EXTENT_NOTHING " +
                                    Agreements(2025, 3, 3) + " }"));
  EXPECT_EQ(incident.state(), SeriousIncident::STATE_NOT_PUBLISHED);
  EXPECT_EQ(ClockOf(incident.name(), kReviewPublication), "due 2025-09-03 cancelled 2025-03-03");
}

TEST_F(SeriousIncidentsTest, ThatAreReviewedByAnotherNameHaveNoPublicationClock) {
  const SeriousIncident incident =
      Must(practice_, &PracticeReviews::Decide, Decision(RapidReviewed(), "LEARNING_REVIEW"));
  EXPECT_EQ(ClockOf(incident.name(), kReviewPublication), "none");
  const auto earlier =
      Try(practice_, &PracticeReviews::Decide, Decision(RapidReviewed(), "SERIOUS_CASE_REVIEW"));
  EXPECT_THAT(Violations(earlier.status()), ::testing::ElementsAre("type"));
}

TEST_F(SeriousIncidentsTest, EndWhenTheirRecommendationsAreClosedOrWithdrawn) {
  const SeriousIncident incident =
      Must(practice_, &PracticeReviews::Decide, Decision(RapidReviewed(), "UNSPECIFIED"));
  Recommendations recommendations(&settings_);
  auto make = Parse<pb::MakeRecommendationRequest>(
      "parent: 'boroughs/havering' agency: 'testschool' text: 'x'");
  make.set_source(incident.name());
  const auto made = harness_.Run(recommendations, &Recommendations::Make, make);
  ASSERT_TRUE(made.ok()) << made.status();
  const auto close = Of<pb::CloseSeriousIncidentRequest>(incident, "remark: 'x'");
  EXPECT_EQ(BrokenRule(Try(incidents_, &SeriousIncidents::Close, close).status()),
            "recommendations_closed");
  ASSERT_TRUE(harness_
                  .Run(recommendations, &Recommendations::Withdraw,
                       Of<pb::WithdrawRecommendationRequest>(made->recommendation(), "reason: 'x'"))
                  .ok());
  EXPECT_TRUE(Try(incidents_, &SeriousIncidents::Close, close).ok());
}

TEST_F(SeriousIncidentsTest, AreLinkedToTheDeathReviewBothWays) {
  const std::string review = Accepted().name();
  const SeriousIncident first = Recorded("death_review: '" + review + "'");
  const SeriousIncident second =
      Must(incidents_, &SeriousIncidents::LinkDeath,
           Of<pb::LinkDeathReviewRequest>(Recorded(), "death_review: '" + review + "'"));
  EXPECT_EQ(second.death_review(), review);
  ASSERT_THAT(OfDeath(review), SizeIs(2));
  EXPECT_THAT(harness_.disclosed, SizeIs(2));
  EXPECT_THAT(OfDeath("boroughs/havering/deathReviews/none"), IsEmpty());
  const std::string none = "death_review: 'boroughs/havering/deathReviews/none'";
  EXPECT_EQ(Record("kind: INCIDENT_KIND_DEATH " + none).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Try(incidents_, &SeriousIncidents::LinkDeath,
                Of<pb::LinkDeathReviewRequest>(Recorded(), none))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
  // Another borough's is absent, whoever may see both.
  As("testhealth", "c.coordinator", {"redbridge", "havering"});
  auto request = Parse<pb::RecordSeriousIncidentRequest>(
      "parent: 'boroughs/redbridge' kind: INCIDENT_KIND_DEATH summary: 'x' "
      "incident_date { year: 2025 month: 2 day: 27 } aware_date { year: 2025 month: 2 day: 28 }");
  request.set_death_review(review);
  EXPECT_EQ(Try(incidents_, &SeriousIncidents::Record, request).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(SeriousIncidentsTest, FollowTheDeathReviewThatIsMergedWithAnother) {
  const auto review = Begun();
  const auto duplicate =
      Review(Fixture::Notify("", "kind: NOTIFIER_KIND_POLICE", "Tessa")->death_review());
  ASSERT_NE(duplicate.name(), review.name());
  Recorded("death_review: '" + duplicate.name() + "'");
  Recommendations recommendations(&settings_);
  auto make = Parse<pb::MakeRecommendationRequest>(
      "parent: 'boroughs/havering' agency: 'testschool' text: 'x'");
  make.set_source(duplicate.name());
  const auto made = harness_.Run(recommendations, &Recommendations::Make, make);
  ASSERT_TRUE(made.ok()) << made.status();
  auto merge = Of<pb::MergeDeathReviewsRequest>(review);
  merge.set_duplicate(duplicate.name());
  merge.set_duplicate_etag(duplicate.etag());
  const auto merged = harness_.Run(reviews_, &DeathReviews::Merge, merge);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_THAT(OfDeath(review.name()), SizeIs(1));
  EXPECT_THAT(OfDeath(duplicate.name()), IsEmpty());
  pb::GetRecommendationRequest get;
  get.set_name(made->recommendation().name());
  EXPECT_EQ(harness_.Run(recommendations, &Recommendations::Get, get)->recommendation().source(),
            review.name());
  // Who links to the duplicate later means the child.
  EXPECT_EQ(Recorded("death_review: '" + duplicate.name() + "'").death_review(), review.name());
}

TEST_F(SeriousIncidentsTest, OfAnotherBoroughAreAbsent) {
  const SeriousIncident incident = Recorded();
  As("testcouncil", "c.redbridge", {"redbridge"});
  pb::GetSeriousIncidentRequest request;
  request.set_name(incident.name());
  EXPECT_EQ(harness_.Run(incidents_, &SeriousIncidents::Get, request).status().code(),
            absl::StatusCode::kPermissionDenied);
  auto notify = Of<pb::NotifyNationalPanelRequest>(incident);
  *notify.mutable_criteria() = Notification("11100");
  EXPECT_EQ(Try(incidents_, &SeriousIncidents::Notify, notify).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_death_reviews
