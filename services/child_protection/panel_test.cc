#include "child_protection/panel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::PanelAction;
using pb::PanelCase;
using ::testing::ElementsAre;

const Step kStep = {"w.worker", "testcouncil", LondonTime(2025, 3, 10, 10)};

// MASE became VARP in 2018; CEG ends with 2025.
const Settings::Borough& WithPanels() {
  static const auto& borough = *new Settings::Borough(BoroughWith(R"(
    panels { id: 'mase' kind: PANEL_KIND_SEXUAL_EXPLOITATION display_name: 'MASE'
             to_date { year: 2018 month: 3 day: 31 } successor: 'varp' }
    panels { id: 'varp' kind: PANEL_KIND_EXPLOITATION display_name: 'Vulnerable Adolescents Panel'
             aliases: 'VARP' aliases: 'MASE' from_date { year: 2018 month: 4 day: 1 } }
    panels { id: 'ceg' kind: PANEL_KIND_CRIMINAL_EXPLOITATION display_name: 'CEG'
             to_date { year: 2025 month: 12 day: 31 } })"));
  return borough;
}

PanelCase Nominated() {
  PanelCase record =
      *Nominate(ParseRequest<pb::NominateToPanelRequest>(
                    "panel: 'ceg' child: 'boroughs/testborough/children/k1' reason: 'invented'"),
                kStep, WithPanels());
  record.set_name("boroughs/testborough/panelCases/p1");
  *record.mutable_meeting_date() = DateToProto(absl::CivilDay(2025, 3, 20));
  return record;
}

absl::Status AgendaOf(PanelCase& record, int year, int month, int day) {
  pb::PutOnAgendaRequest request;
  *request.mutable_meeting_date() = DateToProto(absl::CivilDay(year, month, day));
  return PutOnAgenda(record, request, WithPanels());
}

absl::Status DiscussOn(PanelCase& record, int month, int day) {
  auto request = ParseRequest<pb::DiscussPanelCaseRequest>(
      "agencies: 'testpolice' risk: PANEL_RISK_HIGH discussion: 'invented'");
  *request.mutable_meeting_date() = DateToProto(absl::CivilDay(2025, month, day));
  return Discuss(record, request, kStep);
}

absl::Status RemoveWith(PanelCase& record, const std::string& reason, bool open_actions = false) {
  return Remove(record,
                ParseRequest<pb::RemoveFromPanelRequest>("reason: PANEL_REMOVAL_REASON_" + reason),
                open_actions, kStep);
}

TEST(PanelTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kPanelCaseTransitions));
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kPanelCaseTransitions)));
  EXPECT_TRUE(testing::IsWhole(kPanelActionTransitions));
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kPanelActionTransitions)));
}

TEST(PanelCaseTransitions, HoldForEveryStateAndVerb) {
  const std::map<std::string, std::function<absl::Status(PanelCase&)>> verbs = {
      {"PutOnAgenda", [](PanelCase& r) { return AgendaOf(r, 2025, 3, 20); }},
      {"DiscussPanelCase", [](PanelCase& r) { return DiscussOn(r, 3, 20); }},
      {"DeclineNomination",
       [](PanelCase& r) {
         return Decline(r, ParseRequest<pb::DeclineNominationRequest>("reason: 'x'"), kStep);
       }},
      {"RemoveFromPanel", [](PanelCase& r) { return RemoveWith(r, "RISK_REDUCED"); }},
  };
  ExpectEveryStateAndVerb(kPanelCaseTransitions, "NominateToPanel", verbs, [](auto state) {
    PanelCase record = Nominated();
    record.set_state(state);
    return record;
  });
}

PanelAction Added(const std::string& fields = "") {
  PanelCase record = Nominated();
  record.set_state(PanelCase::STATE_OPEN);
  return *AddAction(ParseRequest<pb::AddPanelActionRequest>(
                        "kind: PANEL_ACTION_KIND_DISRUPTION description: 'invented' "
                        "agency: 'testpolice' " +
                        fields),
                    record, kStep);
}

TEST(PanelActionTransitions, HoldForEveryStateAndVerb) {
  const std::map<std::string, std::function<absl::Status(PanelAction&)>> verbs = {
      {"CompletePanelAction",
       [](PanelAction& a) {
         return Complete(a, ParseRequest<pb::CompletePanelActionRequest>("outcome: 'x'"), kStep);
       }},
      {"CancelPanelAction",
       [](PanelAction& a) {
         return Cancel(a, ParseRequest<pb::CancelPanelActionRequest>("reason: 'x'"));
       }},
  };
  ExpectEveryStateAndVerb(kPanelActionTransitions, "AddPanelAction", verbs, [](auto state) {
    PanelAction action = Added();
    action.set_state(state);
    return action;
  });
}

