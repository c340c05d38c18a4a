#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/death_review.h"
#include "child_death_reviews/indicators.h"
#include "child_death_reviews/reporting_form.h"
#include "common/indicators/statement.h"

namespace lscp::child_death_reviews {
namespace {

// Of what a rule's clocks were to bring about and fell due in the period, the share that was in
// time. A clock that was cancelled before it was due is not among them.
IndicatorQuery InTime(const char* id, const char* title, const char* cohort, const char* rule,
                      std::string from) {
  return QueryOf(
      {.id = id,
       .title = title,
       .cohort = cohort,
       .numerator = "Those done by then.",
       .denominator = "All of the cohort.",
       .unit = IndicatorDefinition::UNIT_PERCENT,
       .polarity = IndicatorDefinition::POLARITY_HIGHER_IS_BETTER,
       .reports = {"Q16"},
       .source = "Child Death Review: statutory and operational guidance (2018); area setting",
       .from = std::move(from),
       .where = absl::StrCat("t.borough = {borough} AND t.rule = '", rule, "' AND ",
                             FallsDueInPeriod("t.due_at"),
                             " AND (t.cancelled_at IS NULL OR t.cancelled_at > t.due_at)"),
       .adds = kClockMet});
}

}  // namespace

std::vector<IndicatorQuery> TimelinessIndicators() {
  return {
      InTime("deaths_notified_in_time", "Deaths notified to the partners in time",
             "Deaths of which the partners were to be told by a time in the period.",
             kDeathNotification, ClockSql("deathReviews", "death_reviews", "r")),
      InTime("national_death_notifications_in_time",
             "Deaths notified to the national child mortality database in time",
             "Deaths of which the national database was to be told by a time in the period.",
             kNationalNotification, ClockSql("deathReviews", "death_reviews", "r")),
      InTime("reporting_forms_in_time", "Reporting forms returned in time",
             "Reporting forms that agencies owed by a time in the period.", kReportingForm,
             ClockSql("reportingForms", "reporting_forms", "f")),
  };
}

}  // namespace lscp::child_death_reviews
