#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/indicators.h"
#include "common/indicators/statement.h"
#include "safeguarding/child_death_reviews/v1/codes.pb.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/panel_codes.pb.h"

namespace lscp::child_death_reviews {
namespace {

namespace pb = safeguarding::child_death_reviews::v1;
using Part = IndicatorPart;
using Statement = IndicatorStatement;
using pb::DeathReview;

const char kSource[] =
    "Child Death Review: statutory and operational guidance (2018); the partners' annual report";

const IndicatorSpan kSpan = {"r.notified_on", "r.completed_on"};

std::string Counted() {
  return absl::StrCat(
      "r.borough = {borough} AND r.state NOT IN (", int{DeathReview::STATE_OUT_OF_SCOPE}, ", ",
      int{DeathReview::STATE_HANDED_OVER}, ", ", int{DeathReview::STATE_MERGED}, ")");
}

Part Sex() { return {"sex", NameSql<pb::Sex>("r.sex")}; }
Part Category() { return {"category", NameSql<pb::DeathCategory>("r.category")}; }

// The bands of the national child mortality database.
Part Age() {
  return {"age",
          "CASE WHEN r.birth_date IS NULL OR r.birth_date > r.death_date THEN NULL"
          " WHEN DATEDIFF(r.death_date, r.birth_date) < 28 THEN 'UNDER_28_DAYS'"
          " WHEN TIMESTAMPDIFF(YEAR, r.birth_date, r.death_date) < 1 THEN 'UNDER_1'"
          " WHEN TIMESTAMPDIFF(YEAR, r.birth_date, r.death_date) < 5 THEN '1_TO_4'"
          " WHEN TIMESTAMPDIFF(YEAR, r.birth_date, r.death_date) < 10 THEN '5_TO_9'"
          " WHEN TIMESTAMPDIFF(YEAR, r.birth_date, r.death_date) < 15 THEN '10_TO_14'"
          " ELSE '15_TO_17' END"};
}

// From April to March: "2024-25".
Part NotificationYear() {
  return {"notification_year",
          "CONCAT(YEAR(r.notified_on) - (MONTH(r.notified_on) < 4), '-', LPAD((YEAR(r.notified_on) "
          "+ (MONTH(r.notified_on) >= 4)) % 100, 2, '0'))"};
}

Part MonthsOpen() {
  const char kMonths[] =
      "TIMESTAMPDIFF(MONTH, r.notified_on, DATE_ADD({last_day}, INTERVAL 1 DAY))";
  return {"months_open", absl::StrCat("CASE WHEN ", kMonths, " < 6 THEN 'UNDER_6' WHEN ", kMonths,
                                      " < 12 THEN '6_TO_11' WHEN ", kMonths,
                                      " < 24 THEN '12_TO_23' ELSE '24_AND_MORE' END")};
}

Statement Deaths(const char* id, const char* title, const char* cohort, std::string where,
                 std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Children, each once.",
          .reports = {"Q16"},
          .source = kSource,
          .from = "death_reviews r",
          .where = absl::StrCat(Counted(), " AND ", where),
          .parts = std::move(parts)};
}

Statement Share(Statement cohort, const char* numerator, std::string adds,
                IndicatorDefinition::Polarity polarity) {
  cohort.unit = IndicatorDefinition::UNIT_PERCENT;
  cohort.numerator = numerator;
  cohort.denominator = "All of the cohort.";
  cohort.adds = std::move(adds);
  cohort.polarity = polarity;
  return cohort;
}

Statement Reviewed(const char* id, const char* title, std::vector<Part> parts) {
  return Deaths(id, title, "Deaths whose analysis the panel agreed in the period.",
                OnDayOfPeriod("r.reviewed_on"), std::move(parts));
}

Statement Completed(const char* id, const char* title) {
  return Deaths(id, title, "Deaths whose review was completed in the period.",
                OnDayOfPeriod("r.completed_on"), {NotificationYear(), Sex()});
}

Statement Open() {
  Statement statement = StockOf(
      Deaths("death_reviews_open", "Child death reviews that are open",
             "Deaths that were notified, and whose review is not completed at the end of the "
             "period.",
             "", {MonthsOpen(), NotificationYear()}),
      Counted(), kSpan);
  statement.polarity = IndicatorDefinition::POLARITY_LOWER_IS_BETTER;
  return statement;
}

Statement Panels() {
  return {.id = "death_panels_held",
          .title = "Meetings of the child death overview panel",
          .cohort = "Meetings that were held in the period, by the borough that holds them.",
          .numerator = "Meetings.",
          .reports = {"Q16"},
          .source = kSource,
          .from = "death_panels p",
          .where = absl::StrCat("p.borough = {borough} AND ", OnDayOfPeriod("p.held_on")),
          .parts = {{"theme", NameSql<pb::PanelTheme>("p.theme")},
                    {"quorate", "IF(p.quorate, 'YES', 'NO')"}}};
}

}  // namespace

std::vector<IndicatorQuery> DeathIndicators() {
  return {
      QueryOf(Deaths("deaths_notified", "Deaths of children notified",
                     "Deaths that were first notified in the period.",
                     OnDayOfPeriod("r.notified_on"),
                     {Sex(),
                      Age(),
                      {"ethnicity", NameSql<pb::Ethnicity>("r.ethnicity")},
                      {"place", NameSql<pb::PlaceKind>("r.death_place_kind")},
                      {"expectedness", NameSql<pb::Expectedness>("r.expectedness")}})),
      QueryOf(Reviewed("deaths_reviewed", "Deaths reviewed by the panel",
                       {Sex(),
                        Age(),
                        Category(),
                        {"modifiability", NameSql<pb::Modifiability>("r.modifiability")},
                        {"theme", NameSql<pb::PanelTheme>("r.panel_theme")},
                        NotificationYear()})),
      QueryOf(Share(Reviewed("deaths_with_modifiable_factors", "Deaths with modifiable factors",
                             {Category()}),
                    "Those in which the panel identified at least one.",
                    absl::StrCat("r.modifiability = ", int{pb::MODIFIABILITY_IDENTIFIED}),
                    IndicatorDefinition::POLARITY_NEUTRAL)),
      QueryOf(Completed("death_reviews_completed", "Child death reviews completed")),
      QueryOf(Share(Completed("death_reviews_completed_within_six_months",
                              "Child death reviews completed within six months of the death"),
                    "Those completed within six months of the death.",
                    "r.completed_on <= DATE_ADD(r.death_date, INTERVAL 6 MONTH)",
                    IndicatorDefinition::POLARITY_HIGHER_IS_BETTER)),
      QueryOf(Open()),
      QueryOf(Panels()),
  };
}

}  // namespace lscp::child_death_reviews
