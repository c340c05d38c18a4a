#include "child_protection/indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "child_protection/core_group_service.h"
#include "child_protection/testing/indicators_fixture.h"
#include "child_protection/visit_service.h"
#include "common/indicators/statement.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

TEST(IndicatorDefinitions, SayEverything) {
  std::set<std::string> ids, reports;
  for (const IndicatorQuery& query : Indicators()) {
    const IndicatorDefinition& definition = query.definition;
    EXPECT_TRUE(ids.insert(definition.id()).second) << definition.id();
    for (const std::string& text :
         {definition.title(), definition.cohort(), definition.numerator(), definition.source()}) {
      EXPECT_FALSE(text.empty()) << definition.id();
    }
    EXPECT_EQ(definition.denominator().empty(),
              definition.unit() == IndicatorDefinition::UNIT_COUNT)
        << definition.id();
    reports.insert(definition.reports().begin(), definition.reports().end());
  }
  EXPECT_THAT(reports, IsSupersetOf(std::vector<std::string>{
                           "R5",  "R7",  "R8", "R12", "R16", "Q6", "Q8", "Q9", "Q10", "Q11",
                           "Q12", "Q13", "A3", "A4",  "A5",  "A6", "A7", "A8", "A9",  "A10"}));
}

class IndicatorsTest : public IndicatorsFixture {
 protected:
  void EndPlan(const std::string& plan, const std::string& reason) {
    auto request = Fixture::Of<pb::EndPlanRequest>(Plan(plan), "reason: PLAN_END_REASON_" + reason);
    *request.mutable_end_date() = DateToProto(LondonDay(harness_.clock.Now()));
    const auto ended = harness_.Run(plans_, &Plans::End, request);
    EXPECT_TRUE(ended.ok()) << ended.status();
  }
  void Visit(const std::string& child, const std::string& account) {
    auto request = Parse<pb::RecordVisitRequest>(
        "parent: 'boroughs/barnet' basis: BASIS_PROTECTION_PLAN " + account);
    request.set_child(child);
    *request.mutable_visit_time() = TimeToProto(harness_.clock.Now());
    const auto visit = harness_.Run(visits_, &Visits::Record, request);
    EXPECT_TRUE(visit.ok()) << visit.status();
  }

  Visits visits_{parts_};
};

TEST_F(IndicatorsTest, AllCanBeComputedOfNothing) {
  for (const IndicatorQuery& query : Indicators()) {
    Of(query.definition.id(), CivilDay(2025, 3, 1), CivilDay(2025, 3, 31));
  }
}

TEST_F(IndicatorsTest, ChildrenOnAPlanAreThoseBeforeAndThoseStartedLessThoseEnded) {
  const std::string first = PlanFor(Child("k1", "birth_date { year: 2015 month: 5 day: 1 }"));
  PlanFor(Child("k2", "expected_birth_date { year: 2026 month: 1 day: 1 }"));
  At(CivilDay(2025, 4, 30));
  EndPlan(first, "TRANSFERRED");
  const std::string third = PlanFor(Child("k3"));
  At(CivilDay(2025, 5, 1));
  PlanFor("boroughs/barnet/children/k1", "TRANSFER_IN");
  At(CivilDay(2025, 5, 31));
  EndPlan(third, "DIED");
  int64_t before = 0;
  std::vector<int64_t> stocks;
  for (const CivilDay begin : {CivilDay(2025, 2, 1), CivilDay(2025, 3, 1), CivilDay(2025, 4, 1),
                               CivilDay(2025, 5, 1), CivilDay(2025, 6, 1)}) {
    const CivilDay last = CivilDay(absl::CivilMonth(begin) + 1) - 1;
    const auto stock = Of("children_on_protection_plan", begin, last).total().numerator();
    EXPECT_EQ(stock, before + Of("protection_plans_started", begin, last).total().numerator() -
                         Of("protection_plans_ended", begin, last).total().numerator())
        << begin;
    before = stock;
    stocks.push_back(stock);
  }
  EXPECT_THAT(stocks, ElementsAre(0, 2, 2, 2, 2));
  EXPECT_EQ(Figure("protection_plans_subsequent", CivilDay(2025, 5, 1), CivilDay(2025, 5, 31)),
            "1/1");
  EXPECT_EQ(Figure("protection_plans_subsequent_within_two_years", CivilDay(2025, 4, 1),
                   CivilDay(2025, 5, 31)),
            "1/2");
}

