#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/journal/step.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_review_meetings_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"

// The rules of the meeting of those who cared for a child who died. No SQL, no gRPC, no clock.
// Errors are those that the contract documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// Child Death Review: statutory and operational guidance (2018), chapter 4.
inline constexpr Transition<pb::DeathReviewMeeting::State> kReviewMeetingTransitions[] = {
    {"PlanDeathReviewMeeting",
     {pb::DeathReviewMeeting::STATE_UNSPECIFIED},
     pb::DeathReviewMeeting::STATE_PLANNED},
    {"HoldDeathReviewMeeting",
     {pb::DeathReviewMeeting::STATE_PLANNED},
     pb::DeathReviewMeeting::STATE_HELD},
    {"ReportDeathReviewMeeting",
     {pb::DeathReviewMeeting::STATE_HELD, pb::DeathReviewMeeting::STATE_REPORTED},
     pb::DeathReviewMeeting::STATE_REPORTED},
    {"RecordFamilyFeedback",
     {pb::DeathReviewMeeting::STATE_HELD},
     pb::DeathReviewMeeting::STATE_HELD},
    {"RecordFamilyFeedback",
     {pb::DeathReviewMeeting::STATE_REPORTED},
     pb::DeathReviewMeeting::STATE_REPORTED},
    {"CancelDeathReviewMeeting",
     {pb::DeathReviewMeeting::STATE_PLANNED},
     pb::DeathReviewMeeting::STATE_CANCELLED},
};

// A meeting as it starts, without a name yet, beside those that the death review has.
absl::StatusOr<pb::DeathReviewMeeting> PlanMeeting(
    const pb::PlanDeathReviewMeetingRequest& request,
    const std::vector<pb::DeathReviewMeeting>& others);
absl::Status HoldReviewMeeting(pb::DeathReviewMeeting& meeting,
                               const pb::HoldDeathReviewMeetingRequest& request,
                               const pb::Particulars& particulars);
absl::Status Report(pb::DeathReviewMeeting& meeting,
                    const pb::ReportDeathReviewMeetingRequest& request,
                    const pb::Particulars& particulars, const Step& step);
absl::Status TellFamily(pb::DeathReviewMeeting& meeting,
                        const pb::RecordFamilyFeedbackRequest& request);
absl::Status CancelMeeting(pb::DeathReviewMeeting& meeting,
                           const pb::CancelDeathReviewMeetingRequest& request);

// One of the meetings was held; has sent its draft; told the family.
bool WasHeld(const std::vector<pb::DeathReviewMeeting>& meetings);
bool HasDraft(const std::vector<pb::DeathReviewMeeting>& meetings);
bool FamilyTold(const std::vector<pb::DeathReviewMeeting>& meetings);

// Without what a list does not show.
void ClearForList(pb::DeathReviewMeeting& meeting);

}  // namespace lscp::child_death_reviews
