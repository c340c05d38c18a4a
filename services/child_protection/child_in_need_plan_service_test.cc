#include "child_protection/child_in_need_plan_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "google/protobuf/any.pb.h"

namespace lscp::child_protection {
namespace {

using pb::ChildInNeedPlan;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChildInNeedPlansTest : public Fixture {
 protected:
  absl::StatusOr<ChildInNeedPlan> TryStart(const std::string& child,
                                           const std::string& fields = "") {
    auto request = Parse<pb::StartChildInNeedPlanRequest>(
        "parent: 'boroughs/barnet' needs: 'Invented.' plan: 'Invented.' contingency: 'Invented.' " +
        fields);
    request.set_child(child);
    const auto response = harness_.Run(plans_, &ChildInNeedPlans::Start, request);
    if (!response.ok()) return response.status();
    return response->child_in_need_plan();
  }
  ChildInNeedPlan Start(const std::string& child, const std::string& fields = "") {
    const auto plan = TryStart(child, fields);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? *plan : ChildInNeedPlan();
  }
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response = harness_.Run(plans_, &ChildInNeedPlans::List,
                                       Parse<pb::ListChildInNeedPlansRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const ChildInNeedPlan& plan : response->child_in_need_plans()) {
      names.push_back(plan.name());
      EXPECT_EQ(plan.needs(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }
  std::string EventType() {
    if (harness_.entries.empty() || !harness_.entries[0].event) return "";
    return harness_.entries[0].event->type;
  }

  ChildInNeedPlans plans_{parts_};
};

TEST_F(ChildInNeedPlansTest, AChildHasOneOpenPlan) {
  const std::string child = Child("c1");
  const ChildInNeedPlan plan = Start(child);
  EXPECT_EQ(EventType(), "child_protection.child_in_need_plan_started");
  EXPECT_EQ(ReasonOf(TryStart(child).status()), reason::ERROR_REASON_RULE_NOT_MET);
  const auto ended = harness_.Run(plans_, &ChildInNeedPlans::End,
                                  Of<pb::EndChildInNeedPlanRequest>(
                                      plan, "destination: CIN_DESTINATION_CHILD_PROTECTION_PLAN"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(EventType(), "child_protection.child_in_need_plan_ended");
  EXPECT_EQ(ClockOf(plan.name(), "cin_first_review"), "due 2025-06-03 cancelled 2025-03-03");
  EXPECT_TRUE(TryStart(child).ok());
}

TEST_F(ChildInNeedPlansTest, AHiddenChildHasNone) {
  EXPECT_EQ(
      TryStart(Child("c1", "restricted: true allowed_people: 'somebody.else'")).status().code(),
      absl::StatusCode::kPermissionDenied);
}

TEST_F(ChildInNeedPlansTest, ReviewsHaveClocks) {
  ChildInNeedPlan plan = Start(Child("c1"));
  EXPECT_EQ(ClockOf(plan.name(), "cin_first_review"), "due 2025-06-03");
  harness_.clock.Advance(absl::Hours(24 * 100));
  EXPECT_THAT(Listed("review_overdue: true"), ElementsAre(plan.name()));
  const auto reviewed =
      harness_.Run(plans_, &ChildInNeedPlans::Review,
                   Of<pb::ReviewChildInNeedPlanRequest>(
                       plan, "progress: 'x' review_date { year: 2025 month: 6 day: 2 }"));
  ASSERT_TRUE(reviewed.ok()) << reviewed.status();
  EXPECT_EQ(ClockOf(plan.name(), "cin_first_review"), "due 2025-06-03 met 2025-06-02");
  EXPECT_EQ(ClockOf(plan.name(), "cin_review"), "due 2025-12-02");
  const auto allocated = harness_.Run(
      plans_, &ChildInNeedPlans::Allocate,
      Of<pb::AllocateChildInNeedPlanRequest>(reviewed->child_in_need_plan(), "team: 'cin-2'"));
  ASSERT_TRUE(allocated.ok()) << allocated.status();
  const auto owed = harness_.Database().Query(
      "SELECT DISTINCT team FROM timescales WHERE subject = ? AND running = 1", {plan.name()});
  ASSERT_TRUE(owed.ok() && owed->size() == 1);
  EXPECT_EQ((*owed)[0].Text(0), "cin-2");
}

TEST_F(ChildInNeedPlansTest, ListsByWhatIsAsked) {
  const std::string child = Child("c1");
  const ChildInNeedPlan first =
      Start(child, "no_recourse: true start_date { year: 2025 month: 2 day: 1 } worker: 'w'");
  const ChildInNeedPlan second = Start(Child("c2"), "team: 'cin'");
  Start(Child("c3"), "disability_service: true team: 'disability'");
  EXPECT_THAT(Listed("without_exclusions: true"), ElementsAre(second.name()));
  EXPECT_THAT(Listed("child: '" + child + "'"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("open_on { year: 2025 month: 3 day: 2 }"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("worker: 'w'"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("team: 'cin'"), ElementsAre(second.name()));
  EXPECT_THAT(Listed("states: STATE_ENDED"), IsEmpty());
}

}  // namespace
}  // namespace lscp::child_protection
