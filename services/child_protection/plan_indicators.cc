#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "child_protection/plan.h"
#include "safeguarding/child_protection/v1/plans_service.pb.h"

namespace lscp::child_protection {
namespace {

namespace pb = safeguarding::child_protection::v1;

const char kOnPlanWords[] = "Children who have a child protection plan at the end of the period.";
const char kStartedWords[] = "Child protection plans that started in the period.";
const char kEndedWords[] = "Child protection plans that ended in the period.";
const char kSource[] =
    "CIN census, child protection plans; improvement report and annual report, child protection";

Part Category() { return {"category", NameSql<pb::PlanCategory>("p.latest_category")}; }
Part FirstCategory() { return {"category", NameSql<pb::PlanCategory>("p.initial_category")}; }
Part Disabled() {
  return {"disabled",
          "CASE WHEN c.disabled IS NULL THEN NULL WHEN c.disabled THEN 'YES' ELSE 'NO' END"};
}

std::string TwoYears(const std::string& until) {
  return absl::StrCat("p.started_on <= DATE_SUB(", until, ", INTERVAL 2 YEAR)");
}

Statement Count(const char* id, const char* title, const char* cohort, const std::string& when,
                std::vector<Part> parts, std::vector<const char*> also = {}) {
  also.insert(also.end(), {"R8", "Q10"});
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Plans; a child has one at most at a time.",
          .reports = std::move(also),
          .source = kSource,
          .from = Plans(),
          .where = absl::StrCat(OfBorough("p"), " AND ", when),
          .parts = std::move(parts)};
}

Statement Started(const char* id, const char* title, std::vector<Part> parts,
                  std::vector<const char*> also = {}) {
  return Count(id, title, kStartedWords, kPlanSpan.Came(), std::move(parts), std::move(also));
}

Statement Ended(const char* id, const char* title, std::vector<Part> parts,
                std::vector<const char*> also = {}) {
  return Count(id, title, kEndedWords, kPlanSpan.Went(), std::move(parts), std::move(also));
}

Statement OnPlan(const char* id, const char* title, std::vector<Part> parts,
                 std::vector<const char*> also = {}) {
  return StockOf(Count(id, title, kOnPlanWords, "", std::move(parts), std::move(also)),
                 OfBorough("p"), kPlanSpan);
}

// Six families may have twenty-two of the children.
Statement Families() {
  return {
      .id = "families_with_protection_plans",
      .title = "Families with children on a protection plan",
      .cohort =
          "Families of children who have a child protection plan at the end of the period; "
          "children without a family group are left out.",
      .numerator = "Families.",
      .basis = Definition::BASIS_SNAPSHOT,
      .reports = {"Q10"},
      .source = kSource,
      .from = absl::StrCat("(SELECT p.family_group, COUNT(*) AS n FROM protection_plans p WHERE ",
                           OfBorough("p"), " AND ", kPlanSpan.AtEnd(),
                           " AND p.family_group <> '' GROUP BY p.family_group) g"),
      .where = "TRUE",
      .parts = {{"children", "CASE WHEN g.n < 4 THEN g.n ELSE '4+' END"}}};
}

// A plan counts once though both reviews of a year fall due, and is in time if each of them was.
Statement ReviewedInTime() {
  return {
      .id = "protection_plans_reviewed_in_time",
      .title = "Protection plans reviewed in time",
      .cohort =
          "Child protection plans of which a review fell due in the period; those that ended "
          "before "
          "it was due are left out.",
      .numerator = "Those of which every review that fell due in the period was held by then.",
      .denominator = "All of the cohort.",
      .unit = Definition::UNIT_PERCENT,
      .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
      .reports = {"A10", "R8", "Q9"},
      .source = "Board's indicators, A10; Working Together to Safeguard Children, chapter 3",
      .from = absl::StrCat("(SELECT p.team, MIN(COALESCE(", kClockMet, ", 0)) AS in_time FROM ",
                           ClockSql("protectionPlans", "protection_plans", "p"),
                           " WHERE t.borough = {borough} AND t.rule IN ('", kFirstReview.id, "', '",
                           kLaterReview.id, "') AND ", FallsDueInPeriod("t.due_at"),
                           " AND (t.cancelled_at IS NULL OR t.cancelled_at > t.due_at) GROUP BY "
                           "p.borough, p.id, p.team) g"),
      .where = "TRUE",
      .adds = "g.in_time",
      .parts = {TeamOf("g")}};
}

}  // namespace

std::vector<IndicatorQuery> PlanIndicators() {
  const auto lower = Definition::POLARITY_LOWER_IS_BETTER;
  const Part age_at_start = ProtectionAge("p.started_on");
  const Part destination = {"destination", NameSql<pb::PlanDestination>("p.destination")};
  const Part reason = {"reason", NameSql<pb::PlanEndReason>("p.end_reason")};
  return {
      QueryOf(OnPlan("children_on_protection_plan", "Children on a protection plan",
                     {Category(), ProtectionAge("{last_day}"), Disabled(),
                      PlanDuration("p.started_on", "{last_day}"), TeamOf("p")},
                     {"A5"})),
      QueryOf(ShareOf(
          OnPlan("protection_plans_of_two_years", "Plans of two years or more", {TeamOf("p")}),
          "Those whose plan started two years or more before.", TwoYears("{last_day}"), lower)),
      QueryOf(Families()),
      QueryOf(Started("protection_plans_started", "Protection plans started",
                      {FirstCategory(), age_at_start}, {"A6"})),
      QueryOf(ShareOf(Started("protection_plans_subsequent",
                              "Second or subsequent protection plans", {age_at_start}, {"A7"}),
                      "Those of a child who had a plan in this borough before, ever.",
                      "p.previous_plans > 0")),
      QueryOf(ShareOf(Started("protection_plans_subsequent_within_two_years",
                              "Protection plans within two years of another", {age_at_start}),
                      "Those of a child whose last plan in this borough ended less than two years "
                      "before.",
                      "p.previous_within_two_years", lower)),
      QueryOf(Ended("protection_plans_ended", "Protection plans ended",
                    {destination, reason, PlanDuration("p.started_on", "p.ended_on")}, {"A8"})),
      QueryOf(
          ShareOf(Ended("protection_plans_ended_after_two_years",
                        "Protection plans of two years or more that ended", {destination}, {"A9"}),
                  "Those that had lasted two years or more.", TwoYears("p.ended_on"), lower)),
      QueryOf(ReviewedInTime()),
  };
}

}  // namespace lscp::child_protection
