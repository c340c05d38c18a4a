// A serious incident from the day on which the local authority became aware to its end, through the
// gateway and real services: who may take which step, and that an agency that is asked sees what it
// is asked and nothing else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "re2/re2.h"
#include "safeguarding/child_death_reviews/v1/chronologies_service.pb.h"
#include "safeguarding/child_death_reviews/v1/recommendations_service.pb.h"
#include "safeguarding/child_death_reviews/v1/serious_incidents_service.pb.h"
#include "tests/support/calls.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace pb = safeguarding::child_death_reviews::v1;
using ::testing::SizeIs;

constexpr char kCouncil[] = "barnet-council";
constexpr char kSchool[] = "example-primary-school";

// A day of the last weeks, as a request has it.
std::string Ago(int days) { return DateToProto(LondonDay(absl::Now()) - days).ShortDebugString(); }

// Criteria of which the first `met` of `all` are met.
std::string Criteria(const std::string& prefix, const google::protobuf::EnumDescriptor& type,
                     int met) {
  std::string text;
  for (int i = 1; i < type.value_count(); ++i) {
    absl::StrAppend(&text, "criteria { reason: 'invented' criterion: ", type.value(i)->name(),
                    " met: ", i <= met ? "true" : "false", " } ");
  }
  return text + prefix;
}

// What is answered for each of the three safeguarding partners.
std::string Partners(const std::string& field, const std::string& each) {
  std::string text;
  for (const char* partner : {"LOCAL_AUTHORITY", "POLICE", "HEALTH"}) {
    absl::StrAppend(&text, field, " { partner: SAFEGUARDING_PARTNER_", partner, " ", each, " } ");
  }
  return text;
}

// A refusal's words, without what it names.
std::string WordsOf(const absl::Status& status) {
  std::string words = status.ToString();
  RE2::GlobalReplace(&words, "boroughs/[^ ']*", "NAME");
  return words.substr(0, words.find('['));
}

class SeriousIncident : public ::testing::Test {
 protected:
  template <typename Reply, typename Request>
  static absl::StatusOr<Reply> Ask(client::Channel& who, const std::string& method,
                                   const Request& request) {
    return tests::Ask<Reply>(who, "child_death_reviews.v1." + method, "barnet", request);
  }
  template <typename Reply, typename Request>
  static Reply Must(client::Channel& who, const std::string& method, const Request& request) {
    return tests::Must<Reply>(who, "child_death_reviews.v1." + method, "barnet", request);
  }
  template <typename Reply, typename Request>
  static absl::StatusCode Refusal(client::Channel& who, const std::string& method,
                                  const Request& request) {
    return Ask<Reply>(who, method, request).status().code();
  }
  std::unique_ptr<client::Channel> As(const std::string& agency, const std::string& person = "",
                                      const std::vector<std::string>& roles = {}) {
    return suite_.As(agency, person, roles);
  }

