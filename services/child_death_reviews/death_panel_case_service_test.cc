#include "child_death_reviews/death_panel_case_service.h"

#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/testing/panel_fixture.h"
#include "common/status/error.h"
#include "common/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::Violations;
using pb::DeathPanelCase;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::vector<std::string> kAll = {"havering", "redbridge", "barking-and-dagenham"};

class DeathPanelCasesTest : public PanelFixture {
 protected:
  std::vector<DeathPanelCase> List(const std::string& filter = "",
                                   const std::string& parent = "boroughs/havering") {
    const auto reply =
        Must(cases_, &DeathPanelCases::List,
             Parse<pb::ListDeathPanelCasesRequest>("parent: '" + parent + "' " + filter));
    return {reply.death_panel_cases().begin(), reply.death_panel_cases().end()};
  }
  void AsMember(const std::vector<std::string>& boroughs = kAll) {
    As("testpolice", "m.member", boroughs);
  }
  std::vector<pb::PanelPaper> Mine() {
    const auto reply = Must(papers_, &PanelPapers::List,
                            Parse<pb::ListMyDeathPanelCasesRequest>("parent: 'boroughs/-'"));
    return {reply.papers().begin(), reply.papers().end()};
  }
  // Of another child.
  pb::DeathReview AcceptedOther() {
    const auto told = Notify("", "kind: NOTIFIER_KIND_POLICE", "Anna");
    return Must(reviews_, &DeathReviews::Accept,
                Of<pb::AcceptDeathReviewRequest>(Review(told->death_review())))
        .death_review();
  }
  absl::StatusCode ReadMine(const std::string& name) {
    pb::GetMyDeathPanelCaseRequest request;
    request.set_name(name);
    return harness_.Run(papers_, &PanelPapers::Get, request).status().code();
  }
};

TEST_F(DeathPanelCasesTest, WaitFromWhenTheReviewIsTakenOnTheOldestFirst) {
  const pb::DeathReview review = Accepted();
  const DeathPanelCase record = CaseOf(review);
  EXPECT_EQ(record.state(), DeathPanelCase::STATE_WAITING);
  EXPECT_EQ(record.age_days(), 2);
  EXPECT_EQ(record.paper().area(), "H");
  EXPECT_EQ(record.paper().age_band(), pb::AGE_BAND_5_TO_9);
  // Neither the id of the review nor when it was begun.
  EXPECT_THAT(record.name(), HasSubstr("/deathPanelCases/0000000000"));
  EXPECT_THAT(List("states: STATE_WAITING"), SizeIs(1));
  EXPECT_THAT(List("theme: PANEL_THEME_PERINATAL"), IsEmpty());
}

TEST_F(DeathPanelCasesTest, AreCheckedForWhatIsMissingByName) {
  const pb::DeathReview review = Accepted();
  Must(forms_, &ReportingForms::Request,
       Of<pb::RequestReportingFormsRequest>(review, "agencies { agency: 'testschool' }"));
  pb::CheckDeathPanelCaseRequest request;
  request.set_name(CaseOf(review).name());
  const auto missing = Must(cases_, &DeathPanelCases::Check, request).missing();
  std::vector<std::string> names;
  for (const pb::MissingPart& part : missing) {
    names.push_back(pb::MissingKind_Name(part.kind()) + " " + part.detail());
  }
  EXPECT_THAT(names, ::testing::Contains("MISSING_KIND_REPORTING_FORM testschool"));
  EXPECT_THAT(names, ::testing::Contains("MISSING_KIND_REVIEW_MEETING "));
  EXPECT_THAT(names, ::testing::Contains("MISSING_KIND_PARTICULARS sex"));
  EXPECT_THAT(harness_.disclosed, ElementsAre(request.name()));
  auto put = Of<pb::PutOnDeathPanelAgendaRequest>(CaseOf(review));
  put.set_death_panel(PlannedPanel().name());
  EXPECT_EQ(BrokenRule(harness_.Run(cases_, &DeathPanelCases::PutOnAgenda, put).status()),
            "case_complete");
  put.set_incomplete_reason("the inquest takes years");
  EXPECT_THAT(Must(cases_, &DeathPanelCases::PutOnAgenda, put).death_panel_case().missing(),
              SizeIs(missing.size()));
  EXPECT_THAT(List("death_panel: '" + put.death_panel() + "'"), SizeIs(1));
}

TEST_F(DeathPanelCasesTest, OfAThemeAreFoundForAMeetingAboutIt) {
  const pb::DeathReview review = Accepted();
  Reported(review, "DEATH_CATEGORY_SUICIDE");
  EXPECT_THAT(List("theme: PANEL_THEME_SUICIDE"), SizeIs(1));
  EXPECT_THAT(List("theme: PANEL_THEME_UNEXPLAINED"), IsEmpty());
  EXPECT_EQ(Listed(review, PlannedPanel("theme: PANEL_THEME_SUICIDE")).state(),
            DeathPanelCase::STATE_LISTED);
}

