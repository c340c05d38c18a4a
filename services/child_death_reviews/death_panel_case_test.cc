#include "child_death_reviews/death_panel_case.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::DeathPanelCase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = LondonTime(2025, 4, 10, 10);
const Step kChair = {"c.chair", "testpublichealth", kNow};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

constexpr char kKnown[] =
    "given_name: 'Testa' birth_date { year: 2024 month: 9 day: 1 } sex: SEX_FEMALE "
    "ethnicity: ETHNICITY_OTHER gestation_weeks: 30 residence_area: 'E09000001' "
    "death_place_kind: PLACE_KIND_HOSPITAL death_date { year: 2025 month: 3 day: 9 } ";

pb::DeathReview Review(const std::string& particulars = kKnown) {
  return Parse<pb::DeathReview>(
      "name: 'boroughs/testborough/deathReviews/r1' coordinator: 'c.coordinator' "
      "particulars { " +
      particulars + "}");
}

DeathPanelCase In(DeathPanelCase::State state) {
  DeathPanelCase record = BeginPanelCase(Review(), "Testborough");
  record.set_name("boroughs/testborough/deathPanelCases/k1");
  record.set_state(state);
  return record;
}

pb::DeathPanel Panel(const std::string& state, const std::string& more = "") {
  return Parse<pb::DeathPanel>(
      "name: 'boroughs/testborough/deathPanels/p1' chair { agency: 'testpublichealth' "
      "person: 'c.chair' } meet_time { seconds: 1744275600 } state: STATE_" +
      state + " " + more);
}

pb::RecordDeathPanelAnalysisRequest Agreed() {
  return Parse<pb::RecordDeathPanelAnalysisRequest>(
      "analysis { category: DEATH_CATEGORY_INFECTION modifiability: MODIFIABILITY_NONE "
      "factors { domain: FACTOR_DOMAIN_CHILD description: 'a' } "
      "factors { domain: FACTOR_DOMAIN_SOCIAL_ENVIRONMENT description: 'a' } "
      "factors { domain: FACTOR_DOMAIN_PHYSICAL_ENVIRONMENT description: 'a' } "
      "factors { domain: FACTOR_DOMAIN_SERVICE_PROVISION description: 'a' } }");
}

absl::Status AnalyseIt(DeathPanelCase& record, const pb::DeathPanel& panel) {
  return Analyse(record, Agreed(), panel, Review().particulars(), kChair);
}

TEST(PanelCaseStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(DeathPanelCase&)>> verbs = {
      {"AcceptDeathReview again", [](DeathPanelCase& c) { return Resume(c, Review()); }},
      {"WriteDeathPanelSummary",
       [](DeathPanelCase& c) { return WriteSummary(c, {}, Review().particulars()); }},
      {"PutOnDeathPanelAgenda",
       [](DeathPanelCase& c) { return PutOnAgenda(c, {}, Panel("PLANNED"), {}); }},
      {"DeferDeathPanelCase", [](DeathPanelCase& c) { return Defer(c, {}); }},
      {"RecordDeathPanelAnalysis",
       [](DeathPanelCase& c) { return AnalyseIt(c, Panel("HELD", "quorate: true")); }},
      {"ReopenDeathReview", [](DeathPanelCase& c) { return ReopenCase(c); }},
      {"RuleOutDeathReview",
       [](DeathPanelCase& c) { return WithdrawCase(c, "RuleOutDeathReview"); }},
      {"AnswerHandOver accepted",
       [](DeathPanelCase& c) { return WithdrawCase(c, "AnswerHandOver accepted"); }},
  };
  ExpectEveryStateAndVerb(kPanelCaseTransitions, "AcceptDeathReview", verbs, In);
}

TEST(PanelCaseStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kPanelCaseTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kPanelCaseTransitions)));
}

TEST(PaperOf, ShowsAgeMonthAndPlaceAndNothingThatTellsWho) {
  DeathPanelCase record = In(DeathPanelCase::STATE_LISTED);
  record.set_etag("\"3\"");
  record.set_death_panel("boroughs/testborough/deathPanels/p1");
  EXPECT_THAT(PaperOf(record).ShortDebugString(),
              Parse<pb::PanelPaper>(
                  "name: 'boroughs/testborough/deathPanelCases/k1' etag: '\"3\"' "
                  "death_panel: 'boroughs/testborough/deathPanels/p1' area: 'Testborough' "
                  "age_band: AGE_BAND_UNDER_1 gestation_weeks: 30 sex: SEX_FEMALE "
                  "ethnicity: ETHNICITY_OTHER death_month { year: 2025 month: 3 } "
                  "death_place_kind: PLACE_KIND_HOSPITAL")
                  .ShortDebugString());
}