  // Recorded, notified and reviewed at once, by the coordinator.
  pb::SeriousIncident RapidReviewed() {
    auto incident = Must<pb::RecordSeriousIncidentResponse>(
                        *coordinator_, "SeriousIncidentsService/RecordSeriousIncident",
                        Parse<pb::RecordSeriousIncidentRequest>(absl::StrCat(
                            "parent: 'boroughs/barnet' kind: INCIDENT_KIND_SERIOUS_HARM "
                            "place: INCIDENT_PLACE_IN_AREA summary: 'invented' "
                            "children { family_name: 'Zzinvented' harm: 'invented' } "
                            "incident_date { ",
                            Ago(60), " } aware_date { ", Ago(60), " }")))
                        .serious_incident();
    incident = Must<pb::NotifyNationalPanelResponse>(
                   *coordinator_, "SeriousIncidentsService/NotifyNationalPanel",
                   Of<pb::NotifyNationalPanelRequest>(
                       incident, Criteria("notify_date { " + Ago(58) + " }",
                                          *pb::NotificationCriterion_descriptor(), 3)))
                   .serious_incident();
    return Must<pb::CompleteRapidReviewResponse>(
               *coordinator_, "SeriousIncidentsService/CompleteRapidReview",
               Of<pb::CompleteRapidReviewRequest>(
                   incident,
                   absl::StrCat("rapid_review { facts: 'x' safety_actions: 'x' "
                                "learning: 'x' complete_date { ",
                                Ago(45), " } ", Partners("participants", "took_part: true"), " }")))
        .serious_incident();
  }
  pb::DecideReviewRequest Decision(const pb::SeriousIncident& incident) {
    return Of<pb::DecideReviewRequest>(
        incident, Criteria("rationale: 'x' decide_date { " + Ago(40) +
                               " } type: REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW",
                           *pb::ReviewCriterion_descriptor(), 1));
  }
  pb::SeriousIncident Scoped() {
    const auto decided =
        Must<pb::DecideReviewResponse>(*lead_, "SeriousIncidentsService/DecideReview",
                                       Decision(RapidReviewed()))
            .serious_incident();
    return Must<pb::ScopeReviewResponse>(
               *coordinator_, "SeriousIncidentsService/ScopeReview",
               Of<pb::ScopeReviewRequest>(decided,
                                          "scope { from_date { year: 2024 month: 1 day: 1 } "
                                          "to_date { year: 2024 month: 12 day: 31 } questions: 'x' "
                                          "reviewer: 'r' independence: 'x' family: 'x' }"))
        .serious_incident();
  }
  // The chronologies of the school and of the police.
  std::vector<pb::Chronology> Asked(const pb::SeriousIncident& incident) {
    const auto reply = Must<pb::RequestChronologiesResponse>(
        *coordinator_, "ChronologiesService/RequestChronologies",
        Of<pb::RequestChronologiesRequest>(incident,
                                           "agencies { agency: 'example-primary-school' } "
                                           "agencies { agency: 'example-police' }"));
    EXPECT_THAT(reply.chronologies(), SizeIs(2));
    return {reply.chronologies().begin(), reply.chronologies().end()};
  }
  pb::Recommendation Recommended(const pb::SeriousIncident& incident) {
    auto request = Parse<pb::MakeRecommendationRequest>(
        "parent: 'boroughs/barnet' agency: 'example-primary-school' text: 'invented'");
    request.set_source(incident.name());
    return Must<pb::MakeRecommendationResponse>(*lead_, "RecommendationsService/MakeRecommendation",
                                                request)
        .recommendation();
  }
  static size_t ChronologiesOf(client::Channel& who) {
    return Must<pb::ListMyChronologiesResponse>(
               who, "ChronologiesService/ListMyChronologies",
               Parse<pb::ListMyChronologiesRequest>("parent: 'boroughs/barnet'"))
        .chronologies_size();
  }
  static size_t RecommendationsTo(client::Channel& who) {
    return Must<pb::ListMyRecommendationsResponse>(
               who, "RecommendationsService/ListMyRecommendations",
               Parse<pb::ListMyRecommendationsRequest>("parent: 'boroughs/barnet'"))
        .recommendations_size();
  }

  Suite suite_;
  const std::unique_ptr<client::Channel> lead_ = As(kCouncil, "l.lead", {"serious_incident_lead"});
  const std::unique_ptr<client::Channel> coordinator_ =
      As(kCouncil, "i.coordinator", {"serious_incident_coordinator"});
  const std::unique_ptr<client::Channel> school_ = As(kSchool);
  const std::unique_ptr<client::Channel> police_ = As("example-police");
};

const std::string kReturned =
    "content { entries { event: 'invented' date { year: 2024 month: 5 day: 1 } } }";

