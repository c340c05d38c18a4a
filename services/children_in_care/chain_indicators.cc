#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "children_in_care/indicators.h"
#include "common/indicators/statement.h"
#include "safeguarding/children_in_care/v1/codes.pb.h"
#include "safeguarding/referrals/v1/codes.pb.h"

namespace lscp::children_in_care {
namespace {

namespace pb = safeguarding::children_in_care::v1;
namespace register_pb = safeguarding::referrals::v1;
using Definition = IndicatorDefinition;
using Part = IndicatorPart;
using Statement = IndicatorStatement;

const char kSource[] = "Children looked after return (SSDA903)";
const IndicatorSpan kPeriod = {"p.started_on", "p.ended_on"};
// Periods of care of the borough that are not of short breaks.
const char kPeriods[] = "p.borough = {borough} AND NOT p.short_breaks";

// Periods with what the register says of the child: `c`, the record left when several were merged.
std::string Periods() {
  return "care_periods p LEFT JOIN children r ON r.borough = p.borough AND r.id = p.child LEFT "
         "JOIN children c ON c.borough = r.borough AND c.id = r.survivor";
}

// There on the last day, of the rows `x` of the child of a period.
std::string OnLastDay() {
  return "x.borough = p.borough AND x.record = p.record AND x.started_on <= {last_day} AND "
         "(x.ended_on IS NULL OR x.ended_on > {last_day})";
}

// Of the lasting placement on the last day.
std::string OfPlacement(const std::string& value) {
  return absl::StrCat("(SELECT ", value, " FROM care_placements x WHERE ", OnLastDay(),
                      " AND x.lasting LIMIT 1)");
}

Part Sex() { return {"sex", NameSql<register_pb::Sex>("c.sex")}; }
Part Ethnicity() { return {"ethnicity", NameSql<register_pb::Ethnicity>("c.ethnicity")}; }

// The bands of the national statistics of children looked after.
Part Age(const std::string& day) {
  std::string sql = "CASE WHEN c.birth_date IS NULL THEN NULL";
  for (const auto& [below, name] : std::vector<std::pair<int, const char*>>{
           {1, "under 1"}, {5, "1-4"}, {10, "5-9"}, {16, "10-15"}}) {
    absl::StrAppend(&sql, " WHEN TIMESTAMPDIFF(YEAR, c.birth_date, ", day, ") < ", below, " THEN '",
                    name, "'");
  }
  return {"age", sql + " ELSE '16+' END"};
}

Part LegalStatus() {
  return {"legal_status", absl::StrCat("(SELECT ", NameSql<pb::LegalStatus>("x.legal_status"),
                                       " FROM care_episodes x WHERE ", OnLastDay(), " LIMIT 1)")};
}
Part PlacementType() {
  return {"placement_type", OfPlacement(NameSql<pb::PlacementType>("x.type"))};
}
Part Area() {
  return {"area", OfPlacement("CASE WHEN x.at_a_distance THEN 'AT_A_DISTANCE' WHEN x.out_of_area "
                              "THEN 'ADJOINING' ELSE 'IN_THE_BOROUGH' END")};
}
Part TimeInCare() {
  return {"time_in_care",
          "CASE WHEN p.started_on > DATE_SUB({last_day}, INTERVAL 6 MONTH) THEN '<6 months' WHEN "
          "p.started_on > DATE_SUB({last_day}, INTERVAL 1 YEAR) THEN '<1 year' WHEN p.started_on > "
          "DATE_SUB({last_day}, INTERVAL 2 YEAR) THEN '<2 years' ELSE '2+ years' END"};
}

Statement InCare() {
  Statement statement = {
      .id = "children_in_care",
      .title = "Children in care",
      .cohort =
          "Children who are looked after at the end of the period, not those on short breaks.",
      .numerator = "Children; a child has one open period of care at most.",
      .reports = {"R9", "Q15"},
      .source = kSource,
      .from = Periods(),
      .parts = {LegalStatus(), PlacementType(), Area(), TimeInCare(), Sex(), Age("{last_day}"),
                Ethnicity()}};
  return StockOf(std::move(statement), kPeriods, kPeriod);
}

// A share of the children in care, of those for whom `only` holds.
Statement ShareOfChildren(const char* id, const char* title, const char* cohort,
                          const char* numerator, std::string adds, const std::string& only = "TRUE",
                          Definition::Polarity polarity = Definition::POLARITY_LOWER_IS_BETTER) {
  Statement statement = InCare();
  statement.id = id;
  statement.title = title;
  statement.cohort = cohort;
  statement.numerator = numerator;
  statement.denominator = "All of the cohort.";
  statement.unit = Definition::UNIT_PERCENT;
  statement.polarity = polarity;
  statement.reports = {"R9"};
  statement.where += absl::StrCat(" AND ", only);
  statement.adds = std::move(adds);
  statement.parts = {Sex(), Age("{last_day}")};
  statement.came.clear();
  statement.went.clear();
  return statement;
}

const char kEverybody[] =
    "Children who are looked after at the end of the period, not those on short breaks.";

// Three placements or more in a span that ends with the period.
std::string ThreePlacementsSince(const std::string& first) {
  return absl::StrCat(
      "(SELECT COUNT(*) FROM care_placements x WHERE x.borough = p.borough AND x.record = p.record "
      "AND x.lasting AND x.started_on <= {last_day} AND (x.ended_on IS NULL OR x.ended_on > ",
      first, ")) >= 3");
}

// The first of April on or before the last day.
const char kFirstOfApril[] =
    "STR_TO_DATE(CONCAT(YEAR({last_day}) - (MONTH({last_day}) < 4), '-04-01'), '%Y-%m-%d')";

Statement Movement(const char* id, const char* title, const char* cohort, std::string which,
                   std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Periods of care; a child may have several.",
          .reports = {"R9"},
          .source = kSource,
          .from = Periods(),
          .where = absl::StrCat(kPeriods, " AND ", which),
          .parts = std::move(parts)};
}

Statement Started() {
  return Movement("care_started", "Children who came into care",
                  "Periods of care that started in the period, not of short breaks.",
                  kPeriod.Came(),
                  {{"need", NameSql<pb::NeedCategory>("p.need")},
                   {"legal_status", NameSql<pb::LegalStatus>("p.first_legal_status")},
                   Sex(),
                   Age("p.started_on"),
                   Ethnicity()});
}

Statement StartedShare(const char* id, const char* title, const char* numerator, std::string adds,
                       std::vector<const char*> reports) {
  Statement statement = Started();
  statement.id = id;
  statement.title = title;
  statement.numerator = numerator;
  statement.denominator = "All of the cohort.";
  statement.unit = Definition::UNIT_PERCENT;
  statement.reports = std::move(reports);
  statement.adds = std::move(adds);
  statement.parts = {Sex(), Age("p.started_on")};
  return statement;
}

}  // namespace

