#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "children_in_care/indicators.h"
#include "common/indicators/statement.h"
#include "safeguarding/children_in_care/v1/care_reviews_service.pb.h"
#include "safeguarding/children_in_care/v1/care_visits_service.pb.h"

namespace lscp::children_in_care {
namespace {

namespace pb = safeguarding::children_in_care::v1;
using Definition = IndicatorDefinition;

// Late and no record are different things.
IndicatorPart Outcome() {
  return {"outcome", absl::StrCat("CASE WHEN ", kClockMet,
                                  " THEN 'in time' WHEN t.met_at < {end} THEN 'late' WHEN "
                                  "t.cancelled_at < {end} THEN 'ended after the day' ELSE 'no "
                                  "record' END")};
}

// What fell due, by the clocks of these rules.
IndicatorStatement InTime(const char* id, const char* title, const char* cohort, const char* source,
                          std::string from, std::string_view rules) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Those done by the day due.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R9"},
          .source = source,
          .from = std::move(from),
          .where = absl::StrCat("t.borough = {borough} AND t.rule IN (", std::string(rules),
                                ") AND ", FallsDueInPeriod("t.due_at"),
                                " AND (t.cancelled_at IS NULL OR t.cancelled_at > t.due_at)"),
          .adds = kClockMet,
          .parts = {{"team", "t.team"}, Outcome()}};
}

const char kHealthSource[] = "Promoting the health of looked-after children, paragraphs 41 to 53";

IndicatorStatement HealthAssessments(const char* id, const char* title, const char* cohort,
                                     std::string_view rule) {
  return InTime(id, title, cohort, kHealthSource, ClockSql("healthRecords", "health_records", "h"),
                rule);
}

IndicatorStatement Reviews() {
  IndicatorStatement reviews = InTime(
      "care_reviews_in_time", "Reviews of children in care in time",
      "Reviews of children in care that fell due in the period; those of children who left before "
      "are left out.",
      "Care Planning Regulations 2010, regulation 33", ClockSql("careReviews", "care_reviews", "r"),
      "'care_review_first', 'care_review_second', 'care_review_later'");
  reviews.parts.push_back({"rule", "t.rule"});
  return reviews;
}

IndicatorStatement Participation() {
  return {.id = "care_reviews_with_the_child",
          .title = "Reviews in which the child took part",
          .cohort = "Reviews held in the period of children who were four or older.",
          .numerator = "Those in which the child spoke or conveyed views (PN1 to PN3, PN5, PN6).",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R9"},
          .source = "Children looked after return (SSDA903), reviews",
          .from = "care_reviews r",
          .where = absl::StrCat("r.borough = {borough} AND ", OnDayOfPeriod("r.held_on"),
                                " AND r.participation <> ", int{pb::PARTICIPATION_UNDER_FOUR}),
          .adds = absl::StrCat("r.participation NOT IN (", int{pb::PARTICIPATION_SILENT}, ", ",
                               int{pb::PARTICIPATION_ABSENT}, ")"),
          .parts = {{"participation", NameSql<pb::Participation>("r.participation")}}};
}

IndicatorStatement Visits() {
  IndicatorStatement visits =
      InTime("care_visits_in_time", "Visits to children in care in time",
             "Visits to children in care that fell due in the period; those of children who left "
             "before are left out.",
             "Care Planning Regulations 2010, regulation 28",
             ClockSql("visitSchedules", "visit_schedules", "s"), "'care_visit'");
  visits.parts.push_back({"terms", NameSql<pb::VisitTerms>("s.terms")});
  return visits;
}

IndicatorStatement SeenAlone() {
  return {.id = "care_visits_seen_alone",
          .title = "Visits on which a child in care was seen alone",
          .cohort = "Visits to children in care made in the period on which the child was seen.",
          .numerator = "Those on which the child was seen alone.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R9"},
          .source = "Care Planning Regulations 2010, regulation 29",
          .from = "care_visits v",
          .where = absl::StrCat("v.borough = {borough} AND ", InPeriod("v.visited_at"),
                                " AND v.state = ", int{pb::CareVisit::STATE_SEEN}),
          .adds = "v.seen_alone"};
}

}  // namespace

std::vector<IndicatorQuery> DutyIndicators() {
  return {
      QueryOf(HealthAssessments("initial_health_assessments_in_time",
                                "Initial health assessments in time",
                                "Initial health assessments of children in care that fell due in "
                                "the period; those of children who left, or refused, before are "
                                "left out.",
                                "'initial_health_assessment'")),
      QueryOf(HealthAssessments("review_health_assessments_in_time",
                                "Review health assessments in time",
                                "Review health assessments of children in care that fell due in "
                                "the period; those of children who left, or refused, before are "
                                "left out.",
                                "'review_health_assessment'")),
      QueryOf(Reviews()),
      QueryOf(Participation()),
      QueryOf(Visits()),
      QueryOf(SeenAlone()),
  };
}

}  // namespace lscp::children_in_care