TEST_F(IndicatorsTest, TwoYearsCountFromTheSameDay) {
  const std::string plan = PlanFor(Child("k1"));  // on 3 March 2025
  EXPECT_EQ(Figure("protection_plans_of_two_years", CivilDay(2027, 3, 2), CivilDay(2027, 3, 2)),
            "0/1");
  EXPECT_EQ(Figure("protection_plans_of_two_years", CivilDay(2027, 3, 3), CivilDay(2027, 3, 3)),
            "1/1");
  At(CivilDay(2027, 3, 3));
  EndPlan(plan, "ADULT");
  EXPECT_EQ(
      Figure("protection_plans_ended_after_two_years", CivilDay(2027, 3, 1), CivilDay(2027, 3, 31)),
      "1/1");
}

TEST_F(IndicatorsTest, SiblingsAreOneFamily) {
  PlanFor(Child("k1", "family_group: 'f1'"));
  PlanFor(Child("k2", "family_group: 'f1'"));
  PlanFor(Child("k3", "family_group: 'f2'"));
  EXPECT_EQ(Figure("families_with_protection_plans", CivilDay(2025, 3, 3), CivilDay(2025, 3, 3)),
            "2");
}

TEST_F(IndicatorsTest, ConferencesAndChildrenAreCountedApart) {
  const pb::Conference early = Invited(Convened({Child("k1"), Child("k2")}));
  const pb::Conference late = Invited(Convened({Child("k3")}));
  At(CivilDay(2025, 3, 24));
  Decided(Held(early), {"PLAN", "NO_PLAN"});
  At(CivilDay(2025, 3, 25));
  Decided(Held(late), {"PLAN"});
  const CivilDay first(2025, 3, 1), last(2025, 3, 31);
  EXPECT_EQ(Figure("initial_conferences_in_time", first, last), "1/2");
  EXPECT_EQ(Figure("children_at_initial_conferences", first, last), "3");
  EXPECT_EQ(Figure("conference_child_attended", first, last), "3/3");
  EXPECT_EQ(Figure("initial_conferences_in_time", CivilDay(2025, 4, 1), CivilDay(2025, 4, 30)),
            "0");
}

TEST_F(IndicatorsTest, VisitsInTimeAttemptedAndWithinFourWeeksAreThreeFigures) {
  const std::string seen = Child("k1"), attempted = Child("k2"), none = Child("k3");
  for (const std::string& child : {seen, attempted, none}) PlanFor(child);
  At(CivilDay(2025, 3, 14));
  Visit(seen, "child_seen: true seen_alone: true");
  Visit(attempted, "unsuccessful_reason: UNSUCCESSFUL_REASON_HOLIDAY");
  At(CivilDay(2025, 3, 28));
  const CivilDay day(2025, 3, 21);
  EXPECT_EQ(Figure("children_visited_in_time", day, day), "1/3");
  EXPECT_EQ(Figure("children_visited_in_time_or_attempted", day, day), "2/3");
  EXPECT_EQ(Figure("children_seen_within_four_weeks", day, day), "1/3");
  EXPECT_EQ(Figure("protection_visits_seen_alone", CivilDay(2025, 3, 1), day), "1/1");
  Visit(none, "child_seen: true");
  EXPECT_EQ(Figure("children_visited_in_time", day, day), "1/3") << "what came after is left out";
  EXPECT_EQ(Figure("children_visited_in_time", CivilDay(2025, 3, 28), CivilDay(2025, 3, 28)),
            "2/3");
}

TEST_F(IndicatorsTest, ACoreGroupCountsWhenItFallsDue) {
  PlanFor(Child("k1"));  // the first core group is due on 17 March
  EXPECT_EQ(Figure("core_groups_in_time", CivilDay(2025, 3, 1), CivilDay(2025, 3, 16)), "0");
  EXPECT_EQ(Figure("core_groups_in_time", CivilDay(2025, 3, 17), CivilDay(2025, 3, 17)), "0/1");
}

