#include "child_protection/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "child_protection/testing/rules.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using pb::ProtectionPlan;
using ::testing::ElementsAre;

constexpr char kChild[] = "boroughs/testborough/children/k1";
const CivilDay kHeld(2025, 3, 20);

pb::Conference HeldOn(CivilDay day) {
  auto conference = ParseRequest<pb::Conference>(
      "name: 'boroughs/testborough/conferences/c1' type: TYPE_INITIAL team: 'planning-1' "
      "worker: 'w.worker' state: STATE_HELD "
      "considered { child: 'boroughs/testborough/children/k1' category: PLAN_CATEGORY_NEGLECT }");
  *conference.mutable_hold_time() = TimeToProto(StartOfDay(day) + absl::Hours(10));
  return conference;
}

ProtectionPlan Began(CivilDay day = kHeld, const std::vector<ProtectionPlan>& earlier = {}) {
  const pb::Conference conference = HeldOn(day);
  ProtectionPlan plan = BeginPlan(conference, conference.considered(0), "family-1", earlier);
  plan.set_name("boroughs/testborough/protectionPlans/p1");
  return plan;
}

ProtectionPlan Ended(CivilDay start, CivilDay end) {
  ProtectionPlan plan = Began(start);
  plan.set_state(ProtectionPlan::STATE_ENDED);
  *plan.mutable_end_date() = DateToProto(end);
  return plan;
}

absl::Status ReviewOn(ProtectionPlan& plan, CivilDay day, const std::string& decision) {
  return ReviewPlan(plan, HeldOn(day),
                    ParseRequest<pb::ChildDecision>("rationale: 'invented' " + decision));
}

const char kContinue[] = "decision: CONFERENCE_DECISION_CONTINUE";
const char kEnd[] = "decision: CONFERENCE_DECISION_END destination: PLAN_DESTINATION_CHILD_IN_NEED";

absl::Status EndFor(ProtectionPlan& plan, const std::string& reason,
                    CivilDay day = CivilDay(2025, 5, 1)) {
  auto request = ParseRequest<pb::EndPlanRequest>("reason: PLAN_END_REASON_" + reason);
  *request.mutable_end_date() = DateToProto(day);
  return End(plan, request);
}

const char kTwoOutcomes[] =
    "outcomes { text: 'at school every day' agency: 'testschool' due_date { year: 2025 month: 6 "
    "day: 1 } } outcomes { text: 'teeth are seen to' agency: 'testhealth' due_date { year: 2025 "
    "month: 5 day: 1 } }";

absl::Status SetTo(ProtectionPlan& plan, const std::string& outcomes) {
  return SetOutcomes(plan, ParseRequest<pb::SetPlanOutcomesRequest>(outcomes));
}

// The verbs, each as a request that nothing but the state can fail.
const std::map<std::string, std::function<absl::Status(ProtectionPlan&)>>& Verbs() {
  static const std::map<std::string, std::function<absl::Status(ProtectionPlan&)>> verbs = {
      {"SetPlanOutcomes", [](ProtectionPlan& p) { return SetTo(p, kTwoOutcomes); }},
      {"AllocatePlan",
       [](ProtectionPlan& p) {
         return Allocate(p, ParseRequest<pb::AllocatePlanRequest>("team: 'planning-2'"));
       }},
      {"DecideConference on CONTINUE",
       [](ProtectionPlan& p) { return ReviewOn(p, CivilDay(2025, 6, 2), kContinue); }},
      {"DecideConference on END",
       [](ProtectionPlan& p) { return ReviewOn(p, CivilDay(2025, 6, 2), kEnd); }},
      {"EndPlan", [](ProtectionPlan& p) { return EndFor(p, "ADULT"); }},
  };
  return verbs;
}

TEST(PlanTransitions, LeadToEveryState) { EXPECT_TRUE(testing::IsWhole(kPlanTransitions)); }

TEST(PlanTransitions, StandInTheReadme) {
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kPlanTransitions)));
}

TEST(PlanTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kPlanTransitions)) {
    const auto verb = Verbs().find(cell.verb);
    if (verb == Verbs().end()) continue;  // beginning makes a new one
    ProtectionPlan plan = Began();
    plan.set_state(cell.state);
    EXPECT_EQ(verb->second(plan).ok(), cell.to.has_value())
        << cell.verb << " in " << StateName(cell.state);
    if (cell.to) {
      EXPECT_EQ(plan.state(), *cell.to) << cell.verb;
    }
  }
}

