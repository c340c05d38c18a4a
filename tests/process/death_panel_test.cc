// A panel of three boroughs that share their child death reviews, through the gateway and a real
// service: from the queue to the end of a review. Its members see the papers of all three and never
// whose deaths they were; each look is in the audit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "safeguarding/child_death_reviews/v1/death_panel_cases_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_panels_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "tests/support/calls.h"
#include "tests/support/shared_death_reviews.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace pb = safeguarding::child_death_reviews::v1;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kTeam[] = "example-integrated-care-board";
constexpr char kPolice[] = "example-police";

class DeathPanel : public ::testing::Test {
 protected:
  template <typename Reply, typename Request>
  static absl::StatusCode Refusal(client::Channel& who, const std::string& method,
                                  const std::string& borough, const Request& request) {
    return Ask<Reply>(who, method, borough, request).status().code();
  }

  // A death of the borough that the team has taken on.
  pb::DeathReview Accepted(const std::string& borough) {
    const auto told = Must<pb::NotifyDeathResponse>(
        *suite_.As(kTeam), "child_death_reviews.v1.DeathNotificationsService/NotifyDeath", borough,
        Parse<pb::NotifyDeathRequest>(absl::StrCat(
            "parent: 'boroughs/", borough, "' kind: NOTIFIER_KIND_HOSPITAL particulars { ",
            "given_name: 'Quentin' family_name: 'Zzinvented' residence_area: '",
            SharingBoroughs().at(borough),
            "' birth_date { year: 2015 month: 3 day: 14 } death_date { ",
            DateToProto(LondonDay(absl::Now()) - 40).ShortDebugString(), " } }")));
    const auto review = Must<pb::GetDeathReviewResponse>(
        *team_, "child_death_reviews.v1.DeathReviewsService/GetDeathReview", borough,
        Named<pb::GetDeathReviewRequest>(told.death_notification().death_review()));
    return Must<pb::AcceptDeathReviewResponse>(
               *team_, "child_death_reviews.v1.DeathReviewsService/AcceptDeathReview", borough,
               Of<pb::AcceptDeathReviewRequest>(review.death_review(), "reason: 'invented'"))
        .death_review();
  }

  pb::DeathPanel JointPanel() {
    auto request = Parse<pb::PlanDeathPanelRequest>(absl::StrCat(
        "parent: 'boroughs/havering' boroughs: 'redbridge' boroughs: 'barking-and-dagenham' "
        "theme: PANEL_THEME_ORDINARY chair { agency: '",
        kTeam, "' kind: AGENCY_KIND_PUBLIC_HEALTH person: 'c.chair' } members { agency: '", kPolice,
        "' kind: AGENCY_KIND_POLICE person: 'm.member' }"));
    *request.mutable_meet_time() = TimeToProto(absl::Now() + absl::Hours(1));
    return Must<pb::PlanDeathPanelResponse>(
               *team_, "child_death_reviews.v1.DeathPanelsService/PlanDeathPanel", "havering",
               request)
        .death_panel();
  }

  // The only case of the borough, with an account, on the panel's agenda.
  void PutOn(const pb::DeathPanel& panel, const std::string& borough) {
    const auto cases = Must<pb::ListDeathPanelCasesResponse>(
        *team_, "child_death_reviews.v1.DeathPanelCasesService/ListDeathPanelCases", borough,
        Parse<pb::ListDeathPanelCasesRequest>("parent: 'boroughs/" + borough + "'"));
    ASSERT_THAT(cases.death_panel_cases(), SizeIs(1));
    EXPECT_EQ(cases.death_panel_cases(0).age_days(), 40);
    const auto written = Must<pb::WriteDeathPanelSummaryResponse>(
        *team_, "child_death_reviews.v1.DeathPanelCasesService/WriteDeathPanelSummary", borough,
        Of<pb::WriteDeathPanelSummaryRequest>(cases.death_panel_cases(0),
                                              "summary: 'A child fell ill.'"));
    auto request = Of<pb::PutOnDeathPanelAgendaRequest>(written.death_panel_case(),
                                                        "incomplete_reason: 'invented'");
    request.set_death_panel(panel.name());
    Must<pb::PutOnDeathPanelAgendaResponse>(
        *team_, "child_death_reviews.v1.DeathPanelCasesService/PutOnDeathPanelAgenda", borough,
        request);
  }

