#include "children_in_care/review_dispute.h"

#include <string>
#include <string_view>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"

namespace lscp::children_in_care {
namespace {

using pb::ReviewDispute;

absl::Status TakeStep(ReviewDispute& dispute, std::string_view verb) {
  ASSIGN_OR_RETURN(const ReviewDispute::State next,
                   Next(kReviewDisputeTransitions, verb, dispute.state(), dispute.name()));
  dispute.set_state(next);
  return absl::OkStatus();
}

void BeginStage(ReviewDispute& dispute, pb::DisputeStage stage, const std::string& respondent,
                absl::Time now) {
  dispute.set_stage(stage);
  pb::DisputeStep& step = *dispute.add_steps();
  step.set_stage(stage);
  step.set_respondent(respondent);
  *step.mutable_start_time() = TimeToProto(now);
}

}  // namespace

ReviewDispute Raise(const pb::CareReview& review, const pb::RaiseReviewDisputeRequest& request,
                    absl::Time now) {
  ReviewDispute dispute;
  dispute.set_state(ReviewDispute::STATE_OPEN);
  dispute.set_child(review.child());
  dispute.set_care_review(review.name());
  dispute.set_reviewing_officer(review.reviewing_officer());
  dispute.set_concern(request.concern());
  dispute.set_wanted(request.wanted());
  *dispute.mutable_raise_time() = TimeToProto(now);
  *dispute.mutable_due_date() =
      DateToProto(LastDayOf(DueAt(now, kReviewDispute.due_after, WorkingDayCalendar())));
  BeginStage(dispute, request.stage(), request.respondent(), now);
  return dispute;
}

absl::Status Escalate(ReviewDispute& dispute, const pb::EscalateReviewDisputeRequest& request,
                      absl::Time now) {
  RETURN_IF_ERROR(TakeStep(dispute, "EscalateReviewDispute"));
  if (request.stage() <= dispute.stage()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "later_stage", dispute.name(),
                              "the dispute is at that stage, or past it");
  }
  BeginStage(dispute, request.stage(), request.respondent(), now);
  return absl::OkStatus();
}

absl::Status Answer(ReviewDispute& dispute, const pb::AnswerReviewDisputeRequest& request,
                    absl::Time now) {
  RETURN_IF_ERROR(TakeStep(dispute, "AnswerReviewDispute"));
  pb::DisputeStep& step = *dispute.mutable_steps(dispute.steps_size() - 1);
  if (step.has_answer_time()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_answer", dispute.name(),
                              "the stage has its answer");
  }
  step.set_answer(request.answer());
  *step.mutable_answer_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status Refer(ReviewDispute& dispute, const pb::ReferReviewDisputeRequest& request,
                   absl::Time now) {
  RETURN_IF_ERROR(TakeStep(dispute, "ReferReviewDispute"));
  dispute.set_refer_reason(request.reason());
  *dispute.mutable_refer_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status Resolve(ReviewDispute& dispute, const pb::ResolveReviewDisputeRequest& request,
                     absl::Time now) {
  RETURN_IF_ERROR(TakeStep(dispute, "ResolveReviewDispute"));
  dispute.set_outcome(request.outcome());
  *dispute.mutable_resolve_time() = TimeToProto(now);
  return absl::OkStatus();
}

void ClearForList(ReviewDispute& dispute) {
  dispute.clear_concern();
  dispute.clear_wanted();
  dispute.clear_steps();
  dispute.clear_refer_reason();
  dispute.clear_outcome();
}

}  // namespace lscp::children_in_care
