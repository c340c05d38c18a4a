#include "child_protection/core_group_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/conferences_fixture.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::CoreGroup;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CoreGroupsTest : public ConferencesFixture {
 protected:
  absl::StatusOr<CoreGroup> Planned(const std::vector<std::string>& plans) {
    auto request = Parse<pb::PlanCoreGroupRequest>(
        "parent: 'boroughs/barnet' members { agency: 'testschool' kind: AGENCY_KIND_EDUCATION }");
    for (const std::string& plan : plans) request.add_plans(plan);
    *request.mutable_plan_time() = TimeToProto(harness_.clock.Now());
    const auto response = harness_.Run(core_groups_, &CoreGroups::Plan, request);
    if (!response.ok()) return response.status();
    return response->core_group();
  }
  absl::StatusOr<CoreGroup> Held(const CoreGroup& core_group) {
    auto request = Of<pb::HoldCoreGroupRequest>(core_group, "agencies_attended: 'testschool'");
    *request.mutable_hold_time() = TimeToProto(harness_.clock.Now());
    const auto response = harness_.Run(core_groups_, &CoreGroups::Hold, request);
    if (!response.ok()) return response.status();
    return response->core_group();
  }
  std::vector<std::string> ListedGroups(const std::string& filter) {
    const auto response =
        harness_.Run(core_groups_, &CoreGroups::List,
                     Parse<pb::ListCoreGroupsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const CoreGroup& group : response->core_groups()) names.push_back(group.name());
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }

  CoreGroups core_groups_{parts_};
};

TEST_F(CoreGroupsTest, TheFirstMeetsItsClockAndStartsTheNextForEveryPlan) {
  const std::string a = PlanFor(Child("k1"));
  const std::string b = PlanFor(Child("k2"));
  EXPECT_EQ(ClockOf(a, "core_group_first"), "due 2025-03-17");
  harness_.clock.Advance(absl::Hours(24 * 8));
  const auto held = Held(*Planned({a, b}));
  ASSERT_TRUE(held.ok()) << held.status();
  for (const std::string& plan : {a, b}) {
    EXPECT_EQ(ClockOf(plan, "core_group_first"), "due 2025-03-17 met 2025-03-11");
    EXPECT_EQ(ClockOf(plan, "core_group_later"), "due 2025-04-22");
    EXPECT_EQ(ProtoToDate(Plan(plan).core_group_due_date()), absl::CivilDay(2025, 4, 22));
  }
}

TEST_F(CoreGroupsTest, AnEndedPlanHasNoMore) {
  const std::string plan = PlanFor(Child("k1"));
  const auto ended =
      harness_.Run(plans_, &Plans::End,
                   Of<pb::EndPlanRequest>(Plan(plan),
                                          "reason: PLAN_END_REASON_ADULT end_date { year: 2025 "
                                          "month: 3 day: 3 }"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_FALSE(ended->plan().has_core_group_due_date());
  EXPECT_EQ(BrokenRule(Planned({plan}).status()), "plan_active");
}

TEST_F(CoreGroupsTest, AreListedByChildAndHiddenWithARestrictedOne) {
  const auto group = Planned({PlanFor(Child("k1")), PlanFor(Child("k2"))});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_THAT(ListedGroups("child: 'boroughs/barnet/children/k2' states: STATE_PLANNED"),
              ElementsAre(group->name()));
  Child("k2", "restricted: true allowed_people: 'n.named'", 2);
  EXPECT_THAT(ListedGroups(""), IsEmpty());
  EXPECT_EQ(Held(*group).status().code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_protection
