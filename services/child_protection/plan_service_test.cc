#include "child_protection/plan_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/conferences_fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "safeguarding/child_protection/v1/plan_events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::ProtectionPlan;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PlansTest : public ConferencesFixture {
 protected:
  std::vector<std::string> ListedPlans(const std::string& filter) {
    const auto response = harness_.Run(
        plans_, &Plans::List, Parse<pb::ListPlansRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const ProtectionPlan& plan : response->plans()) names.push_back(plan.name());
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }
};

TEST_F(PlansTest, AnEndWithoutAConferenceStopsTheClocksAndTellsOthers) {
  const std::string name = PlanFor(Child("k1"));
  auto request = Of<pb::EndPlanRequest>(
      Plan(name), "reason: PLAN_END_REASON_ADULT end_date { year: 2025 month: 3 day: 3 }");
  const auto ended = harness_.Run(plans_, &Plans::End, request);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(harness_.entries[0].event->type, "child_protection.plan_ended");
  EXPECT_EQ(ClockOf(name, "review_conference_first"), "due 2025-06-03 cancelled 2025-03-03");
  EXPECT_THAT(ListedPlans("states: STATE_ACTIVE"), IsEmpty());
}

TEST_F(PlansTest, ASecondPlanKnowsOfTheFirst) {
  const std::string child = Child("k1");
  const ProtectionPlan first = Plan(PlanFor(child));
  const auto ended = harness_.Run(
      plans_, &Plans::End,
      Of<pb::EndPlanRequest>(
          first, "reason: PLAN_END_REASON_TRANSFERRED end_date { year: 2025 month: 3 day: 3 }"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  harness_.clock.Advance(absl::Hours(24 * 400));
  const ProtectionPlan second = Plan(PlanFor(child, "TRANSFER_IN"));
  EXPECT_EQ(second.previous_plans(), 1);
  EXPECT_TRUE(second.previous_within_two_years());
  EXPECT_THAT(ListedPlans("child: '" + child + "'"), ElementsAre(second.name(), first.name()));
}

TEST_F(PlansTest, AreListedByFamilyCategoryDurationAndOverdueReview) {
  const std::string name = PlanFor(Child("k1", "family_group: 'f1'"));
  EXPECT_THAT(ListedPlans("family_group: 'f1' categories: PLAN_CATEGORY_NEGLECT"),
              ElementsAre(name));
  EXPECT_THAT(ListedPlans("categories: PLAN_CATEGORY_SEXUAL"), IsEmpty());
  EXPECT_THAT(ListedPlans("review_overdue: true"), IsEmpty());
  EXPECT_THAT(ListedPlans("two_years_or_more: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 732));
  EXPECT_THAT(ListedPlans("review_overdue: true two_years_or_more: true"), ElementsAre(name));
  EXPECT_TRUE(Plan(name).two_years_or_more());
}

TEST_F(PlansTest, AllocationGoesWithItsClocks) {
  const std::string name = PlanFor(Child("k1"));
  const auto allocated =
      harness_.Run(plans_, &Plans::Allocate,
                   Of<pb::AllocatePlanRequest>(Plan(name), "team: 'planning-9' worker: 'w.w'"));
  ASSERT_TRUE(allocated.ok()) << allocated.status();
  const auto rows = harness_.Database().Query(
      "SELECT COUNT(*) FROM timescales WHERE subject = ? AND team = 'planning-9'", {name});
  EXPECT_GT((*rows)[0].Int(0), 0);
  EXPECT_THAT(ListedPlans("team: 'planning-9' worker: 'w.w'"), ElementsAre(name));
}

TEST_F(PlansTest, OutcomesStayOutOfLists) {
  const std::string name = PlanFor(Child("k1"));
  const auto set = harness_.Run(
      plans_, &Plans::SetOutcomes,
      Of<pb::SetPlanOutcomesRequest>(Plan(name),
                                     "outcomes { text: 'sleeps in a bed of her own' agency: "
                                     "'testcouncil' due_date { year: 2025 month: 6 day: 1 } }"));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(Plan(name).outcomes(0).id(), "1");
  const auto listed =
      harness_.Run(plans_, &Plans::List, Parse<pb::ListPlansRequest>("parent: 'boroughs/barnet'"));
  EXPECT_EQ(listed->plans(0).outcomes_size(), 0);
}

TEST_F(PlansTest, OfARestrictedChildAreAbsent) {
  const std::string name = PlanFor(Child("k1"));
  Child("k1", "restricted: true allowed_people: 'n.named'", 2);
  EXPECT_THAT(ListedPlans(""), IsEmpty());
  pb::GetPlanRequest request;
  request.set_name(name);
  EXPECT_EQ(harness_.Run(plans_, &Plans::Get, request).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_protection
