#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_death_reviews/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/joint_responses_service.pb.h"
#include "safeguarding/child_protection/v1/events.pb.h"

// The rules of what is decided and done at once after a death. No SQL, no gRPC, no clock. Errors
// are those that the contract documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

// Child Death Review: statutory and operational guidance (2018), chapters 2 and 3. What is learnt
// later may require a joint agency response where none was; never the other way round.
inline constexpr Transition<pb::JointResponse::State> kJointResponseTransitions[] = {
    {"AcceptDeathReview",
     {pb::JointResponse::STATE_UNSPECIFIED},
     pb::JointResponse::STATE_UNDECIDED},
    {"DecideJointResponse met",
     {pb::JointResponse::STATE_UNDECIDED, pb::JointResponse::STATE_NOT_REQUIRED},
     pb::JointResponse::STATE_REQUIRED},
    {"DecideJointResponse not met",
     {pb::JointResponse::STATE_UNDECIDED},
     pb::JointResponse::STATE_NOT_REQUIRED},
    {"HoldPlanningMeeting", {pb::JointResponse::STATE_REQUIRED}, pb::JointResponse::STATE_REQUIRED},
    {"RecordSceneVisit", {pb::JointResponse::STATE_REQUIRED}, pb::JointResponse::STATE_REQUIRED},
    {"CompleteJointResponse",
     {pb::JointResponse::STATE_REQUIRED},
     pb::JointResponse::STATE_COMPLETED},
};

// Whether there is a joint agency response is decided within the area's hours of the first
// notification; the planning meeting held within its hours of the decision.
inline constexpr char kJointDecision[] = "joint_response_decision";
TimescaleRule JointDecisionRule(const Settings::Borough& borough);
inline constexpr char kPlanningMeeting[] = "death_planning_meeting";
TimescaleRule PlanningMeetingRule(const Settings::Borough& borough);

// Name of what a death review has, whose id is the death review's.
std::string NameOfPart(std::string_view review, std::string_view collection);

// Of a death review that was taken on, UNDECIDED.
pb::JointResponse BeginJointResponse(const pb::DeathReview& review, absl::Time now);

// `particulars` are what is known of the death by now.
absl::Status Decide(pb::JointResponse& response, const pb::DecideJointResponseRequest& request,
                    const pb::Particulars& particulars, const Step& step);
absl::Status HoldMeeting(pb::JointResponse& response, const pb::HoldPlanningMeetingRequest& request,
                         absl::Time first_notice);
absl::Status Visit(pb::JointResponse& response, const pb::RecordSceneVisitRequest& request,
                   const pb::Particulars& particulars);
absl::Status RecordCoroner(pb::JointResponse& response, const pb::RecordCoronerRequest& request,
                           const pb::Particulars& particulars);
absl::Status Register(pb::JointResponse& response, const pb::RecordRegistrationRequest& request,
                      const pb::Particulars& particulars);
absl::Status ReferSiblings(pb::JointResponse& response, const pb::ReferSiblingsRequest& request,
                           const Step& step);
// What social care decided for them. Nothing that was not referred from here, and nothing twice.
// Result: whether the record changed.
bool KeepDecision(pb::JointResponse& response,
                  const safeguarding::child_protection::v1::SiblingReferralDecided& decided);
absl::Status Complete(pb::JointResponse& response, const pb::CompleteJointResponseRequest& request,
                      absl::Time now);

// Without what a list does not show.
void ClearForList(pb::JointResponse& response);

}  // namespace lscp::child_death_reviews
