#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/serious_incidents_service.pb.h"

// The rules of a serious incident, its notification to the national panel and its rapid review; of
// the review that may follow: practice_review.h. No SQL, no gRPC, no clock. Errors are those that
// the contract documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// Children Act 2004, sections 16C to 16F; Working Together 2023, chapter 5. Without a notification
// there is no rapid review.
inline constexpr Transition<pb::SeriousIncident::State> kSeriousIncidentTransitions[] = {
    {"RecordSeriousIncident",
     {pb::SeriousIncident::STATE_UNSPECIFIED},
     pb::SeriousIncident::STATE_RECORDED},
    {"CorrectSeriousIncident",
     {pb::SeriousIncident::STATE_RECORDED},
     pb::SeriousIncident::STATE_RECORDED},
    {"CorrectSeriousIncident",
     {pb::SeriousIncident::STATE_NOTIFIED},
     pb::SeriousIncident::STATE_NOTIFIED},
    {"NotifyNationalPanel",
     {pb::SeriousIncident::STATE_RECORDED, pb::SeriousIncident::STATE_NOT_NOTIFIABLE},
     pb::SeriousIncident::STATE_NOTIFIED},
    {"RuleOutNotification",
     {pb::SeriousIncident::STATE_RECORDED},
     pb::SeriousIncident::STATE_NOT_NOTIFIABLE},
    {"CompleteRapidReview",
     {pb::SeriousIncident::STATE_NOTIFIED},
     pb::SeriousIncident::STATE_RAPID_REVIEWED},
    {"DecideReview held",
     {pb::SeriousIncident::STATE_RAPID_REVIEWED, pb::SeriousIncident::STATE_NO_REVIEW},
     pb::SeriousIncident::STATE_COMMISSIONED},
    {"DecideReview not held",
     {pb::SeriousIncident::STATE_RAPID_REVIEWED},
     pb::SeriousIncident::STATE_NO_REVIEW},
    {"ScopeReview",
     {pb::SeriousIncident::STATE_COMMISSIONED, pb::SeriousIncident::STATE_SCOPED},
     pb::SeriousIncident::STATE_SCOPED},
    {"RequestChronologies", {pb::SeriousIncident::STATE_SCOPED}, pb::SeriousIncident::STATE_SCOPED},
    {"ChaseChronologies", {pb::SeriousIncident::STATE_SCOPED}, pb::SeriousIncident::STATE_SCOPED},
    {"RecordReport", {pb::SeriousIncident::STATE_SCOPED}, pb::SeriousIncident::STATE_REPORTED},
    {"AgreePublication",
     {pb::SeriousIncident::STATE_REPORTED, pb::SeriousIncident::STATE_AGREED},
     pb::SeriousIncident::STATE_AGREED},
    {"AgreePublication of nothing",
     {pb::SeriousIncident::STATE_REPORTED, pb::SeriousIncident::STATE_AGREED},
     pb::SeriousIncident::STATE_NOT_PUBLISHED},
    {"PublishReview", {pb::SeriousIncident::STATE_AGREED}, pb::SeriousIncident::STATE_PUBLISHED},
    {"CloseSeriousIncident",
     {pb::SeriousIncident::STATE_NOT_NOTIFIABLE, pb::SeriousIncident::STATE_NOTIFIED,
      pb::SeriousIncident::STATE_NO_REVIEW, pb::SeriousIncident::STATE_PUBLISHED,
      pb::SeriousIncident::STATE_NOT_PUBLISHED},
     pb::SeriousIncident::STATE_CLOSED},
};

// Both clocks start when the local authority becomes aware of the incident.
inline constexpr char kIncidentNotification[] = "serious_incident_notification";
TimescaleRule IncidentNotificationRule();
inline constexpr char kRapidReview[] = "rapid_review";
TimescaleRule RapidReviewRule();

// The last day on which one of them is in time.
absl::CivilDay DueDay(const TimescaleRule& rule, absl::CivilDay aware);

// Whether the incident is one of which a rapid review is held: abuse or neglect is known or
// suspected, and the child died or was seriously harmed. Where only the death of a looked after
// child or of a care leaver was notified, there is none.
bool NeedsRapidReview(const pb::SeriousIncident& incident);

// Takes the step of the table that a verb is; also for the methods of other resources.
// TRANSITION_NOT_ALLOWED.
absl::Status TakeIncidentStep(pb::SeriousIncident& incident, std::string_view verb);
// FAILED_PRECONDITION RULE_NOT_MET.
absl::Status IncidentRuleNotMet(const pb::SeriousIncident& incident, std::string_view rule,
                                std::string_view description);

// It has no name yet.
absl::StatusOr<pb::SeriousIncident> Record(const pb::RecordSeriousIncidentRequest& request,
                                           const Step& step);
absl::Status Correct(pb::SeriousIncident& incident,
                     const pb::CorrectSeriousIncidentRequest& request);
absl::Status NotifyPanel(pb::SeriousIncident& incident,
                         const pb::NotifyNationalPanelRequest& request, absl::Time now);
absl::Status RuleOut(pb::SeriousIncident& incident, const pb::RuleOutNotificationRequest& request);
absl::Status CompleteRapid(pb::SeriousIncident& incident,
                           const pb::CompleteRapidReviewRequest& request);
absl::Status RecordAdvice(pb::SeriousIncident& incident,
                          const pb::RecordPanelAdviceRequest& request);
absl::Status LinkDeath(pb::SeriousIncident& incident, std::string_view death_review);
// `open_recommendations`: how many that are drawn from it are neither closed nor withdrawn.
absl::Status Close(pb::SeriousIncident& incident, const pb::CloseSeriousIncidentRequest& request,
                   int64_t open_recommendations);

// Without what a list does not show.
void ClearForList(pb::SeriousIncident& incident);

}  // namespace lscp::child_death_reviews
