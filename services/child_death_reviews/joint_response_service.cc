#include "child_death_reviews/joint_response_service.h"

#include <memory>
#include <utility>

#include "child_death_reviews/death_review_meeting.h"
#include "child_death_reviews/death_review_meeting_service.h"
#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/review_parts.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/journal/step.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::JointResponse;

template <typename Response>
Response ReplyWith(JointResponse joint_response) {
  Response response;
  *response.mutable_joint_response() = std::move(joint_response);
  return response;
}

Event SiblingsEvent(const JointResponse& response, const pb::DeathReview& review) {
  const pb::SiblingsReferral& referral = response.siblings_referral();
  pb::SiblingsReferred referred;
  referred.set_death_review(review.name());
  referred.set_child(review.particulars().child());
  *referred.mutable_siblings() = referral.siblings();
  referred.set_concerns(referral.concerns());
  referred.set_urgent(referral.urgent());
  return MakeEvent("child_death_reviews.siblings_referred", review.name(), referred);
}

}  // namespace

absl::StatusOr<pb::DeathReview> JointResponses::ReviewOf(Transaction& tx,
                                                         std::string_view response) const {
  return reviews_.Read(tx, NameOfPart(response, "deathReviews"));
}

absl::StatusOr<pb::GetJointResponseResponse> JointResponses::Get(
    const pb::GetJointResponseRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(JointResponse response, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetJointResponseResponse>(std::move(response));
}

absl::StatusOr<pb::ListJointResponsesResponse> JointResponses::List(
    const pb::ListJointResponsesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListJointResponsesResponse reply;
  for (JointResponse& response : page.resources) {
    ClearForList(response);
    *reply.add_joint_responses() = std::move(response);
  }
  reply.set_next_page_token(std::move(page.next_page_token));
  return reply;
}

absl::StatusOr<pb::DecideJointResponseResponse> JointResponses::Decide(
    const pb::DecideJointResponseRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(JointResponse response, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::DeathReview review, ReviewOf(tx, response.name()));
  RETURN_IF_ERROR(child_death_reviews::Decide(response, request, review.particulars(), StepOf(tx)));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), response.name(), kJointDecision, tx.now()).status());
  if (response.state() == JointResponse::STATE_REQUIRED) {
    const auto rule = PlanningMeetingRule(settings_->Of(tx.call().borough));
    RETURN_IF_ERROR(
        timescales::Start(tx.db(), tx.call().borough,
                          {ClockOf(rule, response.name(), tx.now(), review.coordinator())}));
  }
  RETURN_IF_ERROR(store_.Update(tx, response));
  return ReplyWith<pb::DecideJointResponseResponse>(std::move(response));
}

absl::StatusOr<pb::HoldPlanningMeetingResponse> JointResponses::HoldMeeting(
    const pb::HoldPlanningMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(JointResponse response, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::DeathReview review, ReviewOf(tx, response.name()));
  RETURN_IF_ERROR(child_death_reviews::HoldMeeting(response, request,
                                                   *ProtoToTime(review.first_notice_time())));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), response.name(), kPlanningMeeting,
                                   *ProtoToTime(response.planning_meeting().hold_time()))
                      .status());
  RETURN_IF_ERROR(store_.Update(tx, response));
  return ReplyWith<pb::HoldPlanningMeetingResponse>(std::move(response));
}

absl::StatusOr<pb::RecordSceneVisitResponse> JointResponses::Visit(
    const pb::RecordSceneVisitRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(JointResponse response, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::DeathReview review, ReviewOf(tx, response.name()));
  RETURN_IF_ERROR(child_death_reviews::Visit(response, request, review.particulars()));
  RETURN_IF_ERROR(store_.Update(tx, response));
  return ReplyWith<pb::RecordSceneVisitResponse>(std::move(response));
}