TEST_F(DeathPanelCasesTest, AnalysedMakeTheReviewReviewedAndItIsCounted) {
  const pb::DeathReview review = Accepted("sex: SEX_FEMALE");
  Reported(review);
  const pb::DeathPanel panel = PlannedPanel();
  const DeathPanelCase record = Listed(review, panel);
  HeldPanel(panel);
  As("testpublichealth", "c.chair");
  const pb::PanelPaper paper = Must(cases_, &DeathPanelCases::Analyse, AnalysisOf(record)).paper();
  EXPECT_EQ(paper.analysis().modifiability(), pb::MODIFIABILITY_IDENTIFIED);
  AsCoordinator();
  const pb::DeathReview reviewed = Review(review.name());
  EXPECT_EQ(reviewed.state(), pb::DeathReview::STATE_REVIEWED);
  EXPECT_EQ(reviewed.outcome().category(), pb::DEATH_CATEGORY_ACUTE);
  EXPECT_EQ(ClockOf(review.name(), kPanelReview), "due 2025-04-14 met 2025-03-04");
  // A correction is another version; the review stays REVIEWED.
  auto corrected = AnalysisOf(CaseOf(reviewed));
  corrected.mutable_analysis()->set_category(pb::DEATH_CATEGORY_INFECTION);
  Must(cases_, &DeathPanelCases::Analyse, corrected);
  EXPECT_THAT(CaseOf(reviewed).analyses(), SizeIs(2));
  const auto rows = harness_.Database().Query(
      "SELECT state, category, modifiability, panel_theme, sex FROM death_reviews"
      " WHERE reviewed_on = '2025-03-04' AND notified_on = '2025-03-03' AND completed_on IS NULL",
      {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].Int(0), pb::DeathReview::STATE_REVIEWED);
  EXPECT_EQ((*rows)[0].Int(1), pb::DEATH_CATEGORY_INFECTION);
  EXPECT_EQ((*rows)[0].Int(2), pb::MODIFIABILITY_IDENTIFIED);
  EXPECT_EQ((*rows)[0].Int(3), pb::PANEL_THEME_ORDINARY);
  EXPECT_EQ((*rows)[0].Int(4), pb::SEX_FEMALE);
}

TEST_F(DeathPanelCasesTest, AreNotAnalysedByAPanelThatWasNotQuorate) {
  const pb::DeathReview review = Accepted();
  const pb::DeathPanel panel = PlannedPanel();
  const DeathPanelCase record = Listed(review, panel);
  HeldPanel(panel, false);
  EXPECT_EQ(
      BrokenRule(harness_.Run(cases_, &DeathPanelCases::Analyse, AnalysisOf(record)).status()),
      "panel_quorate");
  EXPECT_EQ(Review(review.name()).state(), pb::DeathReview::STATE_OPEN);
}

TEST_F(DeathPanelCasesTest, ShowWhatLaterNotificationsHaveFilledIn) {
  const pb::DeathReview review = Accepted();
  Must(cases_, &DeathPanelCases::WriteSummary,
       Of<pb::WriteDeathPanelSummaryRequest>(CaseOf(review), "summary: 'With Uno.'"));
  ASSERT_TRUE(Notify("sex: SEX_MALE siblings { given_name: 'Uno' }").ok());
  const DeathPanelCase record = Listed(review, PlannedPanel());
  EXPECT_EQ(record.paper().sex(), pb::SEX_MALE);
  EXPECT_EQ(record.paper().summary(), "");  // it names a sibling who was not known
}

TEST_F(DeathPanelCasesTest, RefuseTextsThatTellWhoTheChildWas) {
  const DeathPanelCase record = CaseOf(Accepted());
  EXPECT_THAT(Violations(harness_
                             .Run(cases_, &DeathPanelCases::WriteSummary,
                                  Of<pb::WriteDeathPanelSummaryRequest>(
                                      record, "summary: 'Testa was found on 1 March'"))
                             .status()),
              ElementsAre("summary"));
  EXPECT_EQ(Must(cases_, &DeathPanelCases::WriteSummary,
                 Of<pb::WriteDeathPanelSummaryRequest>(record, "summary: 'A child was found.'"))
                .death_panel_case()
                .paper()
                .summary(),
            "A child was found.");
}

TEST_F(DeathPanelCasesTest, AreShownToMembersOfTheirMeetingWithoutWhatTellsWho) {
  const DeathPanelCase record =
      Listed(Accepted("nhs_number: '9434765919' address: '1 Invented Street'"), PlannedPanel());
  CaseOf(AcceptedOther());  // on no agenda
  AsMember();
  const auto papers = Mine();
  ASSERT_THAT(papers, SizeIs(1));
  EXPECT_EQ(papers[0].name(), record.name());
  EXPECT_THAT(harness_.disclosed, ElementsAre(record.name()));
  for (const char* secret : {"Testa", "Beispiel", "9434765919", "Street", "day", "c.coordinator"}) {
    EXPECT_THAT(papers[0].DebugString(), Not(HasSubstr(secret))) << secret;
  }
  EXPECT_EQ(ReadMine(record.name()), absl::StatusCode::kOk);
  EXPECT_THAT(harness_.disclosed, ElementsAre(record.name()));
}

