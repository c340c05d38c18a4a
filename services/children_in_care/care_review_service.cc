#include "children_in_care/care_review_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "children_in_care/care_visit_service.h"
#include "children_in_care/children.h"
#include "children_in_care/duty_clock.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/time/days.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::children_in_care {
namespace {

using pb::CareReview;

template <typename Response>
Response ReplyWith(CareReview review) {
  Response response;
  *response.mutable_care_review() = std::move(review);
  return response;
}

absl::Status KeepClockOf(Transaction& tx, const CareReview& review, absl::Time start) {
  return KeepClock(tx, {.subject = review.name(),
                        .rule = RuleOf(review.kind()).id,
                        .started_at = start,
                        .due_at = EndOfDay(*ProtoToDate(review.due_date())),
                        .team = review.team(),
                        .owner = review.reviewing_officer()});
}

absl::StatusOr<ReviewedChild> ChildOf(Transaction& tx, const CareReview& review) {
  ASSIGN_OR_RETURN(const KnownChild child, LockChild(tx.db(), review.child()));
  return ReviewedChild{.birth_date = child.birth_date, .worker = review.worker()};
}

absl::Status Follow(Transaction& tx, const CareReviewStore& store, CareReview review,
                    const CareNow& care) {
  const std::string before = review.SerializeAsString();
  const bool was_due = review.state() == CareReview::STATE_DUE;
  SetCare(review, care);
  if (review.SerializeAsString() == before) return absl::OkStatus();
  if (review.state() == CareReview::STATE_DUE) {
    // One that is needed again has had a clock that started when this one did.
    const absl::Time start = was_due ? StartOfDay(*ProtoToDate(review.start_date())) : tx.now();
    RETURN_IF_ERROR(KeepClockOf(tx, review, start));
  } else {
    // What fell due between the end and its being recorded was not owed.
    RETURN_IF_ERROR(
        timescales::CancelAll(tx.db(), review.name(), InstantOn(*care.end, tx.now())).status());
  }
  return store.Update(tx, review);
}

}  // namespace

absl::StatusOr<pb::AssignReviewingOfficerResponse> CareReviews::Assign(
    const pb::AssignReviewingOfficerRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(CareReview review, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const ReviewedChild child, ChildOf(tx, review));
  RETURN_IF_ERROR(AssignOfficer(review, request, child));
  RETURN_IF_ERROR(
      timescales::Reassign(tx.db(), review.name(), review.team(), review.reviewing_officer())
          .status());
  RETURN_IF_ERROR(store_.Update(tx, review));
  return ReplyWith<pb::AssignReviewingOfficerResponse>(std::move(review));
}

absl::StatusOr<pb::BringReviewForwardResponse> CareReviews::BringForward(
    const pb::BringReviewForwardRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(CareReview review, ChangeRecord(store_, tx, request, [&](CareReview& changed) {
                     return children_in_care::BringForward(changed, request);
                   }));
  RETURN_IF_ERROR(timescales::Extend(tx.db(), review.name(), RuleOf(review.kind()).id,
                                     EndOfDay(*ProtoToDate(review.due_date())))
                      .status());
  return ReplyWith<pb::BringReviewForwardResponse>(std::move(review));
}

absl::StatusOr<pb::HoldReviewResponse> CareReviews::Hold(const pb::HoldReviewRequest& request,
                                                         Transaction& tx) {
  ASSIGN_OR_RETURN(CareReview review, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const ReviewedChild child, ChildOf(tx, review));
  ASSIGN_OR_RETURN(CareReview next, children_in_care::Hold(review, request, child));
  const absl::CivilDay day = *ProtoToDate(request.hold_date());
  const absl::Time held = InstantOn(day, tx.now());
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), review.name(), RuleOf(review.kind()).id, held).status());
  next.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(KeepClockOf(tx, next, held));
  RETURN_IF_ERROR(store_.Update(tx, review));
  RETURN_IF_ERROR(store_.Insert(tx, next));
  RETURN_IF_ERROR(TellVisitsOfReview(tx, review.child_in_care(), day));
  pb::HoldReviewResponse response;
  *response.mutable_care_review() = std::move(review);
  response.set_next(next.name());
  return response;
}

absl::StatusOr<pb::CompleteReviewDecisionResponse> CareReviews::CompleteDecision(
    const pb::CompleteReviewDecisionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(CareReview review, ChangeRecord(store_, tx, request, [&](CareReview& changed) {
                     return children_in_care::CompleteDecision(changed, request);
                   }));
  return ReplyWith<pb::CompleteReviewDecisionResponse>(std::move(review));
}

absl::StatusOr<pb::GetCareReviewResponse> CareReviews::Get(const pb::GetCareReviewRequest& request,
                                                           Reading& reading) {
  ASSIGN_OR_RETURN(CareReview review, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetCareReviewResponse>(std::move(review));
}

absl::StatusOr<pb::ListCareReviewsResponse> CareReviews::List(
    const pb::ListCareReviewsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListCareReviewsResponse response;
  for (CareReview& review : page.resources) {
    ClearForList(review);
    *response.add_care_reviews() = std::move(review);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::Status KeepReviews(Transaction& tx, const CareNow& care) {
  const CareReviewStore store;
  ASSIGN_OR_RETURN(std::optional<CareReview> known, store.LockNext(tx, care));
  if (known) return Follow(tx, store, *std::move(known), care);
  if (care.end) return absl::OkStatus();
  CareReview review = BeginReviews(care);
  review.set_name(store.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(KeepClockOf(tx, review, StartOfDay(care.start)));
  return store.Insert(tx, review);
}

void RegisterCareReviews(ServiceContext& context) {
  context.methods()
      .Of("safeguarding.children_in_care.v1.CareReviewsService",
          context.Keep(std::make_unique<CareReviews>()))
      .Write("AssignReviewingOfficer", &CareReviews::Assign)
      .Write("BringReviewForward", &CareReviews::BringForward)
      .Write("HoldReview", &CareReviews::Hold)
      .Write("CompleteReviewDecision", &CareReviews::CompleteDecision)
      .Read("GetCareReview", &CareReviews::Get)
      .Read("ListCareReviews", &CareReviews::List);
}

}  // namespace lscp::children_in_care