absl::StatusOr<pb::RecordCoronerResponse> JointResponses::Coroner(
    const pb::RecordCoronerRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(JointResponse response, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::DeathReview review, ReviewOf(tx, response.name()));
  const bool concluded = response.coroner().has_conclude_date();
  RETURN_IF_ERROR(child_death_reviews::RecordCoroner(response, request, review.particulars()));
  RETURN_IF_ERROR(store_.Update(tx, response));
  // What the panel had to wait for is there.
  if (!concluded && response.coroner().has_conclude_date() &&
      review.state() == pb::DeathReview::STATE_OPEN) {
    ASSIGN_OR_RETURN(const auto meetings, ReadMeetings(tx.db(), review.name()));
    if (HasDraft(meetings)) RETURN_IF_ERROR(OwePanelReview(tx, *settings_, review));
  }
  return ReplyWith<pb::RecordCoronerResponse>(std::move(response));
}

absl::StatusOr<pb::RecordRegistrationResponse> JointResponses::Register(
    const pb::RecordRegistrationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(JointResponse response, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::DeathReview review, ReviewOf(tx, response.name()));
  RETURN_IF_ERROR(child_death_reviews::Register(response, request, review.particulars()));
  RETURN_IF_ERROR(store_.Update(tx, response));
  return ReplyWith<pb::RecordRegistrationResponse>(std::move(response));
}

absl::StatusOr<pb::ReferSiblingsResponse> JointResponses::ReferSiblings(
    const pb::ReferSiblingsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(JointResponse response, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::DeathReview review, ReviewOf(tx, response.name()));
  RETURN_IF_ERROR(child_death_reviews::ReferSiblings(response, request, StepOf(tx)));
  RETURN_IF_ERROR(store_.Update(tx, response, SiblingsEvent(response, review)));
  return ReplyWith<pb::ReferSiblingsResponse>(std::move(response));
}

absl::StatusOr<pb::CompleteJointResponseResponse> JointResponses::Complete(
    const pb::CompleteJointResponseRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(JointResponse response,
                   ChangeRecord(store_, tx, request, [&](JointResponse& record) {
                     return child_death_reviews::Complete(record, request, tx.now());
                   }));
  return ReplyWith<pb::CompleteJointResponseResponse>(std::move(response));
}

absl::Status JointResponses::OnSiblingsDecided(
    const safeguarding::child_protection::v1::SiblingReferralDecided& decided, Transaction& tx) {
  if (!ResourceName::Parse(decided.death_review())) {
    return InvalidField("events.content", "names no death review");
  }
  auto response = store_.Lock(tx, NameOfPart(decided.death_review(), "jointResponses"), "");
  // A review that is not here, as after a restore, has nobody to tell; others must not wait for it.
  if (absl::IsPermissionDenied(response.status())) return absl::OkStatus();
  RETURN_IF_ERROR(response.status());
  if (!KeepDecision(*response, decided)) return absl::OkStatus();
  return store_.Update(tx, *response);
}

void RegisterJointResponses(ServiceContext& context, const Settings* settings) {
  auto* responses = context.Keep(std::make_unique<JointResponses>(settings));
  context.OnEvent<safeguarding::child_protection::v1::SiblingReferralDecided>(
      "child_protection.sibling_referral_decided",
      [responses](const DeliveredEvent&,
                  const safeguarding::child_protection::v1::SiblingReferralDecided& decided,
                  Transaction& tx) { return responses->OnSiblingsDecided(decided, tx); });
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.JointResponsesService", responses)
      .Read("GetJointResponse", &JointResponses::Get)
      .Read("ListJointResponses", &JointResponses::List)
      .Write("DecideJointResponse", &JointResponses::Decide)
      .Write("HoldPlanningMeeting", &JointResponses::HoldMeeting)
      .Write("RecordSceneVisit", &JointResponses::Visit)
      .Write("RecordCoroner", &JointResponses::Coroner)
      .Write("RecordRegistration", &JointResponses::Register)
      .Write("ReferSiblings", &JointResponses::ReferSiblings)
      .Write("CompleteJointResponse", &JointResponses::Complete);
}

}  // namespace lscp::child_death_reviews
