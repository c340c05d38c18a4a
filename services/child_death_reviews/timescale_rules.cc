#include "child_death_reviews/timescale_rules.h"

#include "child_death_reviews/chronology.h"
#include "child_death_reviews/death_review.h"
#include "child_death_reviews/family_support.h"
#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/practice_review.h"
#include "child_death_reviews/recommendation.h"
#include "child_death_reviews/reporting_form.h"
#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/serious_incident.h"
#include "common/time/calendar.h"

namespace lscp::child_death_reviews {

std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough& borough) {
  return {DeathNotificationRule(borough),    NationalNotificationRule(borough),
          JointDecisionRule(borough),        PlanningMeetingRule(borough),
          FamilyKeyWorkerRule(borough),      ReportingFormRule(borough),
          RecommendationAnswerRule(borough), RecommendationRule(borough),
          IncidentNotificationRule(),        RapidReviewRule(),
          ReviewPublicationRule(),           ChronologyRule(borough),
          ReviewMeetingRule(borough),        PanelReviewRule(borough),
          ReviewCompletionRule(borough)};
}

timescales::NewClock ClockOf(const TimescaleRule& rule, const std::string& subject,
                             absl::Time start, const std::string& owner) {
  return {.subject = subject,
          .rule = rule.id,
          .started_at = start,
          .due_at = DueAt(start, rule.due_after, WorkingDayCalendar()),
          .owner = owner};
}

}  // namespace lscp::child_death_reviews
