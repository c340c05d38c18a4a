#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/exploitation_flag.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "child_protection/missing_episode.h"

namespace lscp::child_protection {
namespace {

const char kSource[] = "Improvement report, vulnerable adolescents dataset";
const char kWords[] =
    "Young people who in the period were missing, open to a SEAM, or flagged for sexual "
    "exploitation or gangs, and were under 18 at its end or have no date of birth; not children "
    "whom another authority placed here and who are known for being missing only.";

// The rows of a table that lay in the period, as a strand of the dataset.
std::string Strand(const char* name, const char* table, const IndicatorSpan& span,
                   const std::string& which) {
  return absl::StrCat("SELECT x.borough, x.child, '", name, "' AS strand FROM ", table, " x WHERE ",
                      OfBorough("x"), " AND ", which, " AND ", span.During());
}

std::string FlagStrand(const char* name, pb::ExploitationTheme theme) {
  return Strand(name, "exploitation_flags", {"x.started_on", "x.ended_on"},
                absl::StrCat("x.state <> ", int{pb::ExploitationFlag::STATE_VOID},
                             " AND x.theme = ", int{theme}));
}

std::string Dataset() {
  const std::string missing = absl::StrCat("x.state <> ", int{pb::MissingEpisode::STATE_VOID},
                                           " AND x.kind = ", int{pb::MISSING_KIND_MISSING},
                                           " AND NOT x.placed_here_by_other");
  return absl::StrCat("(",
                      Strand("MISSING", "missing_episodes",
                             {"x.missing_at", "x.found_at", /*instants=*/true}, missing),
                      " UNION ", FlagStrand("SEXUAL_EXPLOITATION", pb::EXPLOITATION_THEME_SEXUAL),
                      " UNION ", FlagStrand("GANGS", pb::EXPLOITATION_THEME_GANGS), " UNION ",
                      Strand("SEAM", "seam_episodes", {"x.started_on", "x.ended_on"}, "TRUE"), ")");
}

Part Strands() { return {"strand", "y.strand", /*overlapping=*/true}; }

Part StrandsBySex() {
  return {"strand_and_sex",
          absl::StrCat("CONCAT(y.strand, ' ', COALESCE(", Sex().key, ", 'NOT_RECORDED'))"),
          /*overlapping=*/true};
}

Statement YoungPeople() {
  return {.id = "vulnerable_young_people",
          .title = "Young people in the vulnerable adolescents dataset",
          .cohort = kWords,
          .numerator = "Young people, each once; age at the end of the period.",
          .reports = {"R12"},
          .source = kSource,
          .from = WithChild(Dataset(), "y"),
          .where = "(c.birth_date IS NULL OR TIMESTAMPDIFF(YEAR, c.birth_date, {last_day}) < 18)",
          .parts = {Strands(), StrandsBySex(), Sex(), AdolescentAge("{last_day}")},
          .each = ChildOf("y")};
}

// Rows `x` of a table about the same child, whatever the record.
Statement Share(const char* id, const char* title, const char* numerator, const std::string& table,
                const std::string& which) {
  Statement statement =
      ShareOf(YoungPeople(), numerator,
              absl::StrCat("EXISTS (SELECT 1 FROM ", table,
                           " x JOIN children k ON k.borough = x.borough AND k.id = x.child WHERE ",
                           "k.borough = y.borough AND k.survivor = c.id AND ", which, ")"));
  statement.id = id;
  statement.title = title;
  statement.parts = {Strands()};
  return statement;
}

Statement Nominations() {
  return {.id = "panel_nominations",
          .title = "Children nominated to panels",
          .cohort = "Nominations to panels in the period, those declined among them.",
          .numerator = "Nominations, once for each child and panel.",
          .reports = {"R12"},
          .source = kSource,
          .from = WithChild("panel_cases", "a"),
          .where = absl::StrCat(OfBorough("a"), " AND ", InPeriod("a.nominated_at")),
          .parts = {{"panel", "a.panel"}, {"agency", "a.nominating_agency"}, Sex()}};
}

}  // namespace

std::vector<IndicatorQuery> VulnerableAdolescentIndicators() {
  const IndicatorSpan plan = {"x.started_on", "x.ended_on"};
  return {
      QueryOf(YoungPeople()),
      QueryOf(Share("vulnerable_young_people_with_seam",
                    "Vulnerable young people with a SEAM meeting",
                    "Those about whom a SEAM meeting was held in the period.",
                    "(SELECT s.borough, s.child, w.held_on FROM seam_meetings w JOIN seam_episodes "
                    "s ON s.borough = w.borough AND s.id = w.episode)",
                    OnDayOfPeriod("x.held_on"))),
      QueryOf(Share("vulnerable_young_people_in_need",
                    "Vulnerable young people with a child in need plan",
                    "Those who had a child in need plan at some time of the period.",
                    "child_in_need_plans", plan.During())),
      QueryOf(Share("vulnerable_young_people_on_protection_plan",
                    "Vulnerable young people with a protection plan",
                    "Those who had a child protection plan at some time of the period.",
                    "protection_plans", plan.During())),
      QueryOf(Share("vulnerable_young_people_in_care", "Vulnerable young people in care",
                    "Those whom the borough looked after at some time of the period, also for "
                    "short breaks.",
                    "care_periods", plan.During())),
      QueryOf(Nominations()),
  };
}

}  // namespace lscp::child_protection
