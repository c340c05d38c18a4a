#include "child_protection/core_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "child_protection/testing/rules.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using pb::CoreGroup;
using pb::ProtectionPlan;
using ::testing::ElementsAre;

const CivilDay kStart(2025, 3, 20);
const CivilDay kFirstDue(2025, 4, 3);

const Settings::Borough& Borough() {
  static const auto settings = Settings::Create(
      ParseRequest<pb::ChildProtectionSettings>(
          "boroughs { id: 'testborough' duty_contact { display_name: 'Testing hub' "
          "phone: '020 7946 0001' out_of_hours_phone: '020 7946 0002' } }"),
      {"testborough"});
  return settings->Of("testborough");
}

google::protobuf::Timestamp At(CivilDay day) {
  return TimeToProto(StartOfDay(day) + absl::Hours(14));
}

ProtectionPlan Plan(const std::string& id = "p1", CivilDay start = kStart) {
  ProtectionPlan plan;
  plan.set_name("boroughs/testborough/protectionPlans/" + id);
  plan.set_child("boroughs/testborough/children/" + id);
  plan.set_state(ProtectionPlan::STATE_ACTIVE);
  *plan.mutable_start_date() = DateToProto(start);
  *plan.mutable_core_group_due_date() = DateToProto(CoreGroupDue(plan, Borough()));
  pb::PlanOutcome& outcome = *plan.add_outcomes();
  outcome.set_id("1");
  outcome.set_text("at school every day");
  return plan;
}

pb::PlanCoreGroupRequest Request(const std::vector<ProtectionPlan>& plans) {
  auto request = ParseRequest<pb::PlanCoreGroupRequest>(
      "members { agency: 'testcouncil' kind: AGENCY_KIND_SOCIAL_CARE } "
      "members { agency: 'testschool' kind: AGENCY_KIND_EDUCATION }");
  for (const ProtectionPlan& plan : plans) request.add_plans(plan.name());
  *request.mutable_plan_time() = At(CivilDay(2025, 4, 1));
  return request;
}

CoreGroup Planned(const std::vector<ProtectionPlan>& plans) {
  auto core_group = PlanCoreGroup(Request(plans), plans);
  EXPECT_TRUE(core_group.ok()) << core_group.status();
  return core_group.value_or(CoreGroup());
}

absl::Status HoldOn(CoreGroup& core_group, std::vector<ProtectionPlan>& plans, CivilDay day,
                    const std::string& fields) {
  auto request = ParseRequest<pb::HoldCoreGroupRequest>(fields);
  *request.mutable_hold_time() = At(day);
  return Hold(core_group, plans, request, Borough());
}

std::string Finding(const std::string& plan, const std::string& id = "1") {
  return "findings { plan: 'boroughs/testborough/protectionPlans/" + plan + "' id: '" + id +
         "' progress: OUTCOME_PROGRESS_ON_TRACK note: 'there nine days of ten' } ";
}

TEST(CoreGroupTransitions, LeadToEveryState) {
  EXPECT_TRUE(testing::IsWhole(kCoreGroupTransitions));
}

TEST(CoreGroupTransitions, StandInTheReadme) {
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kCoreGroupTransitions)));
}

TEST(CoreGroupTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kCoreGroupTransitions)) {
    std::vector<ProtectionPlan> plans = {Plan()};
    CoreGroup core_group = Planned(plans);
    core_group.set_state(cell.state);
    absl::Status done;
    if (cell.verb == "HoldCoreGroup") {
      done = HoldOn(core_group, plans, CivilDay(2025, 4, 1), Finding("p1"));
    } else if (cell.verb == "CancelCoreGroup") {
      done = Cancel(core_group, ParseRequest<pb::CancelCoreGroupRequest>("reason: 'x'"));
    } else {
      continue;  // planning makes a new one
    }
    EXPECT_EQ(done.ok(), cell.to.has_value()) << cell.verb << " in " << StateName(cell.state);
    EXPECT_EQ(core_group.state(), cell.to.value_or(cell.state)) << cell.verb;
  }
}

TEST(CoreGroupDue, IsTenWorkingDaysAfterTheConferenceThenAsTheBoroughHasSet) {
  struct Row {
    CivilDay start;
    CivilDay due;
  };
  for (const Row& row : {Row{CivilDay(2025, 3, 20), CivilDay(2025, 4, 3)},
                         Row{CivilDay(2025, 4, 10), CivilDay(2025, 4, 28)},
                         Row{CivilDay(2022, 12, 23), CivilDay(2023, 1, 11)},
                         Row{CivilDay(2022, 5, 27), CivilDay(2022, 6, 14)},
                         Row{CivilDay(2024, 2, 20), CivilDay(2024, 3, 5)}}) {
    EXPECT_EQ(CoreGroupDue(Plan("p1", row.start), Borough()), row.due) << row.start;
  }
  ProtectionPlan plan = Plan();
  *plan.mutable_last_core_group_date() = DateToProto(CivilDay(2025, 10, 1));
  EXPECT_EQ(CoreGroupDue(plan, Borough()), CivilDay(2025, 11, 12)) << "the clocks go back";
  auto other = Borough();
  other.set_core_group_days(28);
  EXPECT_EQ(CoreGroupDue(plan, other), CivilDay(2025, 10, 29));
}

