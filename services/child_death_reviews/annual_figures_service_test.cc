#include "child_death_reviews/annual_figures_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/indicators.h"
#include "child_death_reviews/national_form_service.h"
#include "child_death_reviews/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/london.h"
#include "safeguarding/child_death_reviews/v1/codes.pb.h"
#include "safeguarding/child_death_reviews/v1/panel_codes.pb.h"
#include "safeguarding/child_death_reviews/v1/recommendations_service.pb.h"
#include "safeguarding/child_death_reviews/v1/serious_incidents_service.pb.h"

namespace lscp::child_death_reviews {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;

// Rows as the stores write them; every death is of a child of five.
class AnnualReportTest : public Fixture {
 protected:
  AnnualReportTest() {
    // Columns that are not given get what the server holds for nothing.
    EXPECT_TRUE(harness_.Database().Run("SET SESSION sql_mode = ''").ok());
    harness_.clock.Advance(StartOfDay(CivilDay(2025, 4, 1)) - harness_.clock.Now());
    AsTeam();
  }

  void AsTeam() {
    As("testhealth", "c.coordinator", {"havering", "redbridge", "barking-and-dagenham"});
  }

  void Death(const std::string& borough, CivilDay notified, pb::Sex sex,
             std::optional<CivilDay> reviewed = std::nullopt,
             std::optional<CivilDay> completed = std::nullopt,
             pb::DeathReview::State state = pb::DeathReview::STATE_OPEN) {
    const auto added = harness_.Database().Execute(
        "INSERT INTO death_reviews (borough, id, state, death_date, birth_date, notified_on, sex, "
        "reviewed_on, completed_on, category, modifiability) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?)",
        {borough, absl::StrCat("d", ++deaths_), state, notified - 1,
         CivilDay(notified.year() - 5, 1, 1), notified, sex, reviewed, completed,
         reviewed ? pb::DEATH_CATEGORY_TRAUMA : pb::DEATH_CATEGORY_UNSPECIFIED,
         reviewed ? pb::MODIFIABILITY_IDENTIFIED : pb::MODIFIABILITY_UNSPECIFIED});
    EXPECT_TRUE(added.ok()) << added.status();
  }

  void Panel(const std::string& id, CivilDay held, pb::PanelTheme theme, bool quorate) {
    const auto added = harness_.Database().Execute(
        "INSERT INTO death_panels (borough, id, theme, held_on, quorate) VALUES ('havering', ?, ?, "
        "?, ?)",
        {id, theme, held, quorate});
    EXPECT_TRUE(added.ok()) << added.status();
  }

  absl::StatusOr<pb::AnnualFigures> Get(const std::string& parent) {
    pb::GetAnnualFiguresRequest request;
    request.set_parent(parent);
    request.set_year(2024);
    const auto response = harness_.Run(report_, &AnnualReport::Get, request);
    if (!response.ok()) return response.status();
    return response->figures();
  }

  absl::StatusOr<pb::AnnualFigures> Published(int year = 2024) {
    pb::GetPublishedAnnualFiguresRequest request;
    request.set_parent("boroughs/-");
    request.set_year(year);
    const auto response = harness_.Run(report_, &AnnualReport::GetPublished, request);
    if (!response.ok()) return response.status();
    return response->figures();
  }

  static std::vector<std::string> Flows(const pb::AnnualFigures& figures) {
    std::vector<std::string> flows;
    for (const pb::AnnualFlow& flow : figures.flows()) {
      const auto text = [](const pb::AnnualFigure& figure) {
        return figure.left_out() ? "*" : absl::StrCat(figure.count());
      };
      flows.push_back(absl::StrCat(flow.borough().substr(9), " ", text(flow.open_before()), "+",
                                   text(flow.notified()), "-", text(flow.completed()), "=",
                                   text(flow.open_after())));
    }
    return flows;
  }

