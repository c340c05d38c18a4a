#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_death_reviews/particulars.h"
#include "child_death_reviews/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"

// The rules of a notification of a child's death and of the death review that it begins. No SQL, no
// gRPC, no clock. Errors are those that the contract documents; after one, the record is not to be
// stored.
namespace lscp::child_death_reviews {

// Children Act 2004, sections 16M to 16Q; Child Death Review: statutory and operational guidance
// (2018).
inline constexpr Transition<pb::DeathReview::State> kDeathReviewTransitions[] = {
    {"NotifyDeath", {pb::DeathReview::STATE_UNSPECIFIED}, pb::DeathReview::STATE_NOTIFIED},
    {"NotifyDeath again", {pb::DeathReview::STATE_NOTIFIED}, pb::DeathReview::STATE_NOTIFIED},
    {"NotifyDeath again", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"NotifyDeath again",
     {pb::DeathReview::STATE_OUT_OF_SCOPE},
     pb::DeathReview::STATE_OUT_OF_SCOPE},
    {"NotifyDeath again",
     {pb::DeathReview::STATE_HANDING_OVER},
     pb::DeathReview::STATE_HANDING_OVER},
    {"NotifyDeath again", {pb::DeathReview::STATE_HANDED_OVER}, pb::DeathReview::STATE_HANDED_OVER},
    {"NotifyDeath again", {pb::DeathReview::STATE_REVIEWED}, pb::DeathReview::STATE_REVIEWED},
    {"NotifyDeath again", {pb::DeathReview::STATE_COMPLETED}, pb::DeathReview::STATE_COMPLETED},
    {"CorrectParticulars", {pb::DeathReview::STATE_NOTIFIED}, pb::DeathReview::STATE_NOTIFIED},
    {"CorrectParticulars", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"CorrectParticulars",
     {pb::DeathReview::STATE_OUT_OF_SCOPE},
     pb::DeathReview::STATE_OUT_OF_SCOPE},
    {"CorrectParticulars", {pb::DeathReview::STATE_REVIEWED}, pb::DeathReview::STATE_REVIEWED},
    {"AcceptDeathReview",
     {pb::DeathReview::STATE_NOTIFIED, pb::DeathReview::STATE_OUT_OF_SCOPE},
     pb::DeathReview::STATE_OPEN},
    {"RuleOutDeathReview",
     {pb::DeathReview::STATE_NOTIFIED, pb::DeathReview::STATE_OPEN},
     pb::DeathReview::STATE_OUT_OF_SCOPE},
    {"MergeDeathReviews", {pb::DeathReview::STATE_NOTIFIED}, pb::DeathReview::STATE_MERGED},
    {"HandOverDeathReview",
     {pb::DeathReview::STATE_NOTIFIED, pb::DeathReview::STATE_OPEN},
     pb::DeathReview::STATE_HANDING_OVER},
    {"AnswerHandOver accepted",
     {pb::DeathReview::STATE_HANDING_OVER},
     pb::DeathReview::STATE_HANDED_OVER},
    {"AnswerHandOver refused",
     {pb::DeathReview::STATE_HANDING_OVER},
     pb::DeathReview::STATE_NOTIFIED},
    {"RequestReportingForms", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"ChaseReportingForms", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"RecordNationalNotification",
     {pb::DeathReview::STATE_NOTIFIED},
     pb::DeathReview::STATE_NOTIFIED},
    {"RecordNationalNotification", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"RecordNationalNotification",
     {pb::DeathReview::STATE_HANDING_OVER},
     pb::DeathReview::STATE_HANDING_OVER},
    {"RecordNationalNotification",
     {pb::DeathReview::STATE_REVIEWED},
     pb::DeathReview::STATE_REVIEWED},
    {"RecordReviewDelay", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"RecordReviewDelay", {pb::DeathReview::STATE_REVIEWED}, pb::DeathReview::STATE_REVIEWED},
    {"PlanDeathReviewMeeting", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"ReportDeathReviewMeeting", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"PutOnDeathPanelAgenda", {pb::DeathReview::STATE_OPEN}, pb::DeathReview::STATE_OPEN},
    {"RecordDeathPanelAnalysis",
     {pb::DeathReview::STATE_OPEN, pb::DeathReview::STATE_REVIEWED},
     pb::DeathReview::STATE_REVIEWED},
    {"CompleteDeathReview", {pb::DeathReview::STATE_REVIEWED}, pb::DeathReview::STATE_COMPLETED},
    {"ReopenDeathReview",
     {pb::DeathReview::STATE_REVIEWED, pb::DeathReview::STATE_COMPLETED},
     pb::DeathReview::STATE_OPEN},
};

// The partners are told of a death within the area's hours; it is met by the first notification.
inline constexpr char kDeathNotification[] = "death_notification";
TimescaleRule DeathNotificationRule(const Settings::Borough& borough);
// The national child mortality database is told within the area's hours.
inline constexpr char kNationalNotification[] = "national_death_notification";
TimescaleRule NationalNotificationRule(const Settings::Borough& borough);

// What an agency tells; it has no name and belongs to no death review yet.
absl::StatusOr<pb::DeathNotification> Notify(const pb::NotifyDeathRequest& request,
                                             const Step& step);

// The death review that a first notification begins, NOTIFIED; it has no name yet.
pb::DeathReview Begin(const pb::DeathNotification& notification, std::string_view area_code);
// Adds a later notification to a death review: fills in what was left open, and says in both what
// contradicts.
absl::Status Join(pb::DeathReview& review, pb::DeathNotification& notification,
                  std::string_view area_code);

absl::Status Correct(pb::DeathReview& review, const pb::CorrectParticularsRequest& request,
                     std::string_view area_code);
absl::Status Accept(pb::DeathReview& review, const pb::AcceptDeathReviewRequest& request,
                    const Step& step);
absl::Status RuleOut(pb::DeathReview& review, const pb::RuleOutDeathReviewRequest& request,
                     const Step& step);
// Ends `duplicate`, whose notifications and particulars become the other's.
absl::Status Merge(pb::DeathReview& review, pb::DeathReview& duplicate, std::string_view area_code);
absl::Status HandOver(pb::DeathReview& review, const pb::HandOverDeathReviewRequest& request,
                      std::string_view area_code, absl::Time now);
absl::Status AnswerHandOver(pb::DeathReview& review, const pb::AnswerHandOverRequest& request,
                            absl::Time now);
// The time is the request's, or now.
absl::Status RecordNational(pb::DeathReview& review,
                            const pb::RecordNationalNotificationRequest& request, absl::Time now);

// Takes the step of kDeathReviewTransitions that a method of another resource is, as asking
// agencies for their forms. TRANSITION_NOT_ALLOWED.
absl::Status TakeReviewStep(pb::DeathReview& review, std::string_view verb);

// Without what a list does not show.
void ClearForList(pb::DeathReview& review);

}  // namespace lscp::child_death_reviews