TEST_F(SeriousIncident, IsPublishedAndClosedWhenWhatItTaughtIsDone) {
  auto incident = Scoped();
  const auto asked = Asked(incident);
  Must<pb::SubmitChronologyResponse>(*school_, "ChronologiesService/SubmitChronology",
                                     Of<pb::SubmitChronologyRequest>(asked[0], kReturned));
  Must<pb::DeclareNothingHeldResponse>(
      *police_, "ChronologiesService/DeclareNothingHeld",
      Of<pb::DeclareNothingHeldRequest>(asked[1], "reason: 'invented'"));
  pb::GetSeriousIncidentRequest get;
  get.set_name(incident.name());
  incident = Must<pb::GetSeriousIncidentResponse>(*lead_,
                                                  "SeriousIncidentsService/GetSeriousIncident", get)
                 .serious_incident();
  incident = Must<pb::RecordReportResponse>(
                 *coordinator_, "SeriousIncidentsService/RecordReport",
                 Of<pb::RecordReportRequest>(incident,
                                             "report { findings: 'x' family_views: 'x' "
                                             "report_date { " +
                                                 Ago(20) + " } }"))
                 .serious_incident();
  incident = Must<pb::AgreePublicationResponse>(
                 *lead_, "SeriousIncidentsService/AgreePublication",
                 Of<pb::AgreePublicationRequest>(
                     incident,
                     "agreement { extent: PUBLICATION_EXTENT_REPORT " +
                         Partners("partners", "person: 'p' agree_date { " + Ago(18) + " }") + "}"))
                 .serious_incident();
  incident = Must<pb::PublishReviewResponse>(
                 *coordinator_, "SeriousIncidentsService/PublishReview",
                 Of<pb::PublishReviewRequest>(
                     incident, absl::StrCat("publication { location: 'invented' send_date { ",
                                            Ago(18), " } publish_date { ", Ago(0), " } }")))
                 .serious_incident();
  EXPECT_EQ(incident.state(), pb::SeriousIncident::STATE_PUBLISHED);

  auto recommendation = Recommended(incident);
  const auto close = Of<pb::CloseSeriousIncidentRequest>(incident, "remark: 'invented'");
  EXPECT_EQ(Refusal<pb::CloseSeriousIncidentResponse>(
                *lead_, "SeriousIncidentsService/CloseSeriousIncident", close),
            absl::StatusCode::kFailedPrecondition);
  recommendation = Must<pb::AnswerRecommendationResponse>(
                       *school_, "RecommendationsService/AnswerRecommendation",
                       Of<pb::AnswerRecommendationRequest>(recommendation, "accepted: true"))
                       .recommendation();
  recommendation =
      Must<pb::ReportProgressResponse>(
          *school_, "RecommendationsService/ReportProgress",
          Of<pb::ReportProgressRequest>(recommendation, "progress: 'x' evidence: 'x' done: true"))
          .recommendation();
  Must<pb::CloseRecommendationResponse>(
      *lead_, "RecommendationsService/CloseRecommendation",
      Of<pb::CloseRecommendationRequest>(
          recommendation, "impact: RECOMMENDATION_IMPACT_EVIDENCED impact_evidence: 'x'"));
  EXPECT_EQ(Must<pb::CloseSeriousIncidentResponse>(
                *lead_, "SeriousIncidentsService/CloseSeriousIncident", close)
                .serious_incident()
                .state(),
            pb::SeriousIncident::STATE_CLOSED);
}

TEST_F(SeriousIncident, IsDecidedByItsLeadAndReadByFew) {
  const auto incident = RapidReviewed();
  EXPECT_EQ(Refusal<pb::DecideReviewResponse>(*coordinator_, "SeriousIncidentsService/DecideReview",
                                              Decision(incident)),
            absl::StatusCode::kPermissionDenied);
  pb::GetSeriousIncidentRequest get;
  get.set_name(incident.name());
  const auto worker = As(kCouncil, "s.worker", {"social_worker", "team_manager"});
  const auto cdr = As(kCouncil, "c.coordinator", {"cdr_coordinator"});
  for (client::Channel* other : {worker.get(), cdr.get(), school_.get(), police_.get()}) {
    EXPECT_EQ(Refusal<pb::GetSeriousIncidentResponse>(
                  *other, "SeriousIncidentsService/GetSeriousIncident", get),
              absl::StatusCode::kPermissionDenied);
  }
}

TEST_F(SeriousIncident, ShowsAnAgencyWhatItIsAskedAndNothingOfOthers) {
  const auto incident = Scoped();
  const auto asked = Asked(incident);
  auto recommendation = Recommended(incident);
  EXPECT_EQ(ChronologiesOf(*school_), 1u);
  EXPECT_EQ(ChronologiesOf(*police_), 1u);
  EXPECT_EQ(RecommendationsTo(*school_), 1u);
  EXPECT_EQ(RecommendationsTo(*police_), 0u);
  // Another agency's is refused in the words in which what is not there is refused.
  const auto ask = [&](pb::Chronology chronology) {
    return WordsOf(
        Ask<pb::SubmitChronologyResponse>(*police_, "ChronologiesService/SubmitChronology",
                                          Of<pb::SubmitChronologyRequest>(chronology, kReturned))
            .status());
  };
  pb::Chronology absent = asked[0];
  absent.set_name("boroughs/barnet/chronologies/none-1");
  EXPECT_EQ(ask(asked[0]), ask(absent));
  EXPECT_THAT(ask(absent), ::testing::HasSubstr("PERMISSION_DENIED"));
  const auto answer = [&] {
    return WordsOf(Ask<pb::AnswerRecommendationResponse>(
                       *police_, "RecommendationsService/AnswerRecommendation",
                       Of<pb::AnswerRecommendationRequest>(recommendation, "accepted: true"))
                       .status());
  };
  const std::string hidden = answer();
  recommendation.set_name("boroughs/barnet/recommendations/none");
  EXPECT_EQ(hidden, answer());
  EXPECT_THAT(hidden, ::testing::HasSubstr("PERMISSION_DENIED"));
}

}  // namespace
}  // namespace lscp::tests