TEST(Follow, ShowsTheWeeksOfPregnancyOfInfantsOnly) {
  DeathPanelCase record = In(DeathPanelCase::STATE_WAITING);
  Follow(record, Review("birth_date { year: 2020 month: 1 day: 1 } gestation_weeks: 30 "
                        "death_date { year: 2025 month: 3 day: 9 }"));
  EXPECT_EQ(record.paper().gestation_weeks(), 0);
  EXPECT_EQ(record.paper().age_band(), pb::AGE_BAND_5_TO_9);
}

TEST(Follow, TakesOutOfThePaperWhatTellsWhoByNow) {
  DeathPanelCase record = In(DeathPanelCase::STATE_LISTED);
  pb::PanelPaper& paper = *record.mutable_paper();
  paper.set_summary("A brother, Uno, was there.");
  paper.mutable_draft()->add_learning_points("ask Uno");
  paper.mutable_analysis()->add_factors()->set_description("fell with Uno");
  Follow(record, Review());
  EXPECT_TRUE(paper.has_draft() && paper.has_analysis());
  EXPECT_NE(paper.summary(), "");
  Follow(record, Review(kKnown + std::string("siblings { given_name: 'Uno' } ")));
  EXPECT_FALSE(paper.has_draft() || paper.has_analysis());
  EXPECT_EQ(paper.summary(), "");
}

std::vector<std::string> Names(const std::vector<pb::MissingPart>& missing) {
  std::vector<std::string> names;
  for (const pb::MissingPart& part : missing) {
    names.push_back(pb::MissingKind_Name(part.kind()).substr(13) +
                    (part.detail().empty() ? "" : " " + part.detail()));
  }
  return names;
}

ReviewParts Whole() {
  ReviewParts parts;
  parts.review = Review();
  parts.response = Parse<pb::JointResponse>("state: STATE_COMPLETED");
  parts.support = Parse<pb::FamilySupport>("key_worker { person: 'k' }");
  parts.forms = {Parse<pb::ReportingForm>("agency: 'testschool' state: STATE_RETURNED"),
                 Parse<pb::ReportingForm>("agency: 'testpolice' state: STATE_NOT_KNOWN")};
  parts.meetings = {Parse<pb::DeathReviewMeeting>("state: STATE_REPORTED drafts {}")};
  return parts;
}

TEST(MissingParts, AreNoneOfACaseThatHasEverything) {
  DeathPanelCase record = In(DeathPanelCase::STATE_WAITING);
  record.mutable_paper()->set_summary("x");
  record.mutable_paper()->mutable_draft();
  EXPECT_THAT(Names(MissingParts(record, Whole())), IsEmpty());
}

TEST(MissingParts, AreNamedEach) {
  const DeathPanelCase bare = In(DeathPanelCase::STATE_WAITING);
  ReviewParts parts = Whole();
  parts.review = Review("death_date { year: 2025 month: 3 day: 9 } ");
  parts.review.add_contradictions("birth_date");
  parts.response = Parse<pb::JointResponse>("state: STATE_REQUIRED coroner { investigates: true }");
  parts.support.Clear();
  parts.forms[0].set_state(pb::ReportingForm::STATE_REQUESTED);
  parts.meetings[0] = Parse<pb::DeathReviewMeeting>("state: STATE_PLANNED");
  EXPECT_THAT(
      Names(MissingParts(bare, parts)),
      ElementsAre("PARTICULARS birth_date", "PARTICULARS sex", "PARTICULARS ethnicity",
                  "PARTICULARS residence_area", "PARTICULARS death_place_kind", "CONTRADICTIONS",
                  "JOINT_RESPONSE", "CORONER", "KEY_WORKER", "REPORTING_FORM testschool",
                  "REVIEW_MEETING", "DRAFT_ANALYSIS", "SUMMARY"));
  parts.forms.clear();
  parts.meetings[0] = Parse<pb::DeathReviewMeeting>("state: STATE_HELD");
  const auto names = Names(MissingParts(bare, parts));
  EXPECT_THAT(names, ::testing::Contains("NO_REPORTING_FORMS"));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains("REVIEW_MEETING")));
}

