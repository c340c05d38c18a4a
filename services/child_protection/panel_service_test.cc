#include "child_protection/panel_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::PanelAction;
using pb::PanelCase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PanelsTest : public Fixture {
 protected:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Do(absl::StatusOr<Response> (Panels::*handler)(const Request&,
                                                                          Transaction&),
                              const Request& request) {
    return harness_.Run(panels_, handler, request);
  }
  absl::StatusOr<PanelCase> TryNominate(const std::string& child) {
    auto request = Parse<pb::NominateToPanelRequest>(
        "parent: 'boroughs/barnet' panel: 'MACE' reason: 'Invented.'");
    request.set_child(child);
    const auto response = Do(&Panels::Nominate, request);
    if (!response.ok()) return response.status();
    return response->panel_case();
  }
  PanelCase Nominate(const std::string& child) {
    const auto record = TryNominate(child);
    EXPECT_TRUE(record.ok()) << record.status();
    return record.ok() ? *record : PanelCase();
  }
  // On today's agenda.
  PanelCase OnAgenda(const PanelCase& record) {
    auto request = Of<pb::PutOnAgendaRequest>(record);
    *request.mutable_meeting_date() = DateToProto(LondonDay(harness_.clock.Now()));
    const auto response = Do(&Panels::PutOnAgenda, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->panel_case() : PanelCase();
  }
  PanelAction Add(const PanelCase& record, const std::string& agency) {
    auto request = Parse<pb::AddPanelActionRequest>(
        "parent: 'boroughs/barnet' kind: PANEL_ACTION_KIND_SAFEGUARDING description: 'Invented.'");
    request.set_panel_case(record.name());
    request.set_agency(agency);
    const auto response = Do(&Panels::AddAction, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->panel_action() : PanelAction();
  }
  template <typename Response>
  std::vector<std::string> NamesOf(const absl::StatusOr<Response>& response) {
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const PanelAction& action : response->panel_actions()) names.push_back(action.name());
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }
  std::vector<std::string> Mine(const std::string& filter = "") {
    return NamesOf(
        harness_.Run(panels_, &Panels::ListMine, Parse<pb::ListMyActionsRequest>(filter)));
  }
  std::vector<std::string> Actions(const std::string& filter) {
    return NamesOf(
        harness_.Run(panels_, &Panels::ListActions, Parse<pb::ListPanelActionsRequest>(filter)));
  }
  std::vector<std::string> Cases(const std::string& filter) {
    const auto response =
        harness_.Run(panels_, &Panels::List, Parse<pb::ListPanelCasesRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const PanelCase& record : response->panel_cases()) {
      names.push_back(record.name());
      EXPECT_EQ(record.reason(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }

  const Settings with_panels_ = *Settings::Create(
      Parse<pb::ChildProtectionSettings>(
          "boroughs { id: 'barnet' duty_contact { display_name: 'Testing hub' "
          "phone: '020 7946 0001' out_of_hours_phone: '020 7946 0002' } "
          "panels { id: 'mace' display_name: 'MACE' kind: PANEL_KIND_EXPLOITATION } }"),
      {"barnet"});
  Panels panels_{Parts{.settings = &with_panels_, .children = &children_}};
};

TEST_F(PanelsTest, TheBoroughsPanelsCanBeRead) {
  const auto response = harness_.Run(panels_, &Panels::GetAll,
                                     Parse<pb::GetPanelsRequest>("parent: 'boroughs/barnet'"));
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->panels_size(), 1);
  EXPECT_EQ(response->panels(0).id(), "mace");
}

TEST_F(PanelsTest, AChildIsBeforeAPanelOnceAtATime) {
  const std::string child = Child("c1");
  const PanelCase record = Nominate(child);
  EXPECT_EQ(record.nominating_agency(), harness_.caller.agency);
  EXPECT_EQ(ReasonOf(TryNominate(child).status()), reason::ERROR_REASON_RULE_NOT_MET);
  const auto declined =
      Do(&Panels::Decline, Of<pb::DeclineNominationRequest>(record, "reason: 'x'"));
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_TRUE(TryNominate(child).ok());
}

TEST_F(PanelsTest, AHiddenChildIsNotNominated) {
  EXPECT_EQ(
      TryNominate(Child("c1", "restricted: true allowed_people: 'somebody.else'")).status().code(),
      absl::StatusCode::kPermissionDenied);
}

TEST_F(PanelsTest, TheAgendaIsTheListOfAMeeting) {
  const std::string child = Child("c1");
  const PanelCase first = OnAgenda(Nominate(child));
  const PanelCase second = Nominate(Child("c2"));
  EXPECT_THAT(Cases("panel: 'mace' meeting_date { year: 2025 month: 3 day: 3 }"),
              ElementsAre(first.name()));
  EXPECT_THAT(Cases("states: STATE_NOMINATED"), ElementsAre(second.name()));
  EXPECT_THAT(Cases("child: '" + child + "'"), ElementsAre(first.name()));
  EXPECT_THAT(Cases("panel: 'marac'"), IsEmpty());
}

TEST_F(PanelsTest, ACaseGoesThroughDiscussionAndActionsToItsEnd) {
  PanelCase record = OnAgenda(Nominate(Child("c1")));
  auto discuss = Of<pb::DiscussPanelCaseRequest>(record, "agencies: 'x' discussion: 'Invented.'");
  *discuss.mutable_meeting_date() = record.meeting_date();
  const auto discussed = Do(&Panels::Discuss, discuss);
  ASSERT_TRUE(discussed.ok()) << discussed.status();
  record = discussed->panel_case();
  const PanelAction action = Add(record, harness_.caller.agency);
  EXPECT_EQ(ClockOf(action.name(), "panel_action"), "due 2025-03-17");
  const auto remove =
      Of<pb::RemoveFromPanelRequest>(record, "reason: PANEL_REMOVAL_REASON_RISK_REDUCED");
  EXPECT_EQ(ReasonOf(Do(&Panels::Remove, remove).status()), reason::ERROR_REASON_RULE_NOT_MET);
  const auto done =
      Do(&Panels::Complete, Of<pb::CompletePanelActionRequest>(action, "outcome: 'Invented.'"));
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->panel_action().completed_by(), harness_.caller.person);
  EXPECT_EQ(ClockOf(action.name(), "panel_action"), "due 2025-03-17 met 2025-03-03");
  const auto removed = Do(&Panels::Remove, remove);
  ASSERT_TRUE(removed.ok()) << removed.status();
  EXPECT_EQ(removed->panel_case().state(), PanelCase::STATE_REMOVED);
}

TEST_F(PanelsTest, AnAgencySeesAndCompletesItsOwnActionsOnly) {
  const PanelCase record = OnAgenda(Nominate(Child("c1")));
  const PanelAction police = Add(record, "testpolice");
  const PanelAction health = Add(record, "testhealth");
  EXPECT_EQ(Actions("panel_case: '" + record.name() + "'").size(), 2);
  EXPECT_THAT(Actions("agency: 'testhealth'"), ElementsAre(health.name()));
  harness_.caller.agency = "testpolice";
  harness_.caller.person = "o.officer";
  EXPECT_THAT(Mine(), ElementsAre(police.name()));
  auto theirs = Of<pb::CompletePanelActionRequest>(health, "outcome: 'x'");
  theirs.set_etag("\"99\"");
  EXPECT_EQ(Do(&Panels::Complete, theirs).status().code(), absl::StatusCode::kPermissionDenied);
  auto stale = Of<pb::CompletePanelActionRequest>(police, "outcome: 'x'");
  stale.set_etag("\"99\"");
  EXPECT_EQ(Do(&Panels::Complete, stale).status().code(), absl::StatusCode::kAborted);
  harness_.clock.Advance(absl::Hours(24 * 15));
  EXPECT_THAT(Mine("overdue: true"), ElementsAre(police.name()));
  ASSERT_TRUE(
      Do(&Panels::Complete, Of<pb::CompletePanelActionRequest>(police, "outcome: 'x'")).ok());
  EXPECT_THAT(Mine("states: STATE_OPEN"), IsEmpty());
  EXPECT_THAT(Mine("states: STATE_DONE"), ElementsAre(police.name()));
}

TEST_F(PanelsTest, AnActionThatIsTakenBackIsOwedNoMore) {
  const PanelAction action = Add(OnAgenda(Nominate(Child("c1"))), "testpolice");
  const auto cancelled =
      Do(&Panels::Cancel, Of<pb::CancelPanelActionRequest>(action, "reason: 'x'"));
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(ClockOf(action.name(), "panel_action"), "due 2025-03-17 cancelled 2025-03-03");
}

}  // namespace
}  // namespace lscp::child_protection