TEST(PlanCoreGroup, IsAboutActivePlansOnceEach) {
  ProtectionPlan ended = Plan();
  ended.set_state(ProtectionPlan::STATE_ENDED);
  EXPECT_EQ(BrokenRule(PlanCoreGroup(Request({ended}), {ended}).status()), "plan_active");
  EXPECT_THAT(Violations(PlanCoreGroup(Request({Plan(), Plan()}), {Plan(), Plan()}).status()),
              ElementsAre("plans"));
  auto request = Request({Plan()});
  *request.add_members() = request.members(0);
  EXPECT_THAT(Violations(PlanCoreGroup(request, {Plan()}).status()),
              ElementsAre("members[2].agency"));
}

TEST(PlanCoreGroup, OfSeveralPlansTheEarliestDueDateCounts) {
  const CoreGroup core_group = Planned({Plan("p2", CivilDay(2025, 3, 25)), Plan("p1")});
  EXPECT_EQ(ProtoToDate(core_group.due_date()), kFirstDue);
  EXPECT_THAT(core_group.children(),
              ElementsAre("boroughs/testborough/children/p2", "boroughs/testborough/children/p1"));
}

TEST(Hold, TellsThePlansWhatWasFoundAndWhenTheNextIsDue) {
  std::vector<ProtectionPlan> plans = {Plan("p1"), Plan("p2")};
  CoreGroup core_group = Planned(plans);
  ASSERT_TRUE(HoldOn(core_group, plans, kFirstDue,
                     Finding("p1") + Finding("p2") + "agencies_attended: 'testschool'")
                  .ok());
  EXPECT_TRUE(core_group.in_time());
  EXPECT_FALSE(core_group.members(0).attended());
  EXPECT_TRUE(core_group.members(1).attended());
  for (const ProtectionPlan& plan : plans) {
    EXPECT_EQ(plan.outcomes(0).progress(), pb::OUTCOME_PROGRESS_ON_TRACK);
    EXPECT_EQ(ProtoToDate(plan.outcomes(0).progress_date()), kFirstDue);
    EXPECT_EQ(ProtoToDate(plan.core_group_due_date()), CivilDay(2025, 5, 15));
  }
}

TEST(Hold, OneHeldAfterTheDueDateIsLate) {
  std::vector<ProtectionPlan> plans = {Plan()};
  CoreGroup core_group = Planned(plans);
  ASSERT_TRUE(HoldOn(core_group, plans, kFirstDue + 1, Finding("p1")).ok());
  EXPECT_FALSE(core_group.in_time());
}

TEST(Hold, LooksAtEveryOpenOutcomeAndAtNoOther) {
  std::vector<ProtectionPlan> plans = {Plan()};
  CoreGroup core_group = Planned(plans);
  EXPECT_THAT(Violations(HoldOn(core_group, plans, kFirstDue, "")), ElementsAre("findings"));
  core_group = Planned(plans);
  EXPECT_THAT(Violations(HoldOn(core_group, plans, kFirstDue, Finding("p1") + Finding("p1", "9"))),
              ElementsAre("findings[1].id"));
  plans[0].mutable_outcomes(0)->set_closed(true);
  core_group = Planned(plans);
  EXPECT_TRUE(HoldOn(core_group, plans, kFirstDue, "").ok());
}

TEST(Hold, OnlyMembersAttend) {
  std::vector<ProtectionPlan> plans = {Plan()};
  CoreGroup core_group = Planned(plans);
  EXPECT_THAT(Violations(HoldOn(core_group, plans, kFirstDue,
                                Finding("p1") + "agencies_attended: 'testpolice'")),
              ElementsAre("agencies_attended[0]"));
  core_group = Planned(plans);
  EXPECT_THAT(Violations(HoldOn(core_group, plans, kStart - 1, Finding("p1"))),
              ElementsAre("hold_time"));
}

TEST(Hold, OneThatIsToldLateLeavesWhatALaterOneSet) {
  std::vector<ProtectionPlan> plans = {Plan()};
  CoreGroup early = Planned(plans);
  CoreGroup late = Planned(plans);
  ASSERT_TRUE(HoldOn(late, plans, CivilDay(2025, 4, 3), Finding("p1")).ok());
  const auto due = ProtoToDate(plans[0].core_group_due_date());
  ASSERT_TRUE(HoldOn(early, plans, CivilDay(2025, 3, 27), Finding("p1")).ok());
  EXPECT_EQ(ProtoToDate(plans[0].core_group_due_date()), due);
}

}  // namespace
}  // namespace lscp::child_protection
