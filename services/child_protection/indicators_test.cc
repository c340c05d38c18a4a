#include "child_protection/indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "child_protection/core_group_service.h"
#include "child_protection/testing/conferences_fixture.h"
#include "child_protection/visit_service.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using ::testing::IsSupersetOf;

TEST(IndicatorDefinitions, SayEverything) {
  std::set<std::string> ids, reports;
  for (const IndicatorQuery& query : Indicators()) {
    const Definition& definition = query.definition;
    EXPECT_TRUE(ids.insert(definition.id()).second) << definition.id();
    for (const std::string& text :
         {definition.title(), definition.cohort(), definition.numerator(), definition.source()}) {
      EXPECT_FALSE(text.empty()) << definition.id();
    }
    EXPECT_EQ(definition.denominator().empty(), definition.unit() == Definition::UNIT_COUNT)
        << definition.id();
    reports.insert(definition.reports().begin(), definition.reports().end());
  }
  EXPECT_THAT(reports, IsSupersetOf(std::vector<std::string>{"R5", "R8", "Q8", "Q9", "Q10"}));
}

class IndicatorsTest : public ConferencesFixture {
 protected:
  void At(CivilDay day) {
    const absl::Time then = StartOfDay(day) + absl::Hours(10);
    harness_.clock.Advance(then - harness_.clock.Now());
  }
  safeguarding::indicators::v1::Indicator Of(const std::string& id, CivilDay first, CivilDay last) {
    for (const IndicatorQuery& query : Indicators()) {
      if (query.definition.id() != id) continue;
      const auto indicator = Compute(harness_.Database(), query,
                                     {"barnet", first, last, StartOfDay(first), EndOfDay(last)});
      EXPECT_TRUE(indicator.ok()) << id << " " << indicator.status();
      return indicator.value_or(safeguarding::indicators::v1::Indicator());
    }
    ADD_FAILURE() << "no indicator " << id;
    return {};
  }
  std::string Figure(const std::string& id, CivilDay first, CivilDay last) {
    const auto indicator = Of(id, first, last);
    return indicator.total().denominator() == 0
               ? absl::StrCat(indicator.total().numerator())
               : absl::StrCat(indicator.total().numerator(), "/", indicator.total().denominator());
  }
  void EndPlan(const std::string& plan, const std::string& reason) {
    auto request =
        ConferencesFixture::Of<pb::EndPlanRequest>(Plan(plan), "reason: PLAN_END_REASON_" + reason);
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
  EXPECT_THAT(stocks, ::testing::ElementsAre(0, 2, 2, 2, 2));
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

}  // namespace
}  // namespace lscp::child_protection
