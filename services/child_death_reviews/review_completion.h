#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_death_reviews/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"

// The rules of bringing a death review to its end: by when, why later, when it is closed and how it
// is opened again. Its verbs are in kDeathReviewTransitions. No SQL, no gRPC, no clock. Errors are
// those that the contract documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

// Those who cared for the child meet within the area's months of the death.
inline constexpr char kReviewMeeting[] = "death_review_meeting";
TimescaleRule ReviewMeetingRule(const Settings::Borough& borough);
// The panel reviews the death within the area's days of the meeting's report, or of the coroner's
// conclusion where that comes later.
inline constexpr char kPanelReview[] = "death_panel_review";
TimescaleRule PanelReviewRule(const Settings::Borough& borough);
// The review is completed within the area's months of the death, or by the day until which a delay
// was recorded.
inline constexpr char kReviewCompletion[] = "death_review_completion";
TimescaleRule ReviewCompletionRule(const Settings::Borough& borough);

// When a clock that starts with the death does: never after `now`.
absl::Time StartOfReview(const pb::DeathReview& review, absl::Time now);
// Sets the day by which the review is to be completed as the death tells it, unless a delay or a
// reopening has moved it. True if it has changed.
bool SetCompletionDue(pb::DeathReview& review, const Settings::Borough& borough, absl::Time now);
// The instant after that day; never, while the review was not taken on.
absl::Time CompletionDueAt(const pb::DeathReview& review);

absl::Status RecordDelay(pb::DeathReview& review, const pb::RecordReviewDelayRequest& request,
                         const Step& step);
// What the panel has agreed, the first time or corrected.
absl::Status SetOutcome(pb::DeathReview& review, const pb::ReviewOutcome& outcome);
// `family_told`: somebody has told the family what was found.
absl::Status CompleteReview(pb::DeathReview& review, const pb::CompleteDeathReviewRequest& request,
                            bool family_told, absl::Time now);
absl::Status ReopenReview(pb::DeathReview& review, const pb::ReopenDeathReviewRequest& request,
                          const Settings::Borough& borough, const Step& step);

}  // namespace lscp::child_death_reviews
