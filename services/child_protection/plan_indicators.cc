#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicators.h"
#include "child_protection/plan_sql.h"
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
Part Team() { return {"team", "p.team"}; }
Part Disabled() {
  return {"disabled",
          "CASE WHEN c.disabled IS NULL THEN NULL WHEN c.disabled THEN 'YES' ELSE 'NO' END"};
}

// Age of child `c` on a day, in the bands that boroughs report.
std::string AgeSql(const std::string& day) {
  const std::string years = absl::StrCat("TIMESTAMPDIFF(YEAR, c.birth_date, ", day, ")");
  return absl::StrCat(
      "CASE WHEN c.birth_date IS NULL AND c.expected_birth_date IS NULL THEN NULL"
      " WHEN c.birth_date IS NULL OR c.birth_date > ",
      day, " THEN 'unborn' WHEN ", years, " < 1 THEN 'under 1' WHEN ", years,
      " <= 5 THEN '1-5' WHEN ", years, " <= 10 THEN '6-10' WHEN ", years,
      " <= 15 THEN '11-15' ELSE '16+' END");
}

// The bands that boroughs report.
Part Duration(const std::string& until) {
  const auto shorter = [&](const char* span, const char* band) {
    return absl::StrCat(" WHEN p.started_on > DATE_SUB(", until, ", INTERVAL ", span, ") THEN '",
                        band, "'");
  };
  return {"duration", absl::StrCat("CASE", shorter("3 MONTH", "<3 months"),
                                   shorter("6 MONTH", "<6 months"), shorter("1 YEAR", "<1 year"),
                                   shorter("2 YEAR", "<2 years"), " ELSE '2+ years' END")};
}

std::string TwoYears(const std::string& until) {
  return absl::StrCat("p.started_on <= DATE_SUB(", until, ", INTERVAL 2 YEAR)");
}

Statement Count(const char* id, const char* title, const char* cohort, const char* where,
                std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Plans; a child has one at most at a time.",
          .reports = {"R8", "Q10"},
          .source = kSource,
          .from = kPlans,
          .where = where,
          .parts = std::move(parts)};
}

Statement Share(Statement cohort, const char* numerator, std::string adds,
                Definition::Polarity polarity) {
  cohort.numerator = numerator;
  cohort.denominator = "All of the cohort.";
  cohort.unit = Definition::UNIT_PERCENT;
  cohort.polarity = polarity;
  cohort.adds = std::move(adds);
  return cohort;
}

Statement OnPlan(const char* id, const char* title, std::vector<Part> parts) {
  Statement statement = Count(id, title, kOnPlanWords, kOnPlan, std::move(parts));
  statement.basis = Definition::BASIS_SNAPSHOT;
  return statement;
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
                           kOnPlan, " AND p.family_group <> '' GROUP BY p.family_group) g"),
      .where = "TRUE",
      .parts = {{"children", "CASE WHEN g.n < 4 THEN g.n ELSE '4+' END"}}};
}

}  // namespace

std::vector<IndicatorQuery> PlanIndicators() {
  const auto neutral = Definition::POLARITY_NEUTRAL;
  const auto lower = Definition::POLARITY_LOWER_IS_BETTER;
  const Part age = {"age", AgeSql("{last_day}")};
  const Part age_at_start = {"age", AgeSql("p.started_on")};
  const Part destination = {"destination", NameSql<pb::PlanDestination>("p.destination")};
  const Part reason = {"reason", NameSql<pb::PlanEndReason>("p.end_reason")};
  return {
      QueryOf(OnPlan("children_on_protection_plan", "Children on a protection plan",
                     {Category(), age, Disabled(), Duration("{last_day}"), Team()})),
      QueryOf(Share(OnPlan("protection_plans_of_two_years", "Plans of two years or more", {Team()}),
                    "Those whose plan started two years or more before.", TwoYears("{last_day}"),
                    lower)),
      QueryOf(Families()),
      QueryOf(Count("protection_plans_started", "Protection plans started", kStartedWords, kStarted,
                    {FirstCategory(), age_at_start})),
      QueryOf(Share(Count("protection_plans_subsequent", "Second or subsequent protection plans",
                          kStartedWords, kStarted, {age_at_start}),
                    "Those of a child who had a plan in this borough before, ever.",
                    "p.previous_plans > 0", neutral)),
      QueryOf(Share(
          Count("protection_plans_subsequent_within_two_years",
                "Protection plans within two years of another", kStartedWords, kStarted,
                {age_at_start}),
          "Those of a child whose last plan in this borough ended less than two years before.",
          "p.previous_within_two_years", lower)),
      QueryOf(Count("protection_plans_ended", "Protection plans ended", kEndedWords, kEnded,
                    {destination, reason, Duration("p.ended_on")})),
      QueryOf(Share(Count("protection_plans_ended_after_two_years",
                          "Protection plans of two years or more that ended", kEndedWords, kEnded,
                          {destination}),
                    "Those that had lasted two years or more.", TwoYears("p.ended_on"), lower)),
  };
}

}  // namespace lscp::child_protection
