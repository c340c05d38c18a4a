#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "child_death_reviews/serious_incident.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"

// The rules of the review that may be held of a serious incident: which type, when, what it looks
// at, and what is published of it. No SQL, no gRPC, no clock. Errors are those that the contract
// documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

// A type of review, and the days on which it could be decided to hold one. Statutory ones are
// published, within six months.
struct ReviewTypeRule {
  pb::ReviewType type;
  absl::CivilDay first;
  std::optional<absl::CivilDay> last;
  bool statutory;
  const char* source;
};

inline const ReviewTypeRule kReviewTypes[] = {
    {pb::REVIEW_TYPE_SERIOUS_CASE_REVIEW, absl::CivilDay(2006, 4, 1), absl::CivilDay(2019, 9, 28),
     true,
     "Local Safeguarding Children Boards Regulations 2006, regulation 5; boards ended by "
     "29 September 2019"},
    {pb::REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW, absl::CivilDay(2018, 6, 29),
     std::nullopt, true, "Children Act 2004, section 16F, in force since 29 June 2018"},
    {pb::REVIEW_TYPE_LEARNING_REVIEW, absl::CivilDay(2013, 3, 21), std::nullopt, false,
     "Working Together 2013, chapter 4: reviews of cases that meet no statutory criterion"},
    {pb::REVIEW_TYPE_PRACTICE_LEARNING_REVIEW, absl::CivilDay(2018, 6, 29), std::nullopt, false,
     "Working Together 2018, chapter 4; the area's name"},
};

// The rule of a type; nothing for UNSPECIFIED.
const ReviewTypeRule* RuleOfType(pb::ReviewType type);
// Whether it could be decided on a day to hold a review of this type.
bool PossibleOn(pb::ReviewType type, absl::CivilDay day);

// A statutory review is published within six months of the decision to hold it.
inline constexpr char kReviewPublication[] = "practice_review_published";
TimescaleRule ReviewPublicationRule();
// Whether the clock runs for an incident, of which a review was decided.
bool IsPublishedByLaw(const pb::SeriousIncident& incident);

absl::Status Decide(pb::SeriousIncident& incident, const pb::DecideReviewRequest& request,
                    const Step& step);
absl::Status Scope(pb::SeriousIncident& incident, const pb::ScopeReviewRequest& request);
// `owed`: an agency owes its chronology.
absl::Status RecordReport(pb::SeriousIncident& incident, const pb::RecordReportRequest& request,
                          bool owed);
absl::Status AgreePublication(pb::SeriousIncident& incident,
                              const pb::AgreePublicationRequest& request);
absl::Status Publish(pb::SeriousIncident& incident, const pb::PublishReviewRequest& request);

}  // namespace lscp::child_death_reviews