std::vector<IndicatorQuery> ChainIndicators() {
  return {
      QueryOf(InCare()),
      QueryOf(Started()),
      QueryOf(Movement("care_ended", "Children who left care",
                       "Periods of care that ended in the period, not of short breaks.",
                       kPeriod.Went(),
                       {{"end_reason", NameSql<pb::EpisodeEndReason>("p.end_reason")},
                        Sex(),
                        Age("p.ended_on")})),
      QueryOf(StartedShare(
          "care_started_by_police_protection", "Children who came into care by police protection",
          "Those who were under police protection first.",
          absl::StrCat("p.first_legal_status = ", int{pb::LEGAL_STATUS_POLICE_PROTECTION}),
          {"Q14"})),
      QueryOf(StartedShare(
          "care_started_again_within_12_months", "Children who came into care again",
          "Those whose care had ended within the twelve months before.",
          "EXISTS (SELECT 1 FROM care_periods x WHERE x.borough = p.borough AND x.record = "
          "p.record AND NOT x.short_breaks AND x.started_on < p.started_on AND x.ended_on > "
          "DATE_SUB(p.started_on, INTERVAL 12 MONTH))",
          {"R9"})),
      QueryOf(ShareOfChildren(
          "three_placements_in_12_months", "Three placements or more in twelve months", kEverybody,
          "Those who were in three placements or more in the twelve months to the end of the "
          "period; temporary moves do not count.",
          ThreePlacementsSince("DATE_SUB({last_day}, INTERVAL 12 MONTH)"))),
      QueryOf(ShareOfChildren(
          "three_placements_since_april", "Three placements or more since April", kEverybody,
          "Those who were in three placements or more since the first of April; temporary moves do "
          "not count.",
          ThreePlacementsSince(kFirstOfApril))),
      QueryOf(ShareOfChildren(
          "long_term_stability", "Long-term stability of placements",
          "Children under sixteen who have been looked after for two and a half years at the end "
          "of the period, not those on short breaks.",
          "Those who have been in the same placement for two years; temporary moves do not end it.",
          absl::StrCat("COALESCE(",
                       OfPlacement("x.started_on <= DATE_SUB({last_day}, INTERVAL 2 YEAR)"),
                       ", FALSE)"),
          "p.started_on <= DATE_SUB({last_day}, INTERVAL 30 MONTH) AND "
          "TIMESTAMPDIFF(YEAR, c.birth_date, {last_day}) < 16",
          Definition::POLARITY_HIGHER_IS_BETTER)),
      QueryOf(ShareOfChildren("placed_out_of_area", "Children placed outside the borough",
                              kEverybody, "Those whose placement is in another authority's area.",
                              absl::StrCat("COALESCE(", OfPlacement("x.out_of_area"), ", FALSE)"))),
      QueryOf(ShareOfChildren(
          "placed_over_20_miles", "Children placed more than twenty miles from home",
          "Children who are looked after at the end of the period and whose distance from home is "
          "recorded, not those on short breaks.",
          "Those who are placed more than twenty miles from home.",
          OfPlacement("x.distance_tenths > 200"),
          absl::StrCat(OfPlacement("x.distance_tenths"), " IS NOT NULL"))),
  };
}

}  // namespace lscp::children_in_care