  // "3"; of a share "1/3"; with the parts of a breakdown.
  std::string Indicator(const std::string& id, const std::string& breakdown = "") {
    const CivilDay first(2024, 4, 1), last(2025, 3, 31);
    for (const IndicatorQuery& query : Indicators()) {
      if (query.definition.id() != id) continue;
      const auto indicator = Compute(harness_.Database(), query,
                                     {"havering", first, last, StartOfDay(first), EndOfDay(last)});
      if (!indicator.ok()) return indicator.status().ToString();
      std::string text = TextOf(indicator->total());
      for (const auto& known : indicator->breakdowns()) {
        if (known.name() != breakdown) continue;
        for (const auto& part : known.parts()) {
          absl::StrAppend(&text, ", ", part.key(), " ", TextOf(part.figure()));
        }
      }
      return text;
    }
    return "no such indicator";
  }

  AnnualReport report_{{"barking-and-dagenham", "havering", "redbridge"}};

 private:
  static std::string TextOf(const safeguarding::indicators::v1::Figure& figure) {
    return figure.denominator() == 0 ? absl::StrCat(figure.numerator())
                                     : absl::StrCat(figure.numerator(), "/", figure.denominator());
  }

  int deaths_ = 0;
};

TEST_F(AnnualReportTest, CountsEachBoroughAndAllTogether) {
  const CivilDay in_year(2024, 6, 1);
  Death("havering", CivilDay(2024, 3, 31), pb::SEX_MALE, CivilDay(2024, 5, 1), CivilDay(2024, 6, 1),
        pb::DeathReview::STATE_COMPLETED);
  Death("havering", in_year, pb::SEX_FEMALE);
  Death("redbridge", in_year, pb::SEX_FEMALE);
  for (const auto state : {pb::DeathReview::STATE_OUT_OF_SCOPE, pb::DeathReview::STATE_HANDED_OVER,
                           pb::DeathReview::STATE_MERGED}) {
    Death("havering", in_year, pb::SEX_FEMALE, std::nullopt, std::nullopt, state);
  }
  const auto all = Get("boroughs/-");
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_THAT(Flows(*all), ElementsAre("barking-and-dagenham 0+0-0=0", "havering 1+1-1=1",
                                       "redbridge 0+1-0=1", "- 1+2-1=2"));
  EXPECT_FALSE(all->published());
  const auto one = Get("boroughs/redbridge");
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_THAT(Flows(*one), ElementsAre("redbridge 0+1-0=1", "- 0+1-0=1"));
}

TEST_F(AnnualReportTest, ACoordinatorOfOneBoroughSeesNoOther) {
  Death("havering", CivilDay(2024, 6, 1), pb::SEX_FEMALE);
  Death("redbridge", CivilDay(2024, 6, 1), pb::SEX_FEMALE);
  As("havering-council", "h.coordinator", {"havering"});
  const auto figures = Get("boroughs/-");
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_THAT(Flows(*figures), ElementsAre("havering 0+1-0=1", "- 0+1-0=1"));
  EXPECT_TRUE(absl::IsPermissionDenied(Get("boroughs/redbridge").status()));
  // Nor the published ones, of which it would see other choices than everybody else.
  EXPECT_TRUE(absl::IsPermissionDenied(Published().status()));
}

TEST_F(AnnualReportTest, IsPublishedForAllWithoutSmallNumbersOnceTheYearIsOver) {
  for (int i = 0; i < 12; ++i) Death("havering", CivilDay(2024, 6, 1) + i, pb::SEX_MALE);
  for (int i = 0; i < 9; ++i) Death("redbridge", CivilDay(2024, 6, 1) + i, pb::SEX_FEMALE);
  Death("barking-and-dagenham", CivilDay(2024, 6, 1), pb::SEX_FEMALE);
  EXPECT_EQ(ReasonOf(Published(2025).status()), reason::ERROR_REASON_RULE_NOT_MET);
  const auto published = Published();
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_TRUE(published->published());
  int small = 0;
  for (const pb::AnnualFlow& flow : published->flows()) {
    small += flow.notified().count() > 0 && flow.notified().count() < 5 ? 1 : 0;
  }
  EXPECT_EQ(small, 0);
  EXPECT_TRUE(published->flows(0).notified().left_out());
  EXPECT_EQ(published->flows(3).notified().count(), 22);
}

TEST_F(AnnualReportTest, NamesTheMeetingsOfThePanel) {
  Panel("p1", CivilDay(2024, 5, 1), pb::PANEL_THEME_ORDINARY, true);
  Panel("p2", CivilDay(2024, 9, 1), pb::PANEL_THEME_ORDINARY, false);
  Panel("p3", CivilDay(2025, 3, 31), pb::PANEL_THEME_SUICIDE, true);
  Panel("p4", CivilDay(2025, 4, 1), pb::PANEL_THEME_SUICIDE, true);
  const auto figures = Get("boroughs/-");
  ASSERT_TRUE(figures.ok()) << figures.status();
  std::vector<std::string> panels;
  for (const pb::AnnualPanels& of : figures->panels()) {
    panels.push_back(
        absl::StrCat(of.borough(), " ", of.theme(), " ", of.held(), " ", of.quorate()));
  }
  EXPECT_THAT(panels,
              ElementsAre("boroughs/havering ORDINARY 2 1", "boroughs/havering SUICIDE 1 1"));
  EXPECT_EQ(Indicator("death_panels_held", "theme"), "3, ORDINARY 2, SUICIDE 1");
}

TEST_F(AnnualReportTest, TheIndicatorsCountTheSame) {
  Death("havering", CivilDay(2024, 3, 31), pb::SEX_MALE, CivilDay(2024, 5, 1), CivilDay(2024, 6, 1),
        pb::DeathReview::STATE_COMPLETED);
  Death("havering", CivilDay(2024, 4, 1), pb::SEX_UNSPECIFIED, CivilDay(2025, 3, 1),
        CivilDay(2025, 3, 31), pb::DeathReview::STATE_COMPLETED);
  Death("havering", CivilDay(2024, 6, 1), pb::SEX_FEMALE);
  Death("redbridge", CivilDay(2024, 6, 1), pb::SEX_FEMALE);
  Death("havering", CivilDay(2024, 6, 1), pb::SEX_FEMALE, std::nullopt, std::nullopt,
        pb::DeathReview::STATE_OUT_OF_SCOPE);
  EXPECT_EQ(Indicator("deaths_notified", "sex"), "2, NOT_RECORDED 1, FEMALE 1");
  EXPECT_EQ(Indicator("deaths_notified", "age"), "2, 5_TO_9 2");
  EXPECT_EQ(Indicator("deaths_reviewed", "category"), "2, TRAUMA 2");
  EXPECT_EQ(Indicator("deaths_with_modifiable_factors"), "2/2");
  EXPECT_EQ(Indicator("death_reviews_completed", "notification_year"), "2, 2023-24 1, 2024-25 1");
  EXPECT_EQ(Indicator("death_reviews_completed_within_six_months"), "1/2");
  EXPECT_EQ(Indicator("death_reviews_open", "months_open"), "1, 6_TO_11 1");
  const auto figures = Get("boroughs/havering");
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_THAT(Flows(*figures), ElementsAre("havering 1+2-2=1", "- 1+2-2=1"));
}

TEST_F(AnnualReportTest, TheTrackerOfRecommendationsCountsThem) {
  const auto at = [](int month, int day) { return StartOfDay(CivilDay(2024, month, day)); };
  const auto add = [&](const char* id, pb::Recommendation::State state, absl::Time made,
                       std::optional<absl::Time> closed, pb::RecommendationImpact impact) {
    const auto added = harness_.Database().Execute(
        "INSERT INTO recommendations (borough, id, agency, theme, state, impact, made_at, due_on, "
        "closed_at) VALUES ('havering', ?, 'testtrust', 'sleep', ?, ?, ?, ?, ?)",
        {id, state, impact, made, CivilDay(2024, 12, 1), closed});
    EXPECT_TRUE(added.ok()) << added.status();
  };
  const auto none = pb::RECOMMENDATION_IMPACT_UNSPECIFIED;
  add("r1", pb::Recommendation::STATE_CLOSED, at(3, 1), at(5, 1),
      pb::RECOMMENDATION_IMPACT_EVIDENCED);
  add("r2", pb::Recommendation::STATE_MADE, at(6, 1), std::nullopt, none);
  add("r3", pb::Recommendation::STATE_WITHDRAWN, at(6, 1), std::nullopt, none);
  EXPECT_EQ(Indicator("recommendations_made", "theme"), "1, sleep 1");
  EXPECT_EQ(Indicator("recommendations_closed", "impact"), "1, EVIDENCED 1");
  EXPECT_EQ(Indicator("recommendations_open", "late"), "1, YES 1");
  const auto figures = Get("boroughs/-");
  ASSERT_TRUE(figures.ok()) << figures.status();
  ASSERT_EQ(figures->recommendations_size(), 4);
  for (const int row : {1, 3}) {  // Havering, and all together
    const pb::AnnualRecommendations& of = figures->recommendations(row);
    EXPECT_EQ(absl::StrCat(of.open_before(), "+", of.made(), "-", of.closed(), "=", of.open_after(),
                           " late ", of.late()),
              "1+1-1=1 late 1")
        << of.borough();
  }
  const auto incident = harness_.Database().Execute(
      "INSERT INTO serious_incidents (borough, id, kind, notified_on, decided_on, review_type) "
      "VALUES ('havering', 'i1', ?, ?, ?, ?)",
      {pb::INCIDENT_KIND_DEATH, CivilDay(2024, 5, 1), CivilDay(2024, 6, 1),
       pb::REVIEW_TYPE_LEARNING_REVIEW});
  ASSERT_TRUE(incident.ok()) << incident.status();
  EXPECT_EQ(Indicator("serious_incidents_notified", "kind"), "1, DEATH 1");
  EXPECT_EQ(Indicator("practice_reviews_decided", "review_type"), "1, LEARNING_REVIEW 1");
  EXPECT_EQ(Indicator("practice_reviews_published"), "0");
  EXPECT_EQ(Indicator("recommendations_in_time"), "0");
}

// As a person of the team sees it, from the records of which it is made.
TEST_F(AnnualReportTest, TheNationalFormIsFilledInFromTheRecords) {
  As("testhealth", "c.coordinator");
  harness_.clock.Advance(StartOfDay(CivilDay(2025, 3, 3)) + absl::Hours(10) - harness_.clock.Now());
  const auto review = Accepted("nhs_number: '9434765919' death_area: 'E09000016'");
  NationalForms forms;
  pb::GetNationalNotificationFormRequest request;
  request.set_name(review.name());
  const auto response = harness_.Run(forms, &NationalForms::Get, request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(harness_.disclosed, ::testing::Contains(review.name()));
  std::map<std::string, std::string> answers;
  for (const auto& section : response->form().sections()) {
    for (const auto& item : section.items()) {
      if (item.answers_size() > 0) answers[item.id()] = item.answers(0);
    }
  }
  EXPECT_EQ(answers["particulars.nhs_number"], "9434765919");
  EXPECT_EQ(answers["notification.kind"], "POLICE");
  EXPECT_EQ(answers["joint_response.state"], "UNDECIDED");
  EXPECT_EQ(answers["review.coordinator"], "c.coordinator");
  EXPECT_FALSE(answers.contains("review.outcome.category"));
}

TEST_F(AnnualReportTest, ClocksThatFellDueAreInTimeOrNot) {
  As("testhealth", "c.coordinator");
  harness_.clock.Advance(StartOfDay(CivilDay(2025, 3, 3)) + absl::Hours(10) - harness_.clock.Now());
  ASSERT_TRUE(Notify().ok());
  EXPECT_EQ(Indicator("deaths_notified_in_time"), "1/1");
  EXPECT_EQ(Indicator("national_death_notifications_in_time"), "0/1");
  EXPECT_EQ(Indicator("reporting_forms_in_time"), "0");
}

}  // namespace
}  // namespace lscp::child_death_reviews
