#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_death_reviews/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/family_supports_service.pb.h"

// The rules of what a family is offered after the death of a child. No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

// Child Death Review: statutory and operational guidance (2018), chapter 6: every family has a key
// worker, is offered support in bereavement, and has its questions answered by the review.
inline constexpr Transition<pb::FamilySupport::State> kFamilySupportTransitions[] = {
    {"AcceptDeathReview",
     {pb::FamilySupport::STATE_UNSPECIFIED},
     pb::FamilySupport::STATE_UNASSIGNED},
    {"AssignKeyWorker",
     {pb::FamilySupport::STATE_UNASSIGNED, pb::FamilySupport::STATE_SUPPORTED},
     pb::FamilySupport::STATE_SUPPORTED},
    {"RecordSupportOffer",
     {pb::FamilySupport::STATE_UNASSIGNED},
     pb::FamilySupport::STATE_UNASSIGNED},
    {"RecordSupportOffer",
     {pb::FamilySupport::STATE_SUPPORTED},
     pb::FamilySupport::STATE_SUPPORTED},
    {"RecordFamilyViews", {pb::FamilySupport::STATE_SUPPORTED}, pb::FamilySupport::STATE_SUPPORTED},
    {"EndFamilySupport", {pb::FamilySupport::STATE_SUPPORTED}, pb::FamilySupport::STATE_ENDED},
};

// The family has a key worker within the area's working days of taking the death review on.
inline constexpr char kFamilyKeyWorker[] = "family_key_worker";
TimescaleRule FamilyKeyWorkerRule(const Settings::Borough& borough);

// Of a death review that was taken on, UNASSIGNED.
pb::FamilySupport BeginFamilySupport(const pb::DeathReview& review, absl::Time now);
// Shows who the child was and who answers for the death review as these are known now.
void Follow(pb::FamilySupport& support, const pb::DeathReview& review);

// Whether the person is the family's key worker or answers for the death review.
bool MayRecord(const pb::FamilySupport& support, std::string_view person);

absl::Status Assign(pb::FamilySupport& support, const pb::AssignKeyWorkerRequest& request,
                    absl::Time now);
absl::Status Offer(pb::FamilySupport& support, const pb::RecordSupportOfferRequest& request);
absl::Status RecordViews(pb::FamilySupport& support, const pb::RecordFamilyViewsRequest& request,
                         const Step& step);
absl::Status End(pb::FamilySupport& support, const pb::EndFamilySupportRequest& request);

}  // namespace lscp::child_death_reviews