struct ReviewRow {
  CivilDay conference;
  CivilDay first;
  CivilDay later;
};

TEST(ReviewDue, IsThreeMonthsAfterTheInitialConferenceThenSixAfterEachReview) {
  const ReviewRow rows[] = {
      {CivilDay(2025, 3, 20), CivilDay(2025, 6, 20), CivilDay(2025, 9, 20)},
      {CivilDay(2024, 11, 29), CivilDay(2025, 2, 28), CivilDay(2025, 5, 29)},
      {CivilDay(2023, 11, 30), CivilDay(2024, 2, 29), CivilDay(2024, 5, 30)},
      {CivilDay(2024, 2, 29), CivilDay(2024, 5, 29), CivilDay(2024, 8, 29)},
      {CivilDay(2025, 8, 31), CivilDay(2025, 11, 30), CivilDay(2026, 2, 28)},
      {CivilDay(2025, 3, 30), CivilDay(2025, 6, 30), CivilDay(2025, 9, 30)},
      {CivilDay(2025, 9, 25), CivilDay(2025, 12, 25), CivilDay(2026, 3, 25)},
  };
  for (const ReviewRow& row : rows) {
    EXPECT_EQ(ReviewDue(row.conference, true), row.first) << row.conference;
    EXPECT_EQ(ReviewDue(row.conference, false), row.later) << row.conference;
  }
}

TEST(BeginPlan, StartsOnTheDayOfTheConferenceWithItsCategoryAndFamily) {
  const ProtectionPlan plan = Began();
  EXPECT_EQ(plan.child(), kChild);
  EXPECT_EQ(ProtoToDate(plan.start_date()), kHeld);
  EXPECT_EQ(plan.initial_category(), pb::PLAN_CATEGORY_NEGLECT);
  EXPECT_EQ(plan.latest_category(), pb::PLAN_CATEGORY_NEGLECT);
  EXPECT_EQ(plan.family_group(), "family-1");
  EXPECT_EQ(plan.team(), "planning-1");
  EXPECT_EQ(ProtoToDate(plan.review_due_date()), CivilDay(2025, 6, 20));
  EXPECT_EQ(ProtoToDate(plan.last_conference_date()), kHeld);
  EXPECT_EQ(plan.previous_plans(), 0);
  EXPECT_FALSE(plan.has_previous_end_date());
}

TEST(BeginPlan, CountsPlansBeforeAndWhetherOneEndedWithinTwoYears) {
  struct Row {
    CivilDay start;
    CivilDay last_end;
    bool within;
  };
  for (const Row& row :
       {Row{kHeld, CivilDay(2023, 3, 21), true}, Row{kHeld, CivilDay(2023, 3, 20), false},
        Row{CivilDay(2026, 2, 28), CivilDay(2024, 2, 29), true},
        Row{CivilDay(2026, 3, 1), CivilDay(2024, 2, 29), false}}) {
    const ProtectionPlan plan = Began(row.start, {Ended(CivilDay(2015, 1, 5), CivilDay(2015, 9, 7)),
                                                  Ended(CivilDay(2022, 6, 1), row.last_end)});
    EXPECT_EQ(plan.previous_plans(), 2);
    EXPECT_EQ(ProtoToDate(plan.previous_end_date()), row.last_end);
    EXPECT_EQ(plan.previous_within_two_years(), row.within) << row.last_end;
  }
}

TEST(ReviewPlan, KeepsTheFirstCategoryAndEveryChange) {
  ProtectionPlan plan = Began();
  ASSERT_TRUE(ReviewOn(plan, CivilDay(2025, 6, 2), kContinue).ok());
  EXPECT_EQ(plan.category_changes_size(), 0);
  EXPECT_EQ(ProtoToDate(plan.review_due_date()), CivilDay(2025, 12, 2));
  const std::string emotional = std::string(kContinue) + " category: PLAN_CATEGORY_EMOTIONAL";
  ASSERT_TRUE(ReviewOn(plan, CivilDay(2025, 11, 3), emotional).ok());
  ASSERT_TRUE(ReviewOn(plan, CivilDay(2026, 4, 1), emotional).ok());
  EXPECT_EQ(plan.initial_category(), pb::PLAN_CATEGORY_NEGLECT);
  EXPECT_EQ(plan.latest_category(), pb::PLAN_CATEGORY_EMOTIONAL);
  ASSERT_EQ(plan.category_changes_size(), 1);
  EXPECT_EQ(ProtoToDate(plan.category_changes(0).date()), CivilDay(2025, 11, 3));
  EXPECT_EQ(plan.reviews(), 3);
}

