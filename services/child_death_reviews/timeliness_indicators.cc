#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/death_review.h"
#include "child_death_reviews/indicators.h"
#include "child_death_reviews/recommendation.h"
#include "child_death_reviews/reporting_form.h"
#include "child_death_reviews/serious_incident.h"
#include "common/indicators/statement.h"

namespace lscp::child_death_reviews {
namespace {

// Of what a rule's clocks were to bring about and fell due in the period, the share that was in
// time. A clock that was cancelled before it was due is not among them.
IndicatorQuery InTime(const char* id, const char* title, const char* cohort, const char* rule,
                      const char* report, std::string from) {
  return QueryOf(
      {.id = id,
       .title = title,
       .cohort = cohort,
       .numerator = "Those done by then.",
       .denominator = "All of the cohort.",
       .unit = IndicatorDefinition::UNIT_PERCENT,
       .polarity = IndicatorDefinition::POLARITY_HIGHER_IS_BETTER,
       .reports = {report},
       .source = "Child Death Review: statutory and operational guidance (2018); Working Together "
                 "2023, ch. 5; area setting",
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
             kDeathNotification, "Q16", ClockSql("deathReviews", "death_reviews", "r")),
      InTime("national_death_notifications_in_time",
             "Deaths notified to the national child mortality database in time",
             "Deaths of which the national database was to be told by a time in the period.",
             kNationalNotification, "Q16", ClockSql("deathReviews", "death_reviews", "r")),
      InTime("reporting_forms_in_time", "Reporting forms returned in time",
             "Reporting forms that agencies owed by a time in the period.", kReportingForm, "Q16",
             ClockSql("reportingForms", "reporting_forms", "f")),
      InTime("recommendations_in_time", "Recommendations carried out in time",
             "Recommendations that were to be carried out by a time in the period.",
             kRecommendation, "Q17", ClockSql("recommendations", "recommendations", "r")),
      InTime(
          "serious_incidents_notified_in_time", "Serious incidents notified in time",
          "Serious incidents of which the national panel was to be told by a time in the period.",
          kIncidentNotification, "Q17", ClockSql("seriousIncidents", "serious_incidents", "i")),
      InTime("rapid_reviews_in_time", "Rapid reviews completed in time",
             "Rapid reviews that were to be completed by a time in the period.", kRapidReview,
             "Q17", ClockSql("seriousIncidents", "serious_incidents", "i")),
  };
}

}  // namespace lscp::child_death_reviews