TEST(CoronerPending, IsWhoInvestigatesAndHasNotConcluded) {
  const auto pending = [](const std::string& coroner) {
    return CoronerPending(Parse<pb::JointResponse>(coroner));
  };
  EXPECT_FALSE(pending(""));
  EXPECT_FALSE(pending("coroner { refer_date { year: 2025 } }"));
  EXPECT_TRUE(pending("coroner { investigates: true }"));
  EXPECT_TRUE(pending("coroner { inquest_open_date { year: 2025 } }"));
  EXPECT_FALSE(pending("coroner { investigates: true conclude_date { year: 2025 } }"));
}

TEST(WriteSummary, TellsNobodyWhoTheChildWas) {
  DeathPanelCase record = In(DeathPanelCase::STATE_WAITING);
  EXPECT_THAT(Violations(WriteSummary(
                  record, Parse<pb::WriteDeathPanelSummaryRequest>("summary: 'Testa fell ill'"),
                  Review().particulars())),
              ElementsAre("summary"));
}

struct ThemeCase {
  pb::PanelTheme theme;
  pb::DeathCategory draft;
  pb::AgeBand age;
  bool fits;
};

class Theme : public ::testing::TestWithParam<ThemeCase> {};

TEST_P(Theme, IsWhatTheDraftOrTheAgeShows) {
  DeathPanelCase record = In(DeathPanelCase::STATE_WAITING);
  record.mutable_paper()->mutable_draft()->set_category(GetParam().draft);
  record.mutable_paper()->set_age_band(GetParam().age);
  EXPECT_EQ(Fits(GetParam().theme, record), GetParam().fits);
  EXPECT_EQ(
      BrokenRule(PutOnAgenda(
          record, {}, Panel("PLANNED", "theme: " + pb::PanelTheme_Name(GetParam().theme)), {})),
      GetParam().fits ? "" : "panel_theme");
}

INSTANTIATE_TEST_SUITE_P(
    Themes, Theme,
    ::testing::Values(
        ThemeCase{pb::PANEL_THEME_ORDINARY, pb::DEATH_CATEGORY_UNSPECIFIED, pb::AGE_BAND_UNDER_1,
                  true},
        ThemeCase{pb::PANEL_THEME_OTHER, pb::DEATH_CATEGORY_TRAUMA, pb::AGE_BAND_UNDER_1, true},
        ThemeCase{pb::PANEL_THEME_SUICIDE, pb::DEATH_CATEGORY_SUICIDE, pb::AGE_BAND_15_TO_17, true},
        ThemeCase{pb::PANEL_THEME_SUICIDE, pb::DEATH_CATEGORY_UNSPECIFIED, pb::AGE_BAND_15_TO_17,
                  false},
        ThemeCase{pb::PANEL_THEME_PERINATAL, pb::DEATH_CATEGORY_PERINATAL, pb::AGE_BAND_UNDER_1,
                  true},
        ThemeCase{pb::PANEL_THEME_PERINATAL, pb::DEATH_CATEGORY_CONGENITAL,
                  pb::AGE_BAND_UNDER_28_DAYS, true},
        ThemeCase{pb::PANEL_THEME_PERINATAL, pb::DEATH_CATEGORY_CONGENITAL, pb::AGE_BAND_UNDER_1,
                  false},
        ThemeCase{pb::PANEL_THEME_UNEXPLAINED, pb::DEATH_CATEGORY_UNEXPLAINED, pb::AGE_BAND_UNDER_1,
                  true},
        ThemeCase{pb::PANEL_THEME_UNEXPLAINED, pb::DEATH_CATEGORY_ACUTE, pb::AGE_BAND_UNDER_1,
                  false}));