  std::vector<pb::PanelPaper> PapersOf(client::Channel& who) {
    const auto reply = Must<pb::ListMyDeathPanelCasesResponse>(
        who, "child_death_reviews.v1.DeathPanelCasesService/ListMyDeathPanelCases", "-",
        Parse<pb::ListMyDeathPanelCasesRequest>("parent: 'boroughs/-'"));
    return {reply.papers().begin(), reply.papers().end()};
  }

  Suite suite_{SharedDeathReviews()};
  std::unique_ptr<client::Channel> team_ = suite_.As(kTeam, "c.team", {"cdr_coordinator"});
  std::unique_ptr<client::Channel> chair_ = suite_.As(kTeam, "c.chair", {"panel_chair"});
  std::unique_ptr<client::Channel> member_ = suite_.As(kPolice, "m.member", {"panel_member"});
};

std::string BoroughOfName(const std::string& name) {
  return name.substr(9, name.find('/', 9) - 9);  // boroughs/{borough}/...
}

TEST_F(DeathPanel, SeesPapersOfThreeBoroughsAndNeverWhoseDeathsTheyWere) {
  std::map<std::string, pb::DeathReview> reviews;
  for (const auto& [borough, area] : SharingBoroughs()) reviews[borough] = Accepted(borough);
  const pb::DeathPanel panel = JointPanel();
  for (const auto& [borough, review] : reviews) PutOn(panel, borough);

  const auto papers = PapersOf(*member_);
  ASSERT_THAT(papers, SizeIs(3));
  for (const pb::PanelPaper& paper : papers) {
    const std::string borough = BoroughOfName(paper.name());
    const std::string text = paper.DebugString();
    const std::string review = reviews.at(borough).name();
    for (const std::string& secret : {std::string("Quentin"), std::string("Zzinvented"),
                                      std::string("day:"), review.substr(review.rfind('/') + 1)}) {
      EXPECT_THAT(text, Not(HasSubstr(secret)));
    }
    EXPECT_EQ(paper.summary(), "A child fell ill.");
    Must<pb::GetMyDeathPanelCaseResponse>(
        *member_, "child_death_reviews.v1.DeathPanelCasesService/GetMyDeathPanelCase", borough,
        Named<pb::GetMyDeathPanelCaseRequest>(paper.name()));
    // Neither the review nor what its coordinator sees of the case.
    EXPECT_EQ(Refusal<pb::GetDeathReviewResponse>(
                  *member_, "child_death_reviews.v1.DeathReviewsService/GetDeathReview", borough,
                  Named<pb::GetDeathReviewRequest>(review)),
              absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(Refusal<pb::GetDeathPanelCaseResponse>(
                  *member_, "child_death_reviews.v1.DeathPanelCasesService/GetDeathPanelCase",
                  borough, Named<pb::GetDeathPanelCaseRequest>(paper.name())),
              absl::StatusCode::kPermissionDenied);
    // Each look is in the audit: the list, and the paper.
    const auto looks = suite_.OwnerConnection(Suite::kChildDeathReviews)
                           ->Query(
                               "SELECT COUNT(*) FROM disclosures WHERE resource = ? AND "
                               "agency = ? AND person = ?",
                               {paper.name(), kPolice, "m.member"});
    ASSERT_TRUE(looks.ok()) << looks.status();
    EXPECT_EQ((*looks)[0].Int(0), 2);
  }
  EXPECT_EQ(Refusal<pb::ListDeathReviewsResponse>(
                *member_, "child_death_reviews.v1.DeathReviewsService/ListDeathReviews", "-",
                Parse<pb::ListDeathReviewsRequest>("parent: 'boroughs/-'")),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(PapersOf(*suite_.As(kPolice, "m.other", {"panel_member"})), IsEmpty());
  // One borough's coordinator has that borough's case on the joint agenda, and no other.
  const auto havering = suite_.As("havering-council", "c.havering", {"cdr_coordinator"});
  const auto own = Must<pb::ListDeathPanelCasesResponse>(
      *havering, "child_death_reviews.v1.DeathPanelCasesService/ListDeathPanelCases", "-",
      Parse<pb::ListDeathPanelCasesRequest>("parent: 'boroughs/-' death_panel: '" + panel.name() +
                                            "'"));
  ASSERT_THAT(own.death_panel_cases(), SizeIs(1));
  EXPECT_EQ(own.death_panel_cases(0).death_review(), reviews.at("havering").name());
}

constexpr char kAnalysis[] =
    "analysis { category: DEATH_CATEGORY_INFECTION modifiability: MODIFIABILITY_NONE "
    "factors { domain: FACTOR_DOMAIN_CHILD description: 'asthma' "
    "grade: FACTOR_GRADE_CONTRIBUTED } "
    "factors { domain: FACTOR_DOMAIN_SOCIAL_ENVIRONMENT description: 'none' "
    "grade: FACTOR_GRADE_UNLIKELY } "
    "factors { domain: FACTOR_DOMAIN_PHYSICAL_ENVIRONMENT description: 'none' "
    "grade: FACTOR_GRADE_UNLIKELY } "
    "factors { domain: FACTOR_DOMAIN_SERVICE_PROVISION description: 'not known' "
    "grade: FACTOR_GRADE_NO_INFORMATION } } ";

TEST_F(DeathPanel, AgreesWhatAReviewIsCompletedWith) {
  const pb::DeathReview review = Accepted("redbridge");
  const pb::DeathPanel panel = JointPanel();
  PutOn(panel, "redbridge");
  auto hold = Of<pb::HoldDeathPanelRequest>(
      panel,
      "attendances { agency: 'a' kind: AGENCY_KIND_DESIGNATED_DOCTOR attended: true } "
      "attendances { agency: 'b' kind: AGENCY_KIND_POLICE attended: true } "
      "attendances { agency: 'c' kind: AGENCY_KIND_SOCIAL_CARE attended: true } "
      "attendances { agency: 'd' kind: AGENCY_KIND_PUBLIC_HEALTH attended: true }");
  *hold.mutable_meet_time() = TimeToProto(absl::Now() - absl::Seconds(1));
  const auto held = Must<pb::HoldDeathPanelResponse>(
      *chair_, "child_death_reviews.v1.DeathPanelsService/HoldDeathPanel", "havering", hold);
  EXPECT_TRUE(held.death_panel().quorate());

  const auto papers = PapersOf(*chair_);
  ASSERT_THAT(papers, SizeIs(1));
  const auto analysis = Of<pb::RecordDeathPanelAnalysisRequest>(papers[0], kAnalysis);
  EXPECT_EQ(Refusal<pb::RecordDeathPanelAnalysisResponse>(
                *member_, "child_death_reviews.v1.DeathPanelCasesService/RecordDeathPanelAnalysis",
                "redbridge", analysis),
            absl::StatusCode::kPermissionDenied);
  Must<pb::RecordDeathPanelAnalysisResponse>(
      *chair_, "child_death_reviews.v1.DeathPanelCasesService/RecordDeathPanelAnalysis",
      "redbridge", analysis);

  const auto reviewed = Must<pb::GetDeathReviewResponse>(
      *team_, "child_death_reviews.v1.DeathReviewsService/GetDeathReview", "redbridge",
      Named<pb::GetDeathReviewRequest>(review.name()));
  EXPECT_EQ(reviewed.death_review().state(), pb::DeathReview::STATE_REVIEWED);
  const auto notified = Must<pb::RecordNationalNotificationResponse>(
      *team_, "child_death_reviews.v1.DeathReviewsService/RecordNationalNotification", "redbridge",
      Of<pb::RecordNationalNotificationRequest>(reviewed.death_review(), "reference: 'N-1'"));
  const auto completed = Must<pb::CompleteDeathReviewResponse>(
      *team_, "child_death_reviews.v1.DeathReviewsService/CompleteDeathReview", "redbridge",
      Of<pb::CompleteDeathReviewRequest>(notified.death_review(),
                                         "no_feedback_reason: 'invented'"));
  EXPECT_EQ(completed.death_review().state(), pb::DeathReview::STATE_COMPLETED);
  EXPECT_EQ(completed.death_review().outcome().category(), pb::DEATH_CATEGORY_INFECTION);
}

}  // namespace
}  // namespace lscp::tests
