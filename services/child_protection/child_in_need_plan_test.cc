#include "child_protection/child_in_need_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::ChildInNeedPlan;
using ::testing::ElementsAre;

const Step kStep = {"w.worker", "testcouncil", LondonTime(2025, 9, 1, 10)};

ChildInNeedPlan Started(absl::CivilDay start = absl::CivilDay(2025, 3, 10)) {
  auto request = ParseRequest<pb::StartChildInNeedPlanRequest>(
      "child: 'boroughs/testborough/children/k1' needs: 'invented' plan: 'invented' "
      "contingency: 'invented' no_recourse: true team: 'cin'");
  *request.mutable_start_date() = DateToProto(start);
  ChildInNeedPlan plan = StartPlan(request, kStep, TestBorough());
  plan.set_name("boroughs/testborough/childInNeedPlans/n1");
  return plan;
}

absl::Status ReviewOn(ChildInNeedPlan& plan, int month, int day) {
  auto request = ParseRequest<pb::ReviewChildInNeedPlanRequest>("progress: 'invented'");
  *request.mutable_review_date() = DateToProto(absl::CivilDay(2025, month, day));
  return Review(plan, request, kStep, TestBorough());
}

absl::Status EndOn(ChildInNeedPlan& plan, int month, int day) {
  auto request =
      ParseRequest<pb::EndChildInNeedPlanRequest>("destination: CIN_DESTINATION_EARLY_HELP");
  *request.mutable_end_date() = DateToProto(absl::CivilDay(2025, month, day));
  return End(plan, request, kStep);
}

TEST(ChildInNeedPlanTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kChildInNeedPlanTransitions));
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kChildInNeedPlanTransitions)));
}

TEST(ChildInNeedPlanTransitions, HoldForEveryStateAndVerb) {
  const std::map<std::string, std::function<absl::Status(ChildInNeedPlan&)>> verbs = {
      {"ReviewChildInNeedPlan", [](ChildInNeedPlan& p) { return ReviewOn(p, 4, 1); }},
      {"AllocateChildInNeedPlan",
       [](ChildInNeedPlan& p) {
         return Allocate(p, ParseRequest<pb::AllocateChildInNeedPlanRequest>("team: 'other'"));
       }},
      {"EndChildInNeedPlan", [](ChildInNeedPlan& p) { return EndOn(p, 4, 1); }},
  };
  ExpectEveryStateAndVerb(kChildInNeedPlanTransitions, "StartChildInNeedPlan", verbs,
                          [](auto state) {
                            ChildInNeedPlan plan = Started();
                            plan.set_state(state);
                            return plan;
                          });
}

struct DueCase {
  absl::CivilDay start;
  absl::CivilDay due;
};

TEST(StartChildInNeedPlan, ExpectsAReviewWithinThreeMonths) {
  const DueCase cases[] = {
      {absl::CivilDay(2025, 3, 10), absl::CivilDay(2025, 6, 10)},
      {absl::CivilDay(2024, 11, 30), absl::CivilDay(2025, 2, 28)},
      {absl::CivilDay(2023, 11, 30), absl::CivilDay(2024, 2, 29)},  // a leap day
  };
  for (const DueCase& row : cases) {
    EXPECT_EQ(ProtoToDate(Started(row.start).review_due_date()), row.due) << row.start;
  }
}

TEST(ReviewChildInNeedPlan, ExpectsTheNextWithinSixMonths) {
  ChildInNeedPlan plan = Started();
  EXPECT_THAT(Violations(ReviewOn(plan, 3, 10)), ElementsAre("review_date"));
  plan = Started();
  ASSERT_TRUE(ReviewOn(plan, 5, 12).ok());
  EXPECT_EQ(ProtoToDate(plan.review_due_date()), absl::CivilDay(2025, 11, 12));
  EXPECT_EQ(plan.reviews(0).recorded_by(), "w.worker");
  EXPECT_THAT(Violations(ReviewOn(plan, 5, 12)), ElementsAre("review_date"));
}

TEST(EndChildInNeedPlan, SaysWhatFollowsAndCountsTheDays) {
  ChildInNeedPlan plan = Started();
  ASSERT_TRUE(ReviewOn(plan, 5, 12).ok());
  ChildInNeedPlan early = plan;
  EXPECT_THAT(Violations(EndOn(early, 5, 11)), ElementsAre("end_date"));
  ASSERT_TRUE(EndOn(plan, 5, 12).ok());
  EXPECT_EQ(plan.days_open(), 63);
  EXPECT_FALSE(plan.has_review_due_date());
  EXPECT_EQ(EndedOf(plan).destination(), pb::CIN_DESTINATION_EARLY_HELP);
}

}  // namespace
}  // namespace lscp::child_protection