TEST(PutOnAgenda, NeedsAPlannedMeetingAndAReasonForWhatIsMissing) {
  DeathPanelCase record = In(DeathPanelCase::STATE_WAITING);
  EXPECT_EQ(BrokenRule(PutOnAgenda(record, {}, Panel("HELD"), {})), "panel_planned");
  record = In(DeathPanelCase::STATE_WAITING);
  const std::vector<pb::MissingPart> missing(1);
  EXPECT_EQ(BrokenRule(PutOnAgenda(record, {}, Panel("PLANNED"), missing)), "case_complete");
  record = In(DeathPanelCase::STATE_WAITING);
  const auto reason = Parse<pb::PutOnDeathPanelAgendaRequest>("incomplete_reason: 'inquest'");
  ASSERT_TRUE(PutOnAgenda(record, reason, Panel("PLANNED"), missing).ok());
  EXPECT_EQ(record.incomplete_reason(), "inquest");
  EXPECT_EQ(record.missing_size(), 1);
  ASSERT_TRUE(PutOnAgenda(record, reason, Panel("PLANNED"), {}).ok());
  EXPECT_EQ(record.incomplete_reason(), "");
  ASSERT_TRUE(Defer(record, Parse<pb::DeferDeathPanelCaseRequest>("reason: 'no time'")).ok());
  EXPECT_EQ(record.death_panel(), "");
  EXPECT_EQ(record.defer_reason(), "no time");
}

TEST(Analyse, IsOfAQuoratePanelThatWasHeld) {
  DeathPanelCase record = In(DeathPanelCase::STATE_LISTED);
  EXPECT_EQ(BrokenRule(AnalyseIt(record, Panel("PLANNED", "quorate: true"))), "panel_held");
  record = In(DeathPanelCase::STATE_LISTED);
  EXPECT_EQ(BrokenRule(AnalyseIt(record, Panel("HELD"))), "panel_quorate");
}

TEST(Analyse, KeepsEveryVersionAndCountsTheLast) {
  DeathPanelCase record = In(DeathPanelCase::STATE_LISTED);
  const pb::DeathPanel panel = Panel("HELD", "quorate: true theme: PANEL_THEME_PERINATAL");
  ASSERT_TRUE(AnalyseIt(record, panel).ok());
  auto corrected = Agreed();
  corrected.mutable_analysis()->set_category(pb::DEATH_CATEGORY_ACUTE);
  ASSERT_TRUE(Analyse(record, corrected, panel, Review().particulars(), kChair).ok());
  ASSERT_EQ(record.analyses_size(), 2);
  EXPECT_EQ(record.analyses(0).analysis().category(), pb::DEATH_CATEGORY_INFECTION);
  const pb::ReviewOutcome outcome = OutcomeOf(record, panel);
  EXPECT_EQ(outcome.category(), pb::DEATH_CATEGORY_ACUTE);
  EXPECT_EQ(outcome.modifiability(), pb::MODIFIABILITY_NONE);
  EXPECT_EQ(outcome.theme(), pb::PANEL_THEME_PERINATAL);
  EXPECT_EQ(*ProtoToDate(outcome.review_date()), absl::CivilDay(2025, 4, 10));
  ASSERT_TRUE(ReopenCase(record).ok());
  EXPECT_EQ(record.analyses_size(), 2);
  EXPECT_FALSE(record.paper().has_analysis());
}

TEST(MayAnalyse, IsTheChairAndWhoAnswersForTheReview) {
  const DeathPanelCase record = In(DeathPanelCase::STATE_LISTED);
  const pb::DeathPanel panel = Panel("HELD");
  EXPECT_TRUE(MayAnalyse(record, panel, kChair));
  EXPECT_TRUE(MayAnalyse(record, panel, {"c.coordinator", "testhealth", kNow}));
  EXPECT_FALSE(MayAnalyse(record, panel, {"c.chair", "testpolice", kNow}));
  EXPECT_FALSE(MayAnalyse(record, panel, {"m.member", "testpublichealth", kNow}));
  EXPECT_FALSE(MayAnalyse(DeathPanelCase(), pb::DeathPanel(), {"", "", kNow}));
}

TEST(SetAge, CountsLondonDaysSinceTheDeath) {
  DeathPanelCase record = In(DeathPanelCase::STATE_WAITING);
  SetAge(record, LondonTime(2025, 3, 30, 23, 59));
  EXPECT_EQ(record.age_days(), 21);
}

}  // namespace
}  // namespace lscp::child_death_reviews
