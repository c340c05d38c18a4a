#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "child_protection/proceeding.h"

namespace lscp::child_protection {
namespace {

const char kSource[] = "Improvement report, plan dashboard 4b(ii) and 6a(vii)";
const char kEndedInCourt[] = "Care proceedings that ended in the period, one for each child.";

// Before court until the application, or until it is decided to step down.
const IndicatorSpan kPre = {"p.started_on", "COALESCE(p.issued_on, p.ended_on)"};
const IndicatorSpan kCourt = {"p.issued_on", "p.ended_on"};

Statement Count(const char* id, const char* title, const char* cohort, const std::string& when,
                std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Proceedings, one for each child.",
          .reports = {"R16"},
          .source = kSource,
          .from = "proceedings p",
          .where = absl::StrCat(OfBorough("p"), " AND ", when),
          .parts = std::move(parts)};
}

Statement PreEnded(const char* id, const char* title) {
  return Count(id, title, "Pre-proceedings that ended in the period: stepped down, or in court.",
               absl::StrCat("p.started_on IS NOT NULL AND ", kPre.Went()),
               {{"outcome", NameSql<pb::PreProceedingsOutcome>("p.outcome")}, TeamOf("p")});
}

Statement CourtEnded(const char* id, const char* title) {
  return Count(id, title, kEndedInCourt,
               absl::StrCat("p.issued_on IS NOT NULL AND ", kCourt.Went()), {TeamOf("p")});
}

// An order of a child; proceedings may end with several.
Statement Orders() {
  return {.id = "court_orders_made",
          .title = "Outcomes of care proceedings",
          .cohort = kEndedInCourt,
          .numerator = "Final orders; several may end the proceedings of one child.",
          .reports = {"R16"},
          .source = kSource,
          .from =
              "proceeding_orders o JOIN proceedings p ON p.borough = o.borough AND p.id = "
              "o.proceeding",
          .where = absl::StrCat(OfBorough("p"), " AND ", kCourt.Went()),
          .parts = {{"order", NameSql<pb::CourtOrder>("o.court_order")}, TeamOf("p")}};
}

}  // namespace

std::vector<IndicatorQuery> ProceedingIndicators() {
  const auto lower = Definition::POLARITY_LOWER_IS_BETTER;
  const auto higher = Definition::POLARITY_HIGHER_IS_BETTER;
  const std::string begun = absl::StrCat(OfBorough("p"), " AND p.started_on IS NOT NULL");
  const std::string issued = absl::StrCat(OfBorough("p"), " AND p.issued_on IS NOT NULL");
  return {
      QueryOf(StockOf(Count("children_in_pre_proceedings", "Children in pre-proceedings",
                            "Pre-proceedings that are open at the end of the period: begun, not "
                            "stepped down, not in court.",
                            "", {TeamOf("p")}),
                      begun, kPre)),
      QueryOf(Count("pre_proceedings_started", "Pre-proceedings begun",
                    "Pre-proceedings that began in the period.", kPre.Came(), {TeamOf("p")})),
      QueryOf(PreEnded("pre_proceedings_ended", "Pre-proceedings ended")),
      QueryOf(ShareOf(PreEnded("pre_proceedings_to_court", "From pre-proceedings to court"),
                      "Those that ended with an application to court.", "p.issued_on IS NOT NULL")),
      QueryOf(MeanOf(PreEnded("pre_proceedings_days", "Days in pre-proceedings"),
                     "Days from the first day to the application or to the end.",
                     "DATEDIFF(COALESCE(p.issued_on, p.ended_on), p.started_on)", lower)),
      QueryOf(StockOf(
          Count("children_in_care_proceedings", "Children in care proceedings",
                "Care proceedings that are open at the end of the period.", "", {TeamOf("p")}),
          issued, kCourt)),
      QueryOf(
          Count("care_proceedings_issued", "Care proceedings issued",
                "Applications to court in the period, one for each child.", kCourt.Came(),
                {{"after_pre_proceedings", "IF(p.started_on IS NULL, 'NO', 'YES')"}, TeamOf("p")})),
      QueryOf(CourtEnded("care_proceedings_ended", "Care proceedings ended")),
      QueryOf(MeanOf(
          CourtEnded("care_proceedings_days", "Days in care proceedings; divided by 7, the weeks"),
          "Days from the application to the final orders.", "DATEDIFF(p.ended_on, p.issued_on)",
          lower)),
      QueryOf(ShareOf(
          CourtEnded("care_proceedings_within_26_weeks", "Care proceedings ended within 26 weeks"),
          "Those that ended by the last day of the 26 weeks after the application.",
          absl::StrCat("DATEDIFF(p.ended_on, p.issued_on) <= ", kCareProceedings.due_after.count),
          higher)),
      QueryOf(Orders()),
  };
}

}  // namespace lscp::child_protection
