#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/children_in_care/v1/care_reviews_service.pb.h"
#include "safeguarding/children_in_care/v1/review_disputes_service.pb.h"

// The rules of disputes of reviewing officers. No SQL, no gRPC, no clock. After an error a dispute
// is not to be stored.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// IRO Handbook (2010), chapter 6: a local process with stages, which does not bar the way to
// Cafcass at any of them (Children Act 1989, section 25B(3)).
inline constexpr Transition<pb::ReviewDispute::State> kReviewDisputeTransitions[] = {
    {"RaiseReviewDispute", {pb::ReviewDispute::STATE_UNSPECIFIED}, pb::ReviewDispute::STATE_OPEN},
    {"EscalateReviewDispute", {pb::ReviewDispute::STATE_OPEN}, pb::ReviewDispute::STATE_OPEN},
    {"AnswerReviewDispute", {pb::ReviewDispute::STATE_OPEN}, pb::ReviewDispute::STATE_OPEN},
    {"ReferReviewDispute", {pb::ReviewDispute::STATE_OPEN}, pb::ReviewDispute::STATE_REFERRED},
    {"ResolveReviewDispute",
     {pb::ReviewDispute::STATE_OPEN, pb::ReviewDispute::STATE_REFERRED},
     pb::ReviewDispute::STATE_RESOLVED},
};

inline constexpr TimescaleRule kReviewDispute = {
    "review_dispute", "Reviewing officer's dispute resolved", "dispute begun", WorkingDays(20),
    "IRO Handbook 2010, chapter 6: twenty working days in all"};

// A dispute about the child of a review, without a name yet.
pb::ReviewDispute Raise(const pb::CareReview& review, const pb::RaiseReviewDisputeRequest& request,
                        absl::Time now);
absl::Status Escalate(pb::ReviewDispute& dispute, const pb::EscalateReviewDisputeRequest& request,
                      absl::Time now);
absl::Status Answer(pb::ReviewDispute& dispute, const pb::AnswerReviewDisputeRequest& request,
                    absl::Time now);
absl::Status Refer(pb::ReviewDispute& dispute, const pb::ReferReviewDisputeRequest& request,
                   absl::Time now);
absl::Status Resolve(pb::ReviewDispute& dispute, const pb::ResolveReviewDisputeRequest& request,
                     absl::Time now);

// Without what a list does not show.
void ClearForList(pb::ReviewDispute& dispute);

}  // namespace lscp::children_in_care
