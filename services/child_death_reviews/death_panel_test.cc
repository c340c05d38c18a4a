#include "child_death_reviews/death_panel.h"

#include "common/testing/rules.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::Violations;
using pb::DeathPanel;
using ::testing::ElementsAre;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

Settings Served() {
  return *Settings::Create(
      Parse<pb::ChildDeathReviewSettings>(
          "boroughs { id: 'testborough' display_name: 'T' area_code: 'E09000001' } "
          "boroughs { id: 'nextborough' display_name: 'N' area_code: 'E09000002' }"),
      {});
}

constexpr char kChair[] =
    "chair { agency: 'testhealth' kind: AGENCY_KIND_PUBLIC_HEALTH person: 'c.chair' } ";
constexpr char kMember[] =
    "members { agency: 'testpolice' kind: AGENCY_KIND_POLICE person: 'm.member' } ";

absl::StatusOr<DeathPanel> Plan(const std::string& fields) {
  return PlanPanel(Parse<pb::PlanDeathPanelRequest>(kChair + fields), "testborough", Served());
}

DeathPanel In(DeathPanel::State state) {
  DeathPanel panel;
  panel.set_name("boroughs/testborough/deathPanels/p1");
  panel.set_state(state);
  return panel;
}

TEST(DeathPanelStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(DeathPanel&)>> verbs = {
      {"RearrangeDeathPanel", [](DeathPanel& p) { return Rearrange(p, {}); }},
      {"HoldDeathPanel",
       [](DeathPanel& p) { return HoldPanel(p, {}, Served().Of("testborough")); }},
      {"CancelDeathPanel", [](DeathPanel& p) { return CancelPanel(p, {}, true); }},
  };
  ExpectEveryStateAndVerb(kDeathPanelTransitions, "PlanDeathPanel", verbs, In);
}

TEST(DeathPanelStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kDeathPanelTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kDeathPanelTransitions)));
}

TEST(PlanPanel, ReviewsTheDeathsOfNeighboursThatAreServedTogether) {
  const auto panel = Plan("theme: PANEL_THEME_SUICIDE boroughs: 'nextborough'");
  ASSERT_TRUE(panel.ok()) << panel.status();
  EXPECT_TRUE(IsFor(*panel, "testborough"));
  EXPECT_TRUE(IsFor(*panel, "nextborough"));
  EXPECT_FALSE(IsFor(*panel, "otherborough"));
}

TEST(PlanPanel, NamesWhatIsWrongByField) {
  struct Case {
    std::string fields;
    std::vector<std::string> wrong;
  };
  const std::string member = kMember;
  for (const Case& c : std::vector<Case>{
           {"theme: PANEL_THEME_ORDINARY boroughs: 'elsewhere'", {"boroughs[0]"}},
           {"theme: PANEL_THEME_ORDINARY boroughs: 'testborough'", {"boroughs[0]"}},
           {"theme: PANEL_THEME_OTHER", {"theme_title"}},
           {"theme: PANEL_THEME_SUICIDE theme_title: 'x'", {"theme_title"}},
           {"theme: PANEL_THEME_OTHER theme_title: 'drowning'", {}},
           {"theme: PANEL_THEME_ORDINARY " + member + member, {"members[1].person"}},
           {"theme: PANEL_THEME_ORDINARY members { agency: 'testhealth' person: 'c.chair' }",
            {"members[0].person"}},
       }) {
    EXPECT_EQ(Violations(Plan(c.fields).status()), c.wrong) << c.fields;
  }
}

TEST(Rearrange, PutsNobodyOnItTwice) {
  DeathPanel panel = In(DeathPanel::STATE_PLANNED);
  EXPECT_THAT(Violations(Rearrange(panel, Parse<pb::RearrangeDeathPanelRequest>(
                                              kChair + std::string(kMember) + kMember))),
              ElementsAre("members[1].person"));
}

struct QuorumCase {
  std::vector<const char*> there;
  std::vector<const char*> missing;
  const char* settings;
  bool quorate;
};

class Quorum : public ::testing::TestWithParam<QuorumCase> {};

TEST_P(Quorum, IsOfTheAgenciesThatTheAreaNeeds) {
  std::string text;
  for (const char* kind : GetParam().there) {
    text += std::string("attendances { kind: AGENCY_KIND_") + kind + " attended: true } ";
  }
  for (const char* kind : GetParam().missing) {
    text += std::string("attendances { kind: AGENCY_KIND_") + kind + " invited: true } ";
  }
  const auto settings = Settings::Create(
      Parse<pb::ChildDeathReviewSettings>(
          "boroughs { id: 'testborough' display_name: 'T' area_code: 'E09000001' " +
          std::string(GetParam().settings) + "}"),
      {});
  EXPECT_EQ(
      IsQuorate(Parse<pb::HoldDeathPanelRequest>(text).attendances(), settings->Of("testborough")),
      GetParam().quorate)
      << text;
}

INSTANTIATE_TEST_SUITE_P(
    Panels, Quorum,
    ::testing::Values(
        QuorumCase{{"DESIGNATED_DOCTOR", "POLICE", "SOCIAL_CARE", "LAY"}, {}, "", true},
        QuorumCase{{"DESIGNATED_DOCTOR", "POLICE", "SOCIAL_CARE"}, {}, "", false},  // too few
        QuorumCase{{"DESIGNATED_DOCTOR", "POLICE", "SOCIAL_CARE", "POLICE"}, {}, "", false},
        QuorumCase{
            {"DESIGNATED_DOCTOR", "PUBLIC_HEALTH", "SOCIAL_CARE", "LAY"}, {"POLICE"}, "", false},
        QuorumCase{{"LAY", "PUBLIC_HEALTH"},
                   {},
                   "panel_quorum: 2 panel_quorum_kinds: AGENCY_KIND_PUBLIC_HEALTH ",
                   true},
        QuorumCase{{}, {}, "", false}));

TEST(HoldPanel, NamesAnAgencyOnce) {
  DeathPanel panel = In(DeathPanel::STATE_PLANNED);
  EXPECT_THAT(Violations(HoldPanel(panel,
                                   Parse<pb::HoldDeathPanelRequest>(
                                       "attendances { agency: 'a' kind: AGENCY_KIND_LAY } "
                                       "attendances { agency: 'a' kind: AGENCY_KIND_LAY }"),
                                   Served().Of("testborough"))),
              ElementsAre("attendances[1].agency"));
}

TEST(CancelPanel, NeedsAnEmptyAgenda) {
  DeathPanel panel = In(DeathPanel::STATE_PLANNED);
  EXPECT_EQ(BrokenRule(CancelPanel(panel, {}, false)), "agenda_empty");
}

}  // namespace
}  // namespace lscp::child_death_reviews
