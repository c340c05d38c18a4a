#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "safeguarding/child_protection/v1/child_in_need_plans_service.pb.h"
#include "safeguarding/child_protection/v1/visits_service.pb.h"

namespace lscp::child_protection {
namespace {

namespace pb = safeguarding::child_protection::v1;

const char kSource[] = "Improvement report, child in need page";
const char kEndedWords[] = "Child in need plans that ended in the period.";
const IndicatorSpan kSpan = {"p.started_on", "p.ended_on"};

// The bands that boroughs report.
Part HowLong(const std::string& until) {
  return Duration("p.started_on", until,
                  {{"3 MONTH", "0-3 months"}, {"6 MONTH", "3-6 months"}, {"1 YEAR", "6-12 months"}},
                  ">12 months");
}

Part Destination() { return {"destination", NameSql<pb::CinDestination>("p.destination")}; }

Statement Count(const char* id, const char* title, const char* cohort, const std::string& when,
                std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Plans; a child has one at most at a time.",
          .reports = {"R7"},
          .source = kSource,
          .from = WithChild("child_in_need_plans", "p"),
          .where = absl::StrCat(OfBorough("p"), " AND ", when),
          .parts = std::move(parts)};
}

Statement Open() {
  Statement statement =
      StockOf(Count("child_in_need_plans_open", "Child in need plans",
                    "Child in need plans that are open at the end of the period.", "",
                    {HowLong("{last_day}"), NeedAge("{last_day}"), TeamOf("p")}),
              OfBorough("p"), kSpan);
  statement.reports.push_back("Q15");
  return statement;
}

// The child was seen in the last 28 days of the period, whatever record and plan the visit was
// made under: a child with two plans is not visited twice.
std::string SeenWithin28Days() {
  return absl::StrCat(
      "EXISTS (SELECT 1 FROM visits v JOIN children k ON k.borough = v.borough AND k.id = v.child "
      "WHERE k.borough = p.borough AND k.survivor = c.id AND v.state = ",
      int{pb::Visit::STATE_SEEN},
      " AND v.visited_at < {end} AND v.visited_at >= DATE_SUB({end}, INTERVAL 28 DAY))");
}

Statement Seen() {
  Statement open = Open();
  open.where += " AND NOT p.no_recourse AND NOT p.disability_service";
  open = ShareOf(std::move(open), "Those whose child was seen in the last 28 days of the period.",
                 SeenWithin28Days(), Definition::POLARITY_HIGHER_IS_BETTER);
  open.id = "children_in_need_seen_within_four_weeks";
  open.title = "Children in need seen within four weeks";
  open.cohort =
      "Child in need plans that are open at the end of the period, but for those of families "
      "without recourse to public funds and of the disability service.";
  open.reports = {"R7"};
  open.parts = {TeamOf("p")};
  return open;
}

Statement Escalated() {
  return ShareOf(Count("child_in_need_plans_escalated", "Child in need plans escalated",
                       kEndedWords, kSpan.Went(), {Destination(), TeamOf("p")}),
                 "Those after which the child had a protection plan or was looked after.",
                 IsOneOf("p.destination", {pb::CIN_DESTINATION_CHILD_PROTECTION_PLAN,
                                           pb::CIN_DESTINATION_LOOKED_AFTER}));
}

}  // namespace

std::vector<IndicatorQuery> ChildInNeedIndicators() {
  return {
      QueryOf(Open()),
      QueryOf(Count("child_in_need_plans_started", "Child in need plans started",
                    "Child in need plans that started in the period.", kSpan.Came(),
                    {NeedAge("p.started_on"), TeamOf("p")})),
      QueryOf(Count("child_in_need_plans_ended", "Child in need plans ended", kEndedWords,
                    kSpan.Went(), {Destination(), HowLong("p.ended_on"), TeamOf("p")})),
      QueryOf(Escalated()),
      QueryOf(Seen()),
  };
}

}  // namespace lscp::child_protection
