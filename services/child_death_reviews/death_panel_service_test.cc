#include "child_death_reviews/death_panel_service.h"

#include "child_death_reviews/testing/panel_fixture.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::Violations;
using pb::DeathPanel;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DeathPanelsTest : public PanelFixture {
 protected:
  std::vector<DeathPanel> List(const std::string& filter = "",
                               const std::string& parent = "boroughs/havering") {
    const auto reply =
        Must(panels_, &DeathPanels::List,
             Parse<pb::ListDeathPanelsRequest>("parent: '" + parent + "' " + filter));
    return {reply.death_panels().begin(), reply.death_panels().end()};
  }
};

TEST_F(DeathPanelsTest, AreHeldWithWhoWasThereAndWhetherThatIsEnough) {
  const DeathPanel quorate = HeldPanel(PlannedPanel());
  EXPECT_EQ(quorate.state(), DeathPanel::STATE_HELD);
  EXPECT_TRUE(quorate.quorate());
  EXPECT_THAT(quorate.attendances(), SizeIs(4));
  EXPECT_FALSE(HeldPanel(PlannedPanel(), false).quorate());
  EXPECT_THAT(List("states: STATE_HELD themes: PANEL_THEME_ORDINARY"), SizeIs(2));
  EXPECT_THAT(List("themes: PANEL_THEME_SUICIDE"), IsEmpty());
  EXPECT_THAT(List("meets_from { seconds: 1741168800 }"), SizeIs(1));
}

TEST_F(DeathPanelsTest, AreRearrangedWithOtherMembers) {
  auto request = Of<pb::RearrangeDeathPanelRequest>(
      PlannedPanel(),
      "chair { agency: 'testhealth' kind: AGENCY_KIND_PUBLIC_HEALTH person: 'c.new' } "
      "members { agency: 'testlay' kind: AGENCY_KIND_LAY person: 'm.new' }");
  *request.mutable_meet_time() = TimeToProto(harness_.clock.Now() + absl::Hours(48));
  const DeathPanel panel = Must(panels_, &DeathPanels::Rearrange, request).death_panel();
  EXPECT_EQ(panel.chair().person(), "c.new");
  const auto members = harness_.Database().Query(
      "SELECT person FROM death_panel_members WHERE death_panel = ? ORDER BY person",
      {panel.name()});
  ASSERT_TRUE(members.ok());
  ASSERT_EQ(members->size(), 2u);
  EXPECT_EQ((*members)[0].Text(0), "c.new");
  EXPECT_EQ((*members)[1].Text(0), "m.new");
}

TEST_F(DeathPanelsTest, AreCalledOffWhenNoCaseWaitsForThem) {
  const DeathPanel panel = PlannedPanel();
  const pb::DeathPanelCase record = Listed(Accepted(), panel);
  const auto cancel = Of<pb::CancelDeathPanelRequest>(panel, "reason: 'x'");
  EXPECT_EQ(BrokenRule(harness_.Run(panels_, &DeathPanels::Cancel, cancel).status()),
            "agenda_empty");
  Must(cases_, &DeathPanelCases::Defer, Of<pb::DeferDeathPanelCaseRequest>(record, "reason: 'x'"));
  EXPECT_EQ(Must(panels_, &DeathPanels::Cancel, cancel).death_panel().state(),
            DeathPanel::STATE_CANCELLED);
}

TEST_F(DeathPanelsTest, NameWhatIsWrongByField) {
  EXPECT_THAT(
      Violations(harness_
                     .Run(panels_, &DeathPanels::Plan,
                          Parse<pb::PlanDeathPanelRequest>(
                              "parent: 'boroughs/havering' theme: PANEL_THEME_OTHER boroughs: "
                              "'barnet' chair { agency: 'a' person: 'p' }"))
                     .status()),
      ElementsAre("theme_title", "boroughs[0]"));
}

TEST_F(DeathPanelsTest, OfAnotherBoroughAreAbsent) {
  const DeathPanel panel = PlannedPanel();
  As("testcouncil", "c.redbridge", {"redbridge"});
  pb::GetDeathPanelRequest get;
  get.set_name(panel.name());
  EXPECT_EQ(harness_.Run(panels_, &DeathPanels::Get, get).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(harness_
                .Run(panels_, &DeathPanels::Hold,
                     Of<pb::HoldDeathPanelRequest>(panel, "meet_time { seconds: 1741168800 }"))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(List("", "boroughs/redbridge"), IsEmpty());
}

}  // namespace
}  // namespace lscp::child_death_reviews
