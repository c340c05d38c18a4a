#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "safeguarding/child_protection/v1/visits_service.pb.h"

namespace lscp::child_protection {
namespace {

namespace pb = safeguarding::child_protection::v1;

const char kOnPlanWords[] = "Children who have a child protection plan at the end of the period.";
const char kSource[] = "Improvement report and annual report, visits and core groups";

Part UnderFive() {
  return {"age",
          "CASE WHEN c.birth_date IS NULL AND c.expected_birth_date IS NULL THEN NULL"
          " WHEN c.birth_date IS NULL OR TIMESTAMPDIFF(YEAR, c.birth_date, {last_day}) < 5"
          " THEN 'under 5' ELSE '5 and over' END"};
}

// The clock of a rule that ran for plan `p` when the period ended.
std::string RunningClock(const char* more) {
  return absl::StrCat(
      "EXISTS (SELECT 1 FROM timescales t WHERE t.subject = CONCAT('boroughs/', p.borough, "
      "'/protectionPlans/', p.id) AND t.rule = 'protection_plan_visit' AND t.started_at < {end} "
      "AND "
      "(t.met_at IS NULL OR t.met_at >= {end}) AND ",
      more, ")");
}

std::string UnsuccessfulInTime() {
  return RunningClock(
      absl::StrCat(
          "EXISTS (SELECT 1 FROM visits v WHERE v.borough = p.borough AND v.plan = p.id AND "
          "v.state = ",
          int{pb::Visit::STATE_UNSUCCESSFUL},
          " AND v.visited_at >= t.started_at AND v.visited_at < t.due_at AND v.visited_at "
          "< {end})")
          .c_str());
}

Statement OnPlan(const char* id, const char* title, const char* numerator, std::string adds) {
  return {.id = id,
          .title = title,
          .cohort = kOnPlanWords,
          .numerator = numerator,
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .basis = Definition::BASIS_SNAPSHOT,
          .reports = {"R8", "Q8"},
          .source = kSource,
          .from = Plans(),
          .where = absl::StrCat(OfBorough("p"), " AND ", kPlanSpan.AtEnd()),
          .adds = std::move(adds),
          .parts = {TeamOf("p"), UnderFive()}};
}

std::string SeenWithin28Days() {
  return absl::StrCat(
      "EXISTS (SELECT 1 FROM visits v WHERE v.borough = p.borough AND v.plan = p.id AND v.state = ",
      int{pb::Visit::STATE_SEEN},
      " AND v.visited_at < {end} AND v.visited_at >= DATE_SUB({end}, INTERVAL 28 DAY))");
}

Statement SeenAlone() {
  return {
      .id = "protection_visits_seen_alone",
      .title = "Visits on which the child was seen alone",
      .cohort = "Visits under a protection plan made in the period on which the child was seen.",
      .numerator = "Those on which the child was seen without parents or carers.",
      .denominator = "All of the cohort.",
      .unit = Definition::UNIT_PERCENT,
      .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
      .reports = {"R8", "Q8"},
      .source = kSource,
      .from = "visits v",
      .where = absl::StrCat("v.borough = {borough} AND ", InPeriod("v.visited_at"),
                            " AND v.state = ", int{pb::Visit::STATE_SEEN},
                            " AND v.basis = ", int{pb::Visit::BASIS_PROTECTION_PLAN}),
      .adds = "v.seen_alone",
      .parts = {{"team", "v.team"}}};
}

Statement CoreGroups() {
  return {.id = "core_groups_in_time",
          .title = "Core groups in time",
          .cohort =
              "Core groups that fell due in the period, one for each plan; those of plans that "
              "ended before are left out.",
          .numerator = "Those held by the day due.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R8", "Q8"},
          .source = kSource,
          .from = ClockSql("protectionPlans", "protection_plans", "p"),
          .where = absl::StrCat("t.borough = {borough} AND t.rule IN ('core_group_first', "
                                "'core_group_later') AND ",
                                FallsDueInPeriod("t.due_at"),
                                " AND (t.cancelled_at IS NULL OR t.cancelled_at > t.due_at)"),
          .adds = kClockMet,
          .parts = {TeamOf("p")}};
}

}  // namespace

std::vector<IndicatorQuery> VisitIndicators() {
  const std::string in_time = RunningClock("t.due_at >= {end}");
  return {
      QueryOf(OnPlan("children_visited_in_time", "Children on a plan who are seen in time",
                     "Those who are not overdue to be seen, by the borough's interval.", in_time)),
      QueryOf(OnPlan("children_visited_in_time_or_attempted",
                     "Children on a plan who are seen, or were visited, in time",
                     "Those who are not overdue to be seen, and those who are but were visited in "
                     "time without being seen.",
                     absl::StrCat("(", in_time, " OR ", UnsuccessfulInTime(), ")"))),
      QueryOf(OnPlan("children_seen_within_four_weeks", "Children on a plan seen within four weeks",
                     "Those seen on a visit under the plan in the last 28 days of the period.",
                     SeenWithin28Days())),
      QueryOf(SeenAlone()),
      QueryOf(CoreGroups()),
  };
}

}  // namespace lscp::child_protection
