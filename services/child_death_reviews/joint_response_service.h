#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/joint_response_store.h"
#include "child_death_reviews/settings.h"
#include "common/events/sink.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/events.pb.h"

namespace lscp::child_death_reviews {

// Handlers of JointResponsesService. The contract says what they answer. Thread-safe; the settings
// must outlive this.
class JointResponses {
 public:
  explicit JointResponses(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::GetJointResponseResponse> Get(const pb::GetJointResponseRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::ListJointResponsesResponse> List(const pb::ListJointResponsesRequest& request,
                                                      Reading& reading);
  absl::StatusOr<pb::DecideJointResponseResponse> Decide(
      const pb::DecideJointResponseRequest& request, Transaction& tx);
  absl::StatusOr<pb::HoldPlanningMeetingResponse> HoldMeeting(
      const pb::HoldPlanningMeetingRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordSceneVisitResponse> Visit(const pb::RecordSceneVisitRequest& request,
                                                     Transaction& tx);
  absl::StatusOr<pb::RecordCoronerResponse> Coroner(const pb::RecordCoronerRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::RecordRegistrationResponse> Register(
      const pb::RecordRegistrationRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReferSiblingsResponse> ReferSiblings(const pb::ReferSiblingsRequest& request,
                                                          Transaction& tx);
  absl::StatusOr<pb::CompleteJointResponseResponse> Complete(
      const pb::CompleteJointResponseRequest& request, Transaction& tx);

  // Social care has decided what is done for the siblings.
  absl::Status OnSiblingsDecided(
      const safeguarding::child_protection::v1::SiblingReferralDecided& decided, Transaction& tx);

 private:
  // The death review that the joint response belongs to, as it is known by now.
  absl::StatusOr<pb::DeathReview> ReviewOf(Transaction& tx, std::string_view response) const;

  const Settings* const settings_;
  const JointResponseStore store_;
  const DeathReviewStore reviews_;
};

void RegisterJointResponses(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
