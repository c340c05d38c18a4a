#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "referrals/contact.h"
#include "referrals/settings.h"
#include "safeguarding/referrals/v1/assessments_service.pb.h"
#include "safeguarding/referrals/v1/events.pb.h"
#include "safeguarding/referrals/v1/referrals_service.pb.h"

// The rules of an assessment. No SQL, no gRPC, no clock. Errors are those that the contract
// documents; after one, the assessment is not to be stored. `referral` is the one it belongs to.
namespace lscp::referrals {

inline constexpr Transition<pb::Assessment::State> kAssessmentTransitions[] = {
    {"StartAssessment", {pb::Assessment::STATE_UNSPECIFIED}, pb::Assessment::STATE_IN_PROGRESS},
    {"UpdateAssessment", {pb::Assessment::STATE_IN_PROGRESS}, pb::Assessment::STATE_IN_PROGRESS},
    {"RecordChildSeen", {pb::Assessment::STATE_IN_PROGRESS}, pb::Assessment::STATE_IN_PROGRESS},
    {"ExtendAssessment", {pb::Assessment::STATE_IN_PROGRESS}, pb::Assessment::STATE_IN_PROGRESS},
    {"SubmitAssessment",
     {pb::Assessment::STATE_IN_PROGRESS},
     pb::Assessment::STATE_AWAITING_AUTHORISATION},
    {"ReturnAssessment",
     {pb::Assessment::STATE_AWAITING_AUTHORISATION},
     pb::Assessment::STATE_IN_PROGRESS},
    {"AuthoriseAssessment",
     {pb::Assessment::STATE_AWAITING_AUTHORISATION},
     pb::Assessment::STATE_AUTHORISED},
    {"CancelAssessment",
     {pb::Assessment::STATE_IN_PROGRESS, pb::Assessment::STATE_AWAITING_AUTHORISATION},
     pb::Assessment::STATE_CANCELLED},
};

// Working Together to Safeguard Children: 45 working days from the point of referral, whenever the
// assessment itself begins.
inline constexpr TimescaleRule kAssessmentComplete = {
    "assessment_complete", "Assessment authorised", "referral received", WorkingDays(45),
    "Working Together to Safeguard Children, chapter 3; CIN census guide, section 4.9"};

// By when the assessment of a referral must be authorised.
absl::Time AssessmentDue(const pb::Referral& referral);

// An assessment as it starts, without a name yet. `earlier` are all others of the referral.
absl::StatusOr<pb::Assessment> StartAssessment(const pb::StartAssessmentRequest& request,
                                               const pb::Referral& referral,
                                               const std::vector<pb::Assessment>& earlier,
                                               const Step& step, const Settings::Borough& borough);

absl::Status Write(pb::Assessment& assessment, const pb::UpdateAssessmentRequest& request);

absl::Status RecordSeen(pb::Assessment& assessment, const pb::RecordChildSeenRequest& request,
                        const pb::Referral& referral, const Step& step);

absl::Status Extend(pb::Assessment& assessment, const pb::ExtendAssessmentRequest& request,
                    const Step& step);

absl::Status Submit(pb::Assessment& assessment, const Step& step);

absl::Status Return(pb::Assessment& assessment, const pb::ReturnAssessmentRequest& request);

absl::Status Authorise(pb::Assessment& assessment, const pb::AuthoriseAssessmentRequest& request,
                       const pb::Referral& referral, const Step& step);

absl::Status Cancel(pb::Assessment& assessment, const pb::CancelAssessmentRequest& request);

// Nobody has authorised or cancelled it.
bool IsOpen(const pb::Assessment& assessment);

// What other services are told of an authorised assessment.
pb::AssessmentAuthorised AuthorisedOf(const pb::Assessment& assessment);

}  // namespace lscp::referrals