TEST_F(IndicatorsTest, TheBoardCountsAChildOnceThoughItHadTwoInitialConferences) {
  for (const std::string id : {"k1", "k2", "k3"}) Child(id);
  Merged("k2", "k1");
  for (const auto& [conference, child] :
       {std::pair("f1", "k1"), {"f2", "k2"}, {"f3", "k3"}, {"f4", "k1"}}) {
    const int type = std::string(conference) == "f4" ? pb::Conference::TYPE_REVIEW
                                                     : pb::Conference::TYPE_INITIAL;
    Row("conferences",
        {{"id", conference}, {"type", type}, {"held_at", StartOfDay(CivilDay(2025, 4, 10))}});
    Row("conference_outcomes",
        {{"conference", conference},
         {"child", child},
         {"decision", std::string(conference) == "f3" ? pb::CONFERENCE_DECISION_NO_PLAN
                                                      : pb::CONFERENCE_DECISION_PLAN}});
  }
  const CivilDay first(2025, 4, 1), last(2026, 3, 31);
  EXPECT_EQ(Figure("children_subject_to_initial_conference", first, last), "2");
  EXPECT_EQ(Figure("children_at_initial_conferences", first, last), "3");
  EXPECT_EQ(Figure("initial_conferences_to_plan", first, last), "2/3");
}

TEST_F(IndicatorsTest, InvitedAndAttendedAreCountedForEachAgencyOfAConference) {
  Row("conferences", {{"id", "f1"}, {"held_at", StartOfDay(CivilDay(2025, 4, 1))}});
  Row("conferences", {{"id", "f2"}});  // not held
  int number = 0;
  for (const auto& [conference, kind, attended] : {std::tuple("f1", pb::AGENCY_KIND_HEALTH, true),
                                                   {"f1", pb::AGENCY_KIND_HEALTH, false},
                                                   {"f1", pb::AGENCY_KIND_POLICE, false},
                                                   {"f2", pb::AGENCY_KIND_POLICE, false}}) {
    const std::string id = absl::StrCat("i", ++number);
    Row("conference_invitations", {{"id", id},
                                   {"conference", conference},
                                   {"agency", id},
                                   {"kind", kind},
                                   {"attended", attended}});
  }
  EXPECT_THAT(PartsOf("conference_agencies_attended", "agency_kind", CivilDay(2025, 4, 1),
                      CivilDay(2025, 4, 30)),
              ElementsAre("HEALTH 1/2", "POLICE 0/1"));
}

// T-21, A10: plans, not reviews; what is not held at all is late, what ended before is not due.
TEST_F(IndicatorsTest, APlanIsReviewedInTimeWhenEachReviewOfTheYearWas) {
  const auto review = [&](const std::string& plan, const char* rule, CivilDay due,
                          std::optional<absl::Time> met, std::optional<absl::Time> cancelled) {
    Row("timescales", {{"subject", "boroughs/barnet/protectionPlans/" + plan},
                       {"rule", rule},
                       {"started_at", StartOfDay(due - 90)},
                       {"due_at", EndOfDay(due)},
                       {"met_at", met},
                       {"cancelled_at", cancelled}});
  };
  for (const std::string id : {"p1", "p2", "p3", "p4", "p5"}) {
    Row("protection_plans", {{"id", id},
                             {"child", id},
                             {"team", id == "p1" ? "planning-1" : "planning-2"},
                             {"started_on", CivilDay(2025, 1, 1)}});
  }
  const char first_review[] = "review_conference_first", later[] = "review_conference_later";
  const CivilDay may(2025, 5, 1), october(2025, 10, 1);
  review("p1", first_review, may, EndOfDay(may), std::nullopt);  // at the last instant
  review("p1", later, october, StartOfDay(october), std::nullopt);
  review("p2", first_review, may, StartOfDay(may), std::nullopt);
  review("p2", later, october, EndOfDay(october) + absl::Microseconds(1), std::nullopt);
  review("p3", first_review, may, std::nullopt, std::nullopt);
  review("p4", first_review, may, std::nullopt, StartOfDay(may));  // ended before it was due
  review("p5", first_review, CivilDay(2026, 4, 1), std::nullopt, std::nullopt);
  EXPECT_EQ(
      Figure("protection_plans_reviewed_in_time", CivilDay(2025, 4, 1), CivilDay(2026, 3, 31)),
      "1/3");
  EXPECT_THAT(PartsOf("protection_plans_reviewed_in_time", "team", CivilDay(2025, 4, 1),
                      CivilDay(2026, 3, 31)),
              ElementsAre("planning-1 1/1", "planning-2 0/2"));
}

}  // namespace
}  // namespace lscp::child_protection
