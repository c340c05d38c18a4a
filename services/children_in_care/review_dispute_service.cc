#include "children_in_care/review_dispute_service.h"

#include <memory>
#include <utility>

#include "children_in_care/duty_clock.h"
#include "children_in_care/review_dispute.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::children_in_care {
namespace {

using pb::ReviewDispute;

template <typename Response>
Response ReplyWith(ReviewDispute dispute) {
  Response response;
  *response.mutable_review_dispute() = std::move(dispute);
  return response;
}

}  // namespace

absl::StatusOr<pb::RaiseReviewDisputeResponse> ReviewDisputes::Raise(
    const pb::RaiseReviewDisputeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(const pb::CareReview review, reviews_.Lock(tx, request.name(), request.etag()));
  ReviewDispute dispute = children_in_care::Raise(review, request, tx.now());
  dispute.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(KeepClock(tx, {.subject = dispute.name(),
                                 .rule = kReviewDispute.id,
                                 .started_at = tx.now(),
                                 .due_at = EndOfDay(*ProtoToDate(dispute.due_date())),
                                 .team = review.team(),
                                 .owner = request.respondent()}));
  RETURN_IF_ERROR(store_.Insert(tx, dispute));
  return ReplyWith<pb::RaiseReviewDisputeResponse>(std::move(dispute));
}

absl::StatusOr<pb::EscalateReviewDisputeResponse> ReviewDisputes::Escalate(
    const pb::EscalateReviewDisputeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ReviewDispute dispute,
                   ChangeRecord(store_, tx, request, [&](ReviewDispute& changed) {
                     return children_in_care::Escalate(changed, request, tx.now());
                   }));
  ASSIGN_OR_RETURN(const pb::CareReview review, reviews_.Read(tx, dispute.care_review()));
  RETURN_IF_ERROR(
      timescales::Reassign(tx.db(), dispute.name(), review.team(), request.respondent()).status());
  return ReplyWith<pb::EscalateReviewDisputeResponse>(std::move(dispute));
}

absl::StatusOr<pb::AnswerReviewDisputeResponse> ReviewDisputes::Answer(
    const pb::AnswerReviewDisputeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ReviewDispute dispute,
                   ChangeRecord(store_, tx, request, [&](ReviewDispute& changed) {
                     return children_in_care::Answer(changed, request, tx.now());
                   }));
  return ReplyWith<pb::AnswerReviewDisputeResponse>(std::move(dispute));
}

absl::StatusOr<pb::ReferReviewDisputeResponse> ReviewDisputes::Refer(
    const pb::ReferReviewDisputeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ReviewDispute dispute,
                   ChangeRecord(store_, tx, request, [&](ReviewDispute& changed) {
                     return children_in_care::Refer(changed, request, tx.now());
                   }));
  // The local process is over, and its time with it.
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), dispute.name(), tx.now()).status());
  return ReplyWith<pb::ReferReviewDisputeResponse>(std::move(dispute));
}

absl::StatusOr<pb::ResolveReviewDisputeResponse> ReviewDisputes::Resolve(
    const pb::ResolveReviewDisputeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ReviewDispute dispute,
                   ChangeRecord(store_, tx, request, [&](ReviewDispute& changed) {
                     return children_in_care::Resolve(changed, request, tx.now());
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), dispute.name(), kReviewDispute.id, tx.now()).status());
  return ReplyWith<pb::ResolveReviewDisputeResponse>(std::move(dispute));
}

absl::StatusOr<pb::GetReviewDisputeResponse> ReviewDisputes::Get(
    const pb::GetReviewDisputeRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(ReviewDispute dispute, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetReviewDisputeResponse>(std::move(dispute));
}

absl::StatusOr<pb::ListReviewDisputesResponse> ReviewDisputes::List(
    const pb::ListReviewDisputesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListReviewDisputesResponse response;
  for (ReviewDispute& dispute : page.resources) {
    ClearForList(dispute);
    *response.add_review_disputes() = std::move(dispute);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

void RegisterReviewDisputes(ServiceContext& context) {
  context.methods()
      .Of("safeguarding.children_in_care.v1.ReviewDisputesService",
          context.Keep(std::make_unique<ReviewDisputes>()))
      .Write("RaiseReviewDispute", &ReviewDisputes::Raise)
      .Write("EscalateReviewDispute", &ReviewDisputes::Escalate)
      .Write("AnswerReviewDispute", &ReviewDisputes::Answer)
      .Write("ReferReviewDispute", &ReviewDisputes::Refer)
      .Write("ResolveReviewDispute", &ReviewDisputes::Resolve)
      .Read("GetReviewDispute", &ReviewDisputes::Get)
      .Read("ListReviewDisputes", &ReviewDisputes::List);
}

}  // namespace lscp::children_in_care