struct NameCase {
  const char* name;
  absl::CivilDay day;
  const char* id;  // empty: none
};

TEST(PanelOf, KnowsOtherNamesAndWhoSatWhen) {
  const NameCase cases[] = {
      {"varp", absl::CivilDay(2025, 3, 10), "varp"},
      {"VARP", absl::CivilDay(2025, 3, 10), "varp"},
      {"vulnerable adolescents panel", absl::CivilDay(2025, 3, 10), "varp"},
      {"MASE", absl::CivilDay(2018, 4, 1), "varp"},   // the old name of the new panel
      {"MASE", absl::CivilDay(2018, 3, 31), "mase"},  // its last day
      {"varp", absl::CivilDay(2018, 3, 31), ""},
      {"ceg", absl::CivilDay(2025, 12, 31), "ceg"},
      {"ceg", absl::CivilDay(2026, 1, 1), ""},
      {"marac", absl::CivilDay(2025, 3, 10), ""},
  };
  for (const NameCase& row : cases) {
    const pb::Panel* panel = PanelOf(WithPanels(), row.name, row.day);
    EXPECT_EQ(panel == nullptr ? "" : panel->id(), row.id) << row.name << " " << row.day;
  }
}

TEST(NominateToPanel, RemembersWhoNominatedAndThePanelById) {
  auto request = ParseRequest<pb::NominateToPanelRequest>(
      "panel: 'mase' child: 'boroughs/testborough/children/k1' reason: 'x' risk: PANEL_RISK_LOW");
  const auto record = Nominate(request, kStep, WithPanels());
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->panel(), "varp");
  EXPECT_EQ(record->nominating_agency(), "testcouncil");
  EXPECT_EQ(record->risk(), pb::PANEL_RISK_LOW);
  request.set_panel("marac");
  EXPECT_THAT(Violations(Nominate(request, kStep, WithPanels()).status()), ElementsAre("panel"));
}

TEST(PutOnAgenda, IsOfAMeetingThatThePanelHolds) {
  PanelCase record = Nominated();
  EXPECT_THAT(Violations(AgendaOf(record, 2025, 3, 9)), ElementsAre("meeting_date"));
  record = Nominated();
  EXPECT_THAT(Violations(AgendaOf(record, 2026, 1, 1)), ElementsAre("meeting_date"));
  record = Nominated();
  ASSERT_TRUE(AgendaOf(record, 2025, 3, 20).ok());
  ASSERT_TRUE(DiscussOn(record, 3, 20).ok());
  EXPECT_THAT(Violations(AgendaOf(record, 2025, 3, 20)), ElementsAre("meeting_date"));
}

TEST(DiscussPanelCase, IsAtTheMeetingOnWhoseAgendaTheCaseIs) {
  PanelCase record = Nominated();
  ASSERT_TRUE(AgendaOf(record, 2025, 3, 20).ok());
  PanelCase other = record;
  EXPECT_THAT(Violations(DiscussOn(other, 3, 21)), ElementsAre("meeting_date"));
  ASSERT_TRUE(DiscussOn(record, 3, 20).ok());
  EXPECT_EQ(record.risk(), pb::PANEL_RISK_HIGH);
  EXPECT_THAT(record.discussions(0).agencies(), ElementsAre("testpolice"));
}

TEST(RemoveFromPanel, WaitsForActionsAndSaysWhy) {
  PanelCase record = Nominated();
  record.set_state(PanelCase::STATE_OPEN);
  PanelCase copy = record;
  EXPECT_EQ(ReasonOf(RemoveWith(copy, "RISK_REDUCED", true)), reason::ERROR_REASON_RULE_NOT_MET);
  copy = record;
  EXPECT_THAT(Violations(RemoveWith(copy, "OTHER")), ElementsAre("note"));
  EXPECT_TRUE(RemoveWith(record, "RISK_REDUCED").ok());
  EXPECT_EQ(ProtoToDate(record.end_date()), absl::CivilDay(2025, 3, 10));
}

TEST(AddPanelAction, IsForACaseThatThePanelHas) {
  PanelCase record = Nominated();
  EXPECT_EQ(ReasonOf(AddAction({}, record, kStep).status()), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_EQ(ProtoToDate(Added().due_date()), absl::CivilDay(2025, 3, 24));
  EXPECT_EQ(ProtoToDate(Added("due_date { year: 2025 month: 3 day: 12 }").due_date()),
            absl::CivilDay(2025, 3, 12));
}

}  // namespace
}  // namespace lscp::child_protection