TEST(ReviewPlan, EndsItOnTheDayOfTheConference) {
  ProtectionPlan plan = Began();
  ASSERT_TRUE(ReviewOn(plan, CivilDay(2025, 6, 2), kEnd).ok());
  EXPECT_EQ(ProtoToDate(plan.end_date()), CivilDay(2025, 6, 2));
  EXPECT_EQ(plan.end_reason(), pb::PLAN_END_REASON_CONFERENCE);
  EXPECT_EQ(plan.destination(), pb::PLAN_DESTINATION_CHILD_IN_NEED);
  EXPECT_FALSE(plan.has_review_due_date());
}

TEST(End, OnlyForWhatNeedsNoConference) {
  for (const char* reason : {"TRANSFERRED", "ADULT", "DIED", "LEFT_COUNTRY"}) {
    ProtectionPlan plan = Began();
    EXPECT_TRUE(EndFor(plan, reason).ok()) << reason;
  }
  ProtectionPlan plan = Began();
  EXPECT_THAT(Violations(EndFor(plan, "CONFERENCE")), ElementsAre("reason"));
  plan = Began();
  EXPECT_THAT(Violations(EndFor(plan, "DIED", kHeld - 1)), ElementsAre("end_date"));
  plan = Began();
  ASSERT_TRUE(EndFor(plan, "TRANSFERRED", kHeld).ok());
  EXPECT_EQ(plan.destination(), pb::PLAN_DESTINATION_OTHER_AUTHORITY);
}

TEST(SetOutcomes, GivesEachAnIdThatItKeeps) {
  ProtectionPlan plan = Began();
  ASSERT_TRUE(SetTo(plan, kTwoOutcomes).ok());
  ASSERT_EQ(plan.outcomes_size(), 2);
  EXPECT_EQ(plan.outcomes(1).id(), "2");
  const std::string changed =
      "outcomes { id: '2' text: 'teeth are healthy' agency: 'testhealth' due_date { year: 2025 "
      "month: 9 day: 1 } } outcomes { text: 'sleeps in a bed of her own' agency: 'testcouncil' "
      "due_date { year: 2025 month: 4 day: 1 } }";
  ASSERT_TRUE(SetTo(plan, changed).ok());
  ASSERT_EQ(plan.outcomes_size(), 3);
  EXPECT_EQ(plan.outcomes(0).text(), "teeth are healthy");
  EXPECT_EQ(plan.outcomes(1).id(), "3");
  EXPECT_EQ(plan.outcomes(2).id(), "1");
  EXPECT_TRUE(plan.outcomes(2).closed());
}

TEST(SetOutcomes, RefusesAnIdThatIsNotThePlansAndADayBeforeIt) {
  ProtectionPlan plan = Began();
  EXPECT_THAT(
      Violations(SetTo(plan,
                       "outcomes { id: '7' text: 'x' agency: 'a' due_date { year: 2025 month: 6 "
                       "day: 1 } } outcomes { text: 'x' agency: 'a' due_date { year: 2025 month: 1 "
                       "day: 1 } }")),
      ElementsAre("outcomes[0].id", "outcomes[1].due_date"));
}

TEST(SetDuration, CountsDaysUntilTheEndOrToday) {
  ProtectionPlan plan = Began();
  SetDuration(plan, CivilDay(2025, 4, 20));
  EXPECT_EQ(plan.days(), 31);
  EXPECT_FALSE(plan.two_years_or_more());
  *plan.mutable_end_date() = DateToProto(CivilDay(2025, 3, 30));  // the clocks go forward
  SetDuration(plan, CivilDay(2030, 1, 1));
  EXPECT_EQ(plan.days(), 10);
}

TEST(IsTwoYearsOrMore, FromTheSameDayOn) {
  EXPECT_FALSE(IsTwoYearsOrMore(CivilDay(2023, 3, 20), CivilDay(2025, 3, 19)));
  EXPECT_TRUE(IsTwoYearsOrMore(CivilDay(2023, 3, 20), CivilDay(2025, 3, 20)));
  EXPECT_FALSE(IsTwoYearsOrMore(CivilDay(2024, 2, 29), CivilDay(2026, 2, 28)));
  EXPECT_TRUE(IsTwoYearsOrMore(CivilDay(2024, 2, 29), CivilDay(2026, 3, 1)));
}

}  // namespace
}  // namespace lscp::child_protection