TEST_F(DeathPanelCasesTest, AreAbsentForWhoSitsOnNoMeetingOfTheirs) {
  const DeathPanelCase record = Listed(Accepted(), PlannedPanel());
  const DeathPanelCase waiting = CaseOf(AcceptedOther());
  for (const auto& [agency, person] : std::vector<std::pair<std::string, std::string>>{
           {"testpolice", "m.other"}, {"testhospital", "m.member"}, {"testpolice", ""}}) {
    As(agency, person, kAll);
    EXPECT_THAT(Mine(), IsEmpty()) << person;
    EXPECT_EQ(ReadMine(record.name()), absl::StatusCode::kPermissionDenied) << person;
  }
  AsMember();
  EXPECT_EQ(ReadMine(waiting.name()), absl::StatusCode::kPermissionDenied);
  // A member may not agree an analysis, and learns nothing of the record by trying.
  const auto status = harness_.Run(cases_, &DeathPanelCases::Analyse, AnalysisOf(record)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  AsCoordinator();
  Must(cases_, &DeathPanelCases::Defer, Of<pb::DeferDeathPanelCaseRequest>(record, "reason: 'x'"));
  AsMember();
  EXPECT_THAT(Mine(), IsEmpty());
}

TEST_F(DeathPanelCasesTest, OfNeighboursAreReviewedTogether) {
  const pb::DeathReview review = Accepted();
  As("testhealth", "c.redbridge", {"redbridge"});
  const pb::DeathPanel joint = PlannedPanel("theme: PANEL_THEME_ORDINARY boroughs: 'havering'");
  const pb::DeathPanel own = PlannedPanel();
  AsCoordinator();
  auto put = Of<pb::PutOnDeathPanelAgendaRequest>(CaseOf(review), "incomplete_reason: 'x'");
  put.set_death_panel(own.name());
  EXPECT_EQ(harness_.Run(cases_, &DeathPanelCases::PutOnAgenda, put).status().code(),
            absl::StatusCode::kPermissionDenied);
  const DeathPanelCase record = Listed(review, joint);
  AsMember();
  EXPECT_THAT(Mine(), SizeIs(1));
  AsMember({"redbridge"});  // whom Havering grants nothing
  EXPECT_THAT(Mine(), IsEmpty());
  EXPECT_EQ(ReadMine(record.name()), absl::StatusCode::kPermissionDenied);
  // Redbridge's coordinator sees that a case is on the agenda by no means.
  As("testhealth", "c.redbridge", {"redbridge"});
  EXPECT_THAT(List("death_panel: '" + joint.name() + "'", "boroughs/redbridge"), IsEmpty());
  EXPECT_EQ(BrokenRule(harness_
                           .Run(panels_, &DeathPanels::Cancel,
                                Of<pb::CancelDeathPanelRequest>(joint, "reason: 'x'"))
                           .status()),
            "agenda_empty");
}

TEST_F(DeathPanelCasesTest, OfAnotherBoroughAreAbsent) {
  const DeathPanelCase record = CaseOf(Accepted());
  As("testcouncil", "c.redbridge", {"redbridge"});
  pb::GetDeathPanelCaseRequest get;
  get.set_name(record.name());
  EXPECT_EQ(harness_.Run(cases_, &DeathPanelCases::Get, get).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(harness_
                .Run(cases_, &DeathPanelCases::WriteSummary,
                     Of<pb::WriteDeathPanelSummaryRequest>(record, "summary: 'x'"))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(List("", "boroughs/redbridge"), IsEmpty());
}

TEST_F(DeathPanelCasesTest, FollowTheParticularsAndAreWithdrawnWithTheReview) {
  const pb::DeathReview review = Accepted();
  const pb::DeathReview corrected =
      Must(reviews_, &DeathReviews::Correct,
           Of<pb::CorrectParticularsRequest>(
               review,
               "particulars { family_name: 'B' residence_area: 'E09000016' sex: SEX_MALE "
               "birth: BIRTH_KIND_TERMINATION birth_date { year: 2025 month: 2 day: 20 } "
               "death_date { year: 2025 month: 2 day: 20 } }"))
          .death_review();
  EXPECT_EQ(CaseOf(review).paper().sex(), pb::SEX_MALE);
  EXPECT_EQ(CaseOf(review).paper().age_band(), pb::AGE_BAND_UNDER_28_DAYS);
  EXPECT_EQ(ClockOf(review.name(), kReviewCompletion), "due 2025-08-20");
  EXPECT_EQ(ClockOf(review.name(), kReviewMeeting), "due 2025-05-20");
  Must(reviews_, &DeathReviews::RuleOut,
       Of<pb::RuleOutDeathReviewRequest>(corrected, "reason: 'x'"));
  EXPECT_EQ(CaseOf(review).state(), DeathPanelCase::STATE_WITHDRAWN);
  EXPECT_EQ(ClockOf(review.name(), kReviewCompletion), "due 2025-08-20 cancelled 2025-03-03");
}

}  // namespace
}  // namespace lscp::child_death_reviews
