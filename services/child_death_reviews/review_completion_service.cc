#include "child_death_reviews/review_completion_service.h"

#include <memory>
#include <utility>

#include "child_death_reviews/death_panel_case.h"
#include "child_death_reviews/death_review_meeting.h"
#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/review_parts.h"
#include "common/journal/step.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/timescales/store.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReview;

template <typename Response>
Response ReplyWith(DeathReview review) {
  Response response;
  *response.mutable_death_review() = std::move(review);
  return response;
}

Event CompletedEvent(const DeathReview& review) {
  pb::DeathReviewCompleted completed;
  completed.set_death_review(review.name());
  completed.set_child(review.particulars().child());
  return MakeEvent("child_death_reviews.death_review_completed", review.name(), completed);
}

Event ReopenedEvent(const DeathReview& review) {
  pb::DeathReviewReopened reopened;
  reopened.set_death_review(review.name());
  reopened.set_child(review.particulars().child());
  return MakeEvent("child_death_reviews.death_review_reopened", review.name(), reopened);
}

}  // namespace

absl::StatusOr<pb::RecordReviewDelayResponse> ReviewCompletions::Delay(
    const pb::RecordReviewDelayRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, ChangeRecord(store_, tx, request, [&](DeathReview& record) {
                     return RecordDelay(record, request, StepOf(tx));
                   }));
  RETURN_IF_ERROR(
      timescales::Extend(tx.db(), review.name(), kReviewCompletion, CompletionDueAt(review))
          .status());
  return ReplyWith<pb::RecordReviewDelayResponse>(std::move(review));
}

absl::StatusOr<pb::CompleteDeathReviewResponse> ReviewCompletions::Complete(
    const pb::CompleteDeathReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const auto meetings, ReadMeetings(tx.db(), review.name()));
  RETURN_IF_ERROR(CompleteReview(review, request, FamilyTold(meetings), tx.now()));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), review.name(), kReviewCompletion, tx.now()).status());
  // A panel may review a death without a meeting before it, for a reason that its case tells.
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), review.name(), tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, review, CompletedEvent(review)));
  return ReplyWith<pb::CompleteDeathReviewResponse>(std::move(review));
}

absl::StatusOr<pb::ReopenDeathReviewResponse> ReviewCompletions::Reopen(
    const pb::ReopenDeathReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, store_.Lock(tx, request.name(), request.etag()));
  const bool completed = review.has_complete_time();
  RETURN_IF_ERROR(ReopenReview(review, request, settings_->Of(tx.call().borough), StepOf(tx)));
  ASSIGN_OR_RETURN(pb::DeathPanelCase record, cases_.LockOf(tx, review.name()));
  RETURN_IF_ERROR(ReopenCase(record));
  RETURN_IF_ERROR(timescales::Cancel(tx.db(), review.name(), kReviewCompletion, tx.now()).status());
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough,
                                    {{.subject = review.name(),
                                      .rule = kReviewCompletion,
                                      .started_at = tx.now(),
                                      .due_at = CompletionDueAt(review),
                                      .owner = review.coordinator()}}));
  RETURN_IF_ERROR(cases_.Update(tx, record));
  RETURN_IF_ERROR(
      store_.Update(tx, review, completed ? std::optional(ReopenedEvent(review)) : std::nullopt));
  return ReplyWith<pb::ReopenDeathReviewResponse>(std::move(review));
}

void RegisterReviewCompletions(ServiceContext& context, const Settings* settings) {
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.DeathReviewsService",
          context.Keep(std::make_unique<ReviewCompletions>(settings)))
      .Write("RecordReviewDelay", &ReviewCompletions::Delay)
      .Write("CompleteDeathReview", &ReviewCompletions::Complete)
      .Write("ReopenDeathReview", &ReviewCompletions::Reopen);
}

}  // namespace lscp::child_death_reviews
