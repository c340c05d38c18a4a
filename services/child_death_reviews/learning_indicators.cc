#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/indicators.h"
#include "common/indicators/statement.h"
#include "safeguarding/child_death_reviews/v1/recommendations_service.pb.h"
#include "safeguarding/child_death_reviews/v1/serious_incidents_service.pb.h"

namespace lscp::child_death_reviews {
namespace {

namespace pb = safeguarding::child_death_reviews::v1;
using Statement = IndicatorStatement;

const char kSource[] =
    "Working Together 2023, ch. 5; the partners' annual report, tracker of recommendations";

// One that was rejected or withdrawn is not followed up.
std::string Followed() {
  return absl::StrCat("r.borough = {borough} AND r.state NOT IN (",
                      int{pb::Recommendation::STATE_REJECTED}, ", ",
                      int{pb::Recommendation::STATE_WITHDRAWN}, ")");
}

IndicatorPart Agency() { return {"agency", "r.agency"}; }
IndicatorPart Theme() { return {"theme", "r.theme"}; }

Statement Recommendations(const char* id, const char* title, const char* cohort, std::string where,
                          std::vector<IndicatorPart> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Recommendations, one for each body.",
          .reports = {"Q17"},
          .source = kSource,
          .from = "recommendations r",
          .where = std::move(where),
          .parts = std::move(parts)};
}

Statement Open() {
  Statement statement = StockOf(
      Recommendations("recommendations_open", "Recommendations that are open",
                      "Recommendations that were made and not rejected or withdrawn, and that the "
                      "partnership has not closed at the end of the period.",
                      "", {Agency(), Theme(), {"late", "IF(r.due_on <= {last_day}, 'YES', 'NO')"}}),
      Followed(), {"r.made_at", "r.closed_at", /*instants=*/true});
  statement.polarity = IndicatorDefinition::POLARITY_LOWER_IS_BETTER;
  return statement;
}

Statement Incidents(const char* id, const char* title, const char* cohort, const char* day,
                    std::vector<IndicatorPart> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Incidents, each once however many children.",
          .reports = {"Q17"},
          .source = kSource,
          .from = "serious_incidents i",
          .where = absl::StrCat("i.borough = {borough} AND ", OnDayOfPeriod(day)),
          .parts = std::move(parts)};
}

IndicatorPart Kind() { return {"kind", NameSql<pb::IncidentKind>("i.kind")}; }
IndicatorPart Type() { return {"review_type", NameSql<pb::ReviewType>("i.review_type")}; }

}  // namespace

std::vector<IndicatorQuery> LearningIndicators() {
  return {
      QueryOf(Recommendations("recommendations_made", "Recommendations made",
                              "Recommendations that were made in the period, and not rejected or "
                              "withdrawn.",
                              absl::StrCat(Followed(), " AND ", InPeriod("r.made_at")),
                              {Agency(), Theme()})),
      QueryOf(Recommendations(
          "recommendations_closed", "Recommendations closed, by what became better",
          "Recommendations that the partnership closed in the period.",
          absl::StrCat(Followed(), " AND ", InPeriod("r.closed_at")),
          {{"impact", NameSql<pb::RecommendationImpact>("r.impact")}, Agency(), Theme()})),
      QueryOf(Open()),
      QueryOf(Incidents("serious_incidents_notified", "Serious incidents notified",
                        "Serious incidents of which the national panel was told in the period.",
                        "i.notified_on", {Kind()})),
      QueryOf(Incidents("practice_reviews_decided", "Decisions whether to hold a practice review",
                        "Serious incidents on which it was decided in the period.", "i.decided_on",
                        {Type(), Kind()})),
      QueryOf(Incidents("practice_reviews_published", "Practice reviews published",
                        "Serious incidents whose review was published in the period.",
                        "i.published_on", {Type()})),
  };
}

}  // namespace lscp::child_death_reviews
