#include "children_in_care/care_review.h"

#include "children_in_care/care_rules.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

using pb::CareReview;

absl::Status TakeStep(CareReview& review, std::string_view verb) {
  ASSIGN_OR_RETURN(const CareReview::State next,
                   Next(kCareReviewTransitions, verb, review.state(), review.name()));
  review.set_state(next);
  return absl::OkStatus();
}

absl::Status Broken(const CareReview& review, const char* rule, const char* description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, review.name(), description);
}

// Children Act 1989, section 25A; regulation 46(3): not somebody who manages the child's case.
absl::Status CheckIndependent(const CareReview& review, const std::string& officer,
                              const ReviewedChild& child) {
  if (officer != child.worker) return absl::OkStatus();
  return Broken(review, "independent", "the reviewing officer does not manage the child's case");
}

// Children looked after return (SSDA903), rules 440 and 441: PN0 for a child under four, and only
// then.
absl::Status CheckParticipation(const CareReview& review, const pb::HoldReviewRequest& request,
                                const std::optional<absl::CivilDay>& birth) {
  if (!birth) return absl::OkStatus();
  const bool under_four = AgeOn(*birth, *ProtoToDate(request.hold_date())) < 4;
  if (under_four == (request.participation() == pb::PARTICIPATION_UNDER_FOUR)) {
    return absl::OkStatus();
  }
  return Broken(review, "participation_age", "PN0 is for a child who is under four, and only then");
}

void SetDue(CareReview& review, absl::CivilDay start) {
  *review.mutable_start_date() = DateToProto(start);
  *review.mutable_regular_due_date() = DateToProto(CareReviewDue(review.kind(), start));
  if (review.forward_reason().empty() && !review.has_due_date()) {
    *review.mutable_due_date() = review.regular_due_date();
  }
}

void NoteDecisions(CareReview& review) {
  review.clear_decision_due_date();
  std::optional<absl::CivilDay> first;
  for (const pb::ReviewDecision& decision : review.decisions()) {
    if (decision.has_done_date()) continue;
    const absl::CivilDay due = *ProtoToDate(decision.due_date());
    if (!first || due < *first) first = due;
  }
  if (first) *review.mutable_decision_due_date() = DateToProto(*first);
}

}  // namespace

const TimescaleRule& RuleOf(pb::CareReviewKind kind) {
  if (kind == pb::CARE_REVIEW_KIND_FIRST) return kFirstCareReview;
  return kind == pb::CARE_REVIEW_KIND_SECOND ? kSecondCareReview : kLaterCareReview;
}

absl::CivilDay CareReviewDue(pb::CareReviewKind kind, absl::CivilDay start) {
  return LastDayOf(DueAt(StartOfDay(start), RuleOf(kind).due_after, WorkingDayCalendar()));
}

CareReview BeginReviews(const CareNow& care) {
  CareReview review;
  review.set_state(CareReview::STATE_DUE);
  review.set_child(care.child);
  review.set_child_in_care(care.name);
  review.set_kind(pb::CARE_REVIEW_KIND_FIRST);
  review.set_number(1);
  SetCare(review, care);
  return review;
}

CareReview ReviewAfter(const CareReview& held, const std::optional<absl::CivilDay>& due) {
  CareReview next;
  next.set_state(CareReview::STATE_DUE);
  next.set_child(held.child());
  next.set_child_in_care(held.child_in_care());
  next.set_kind(held.number() == 1 ? pb::CARE_REVIEW_KIND_SECOND : pb::CARE_REVIEW_KIND_LATER);
  next.set_number(held.number() + 1);
  *next.mutable_care_start_date() = held.care_start_date();
  next.set_reviewing_officer(held.reviewing_officer());
  next.set_team(held.team());
  next.set_worker(held.worker());
  if (due) *next.mutable_due_date() = DateToProto(*due);
  SetDue(next, *ProtoToDate(held.hold_date()));
  return next;
}

void SetCare(CareReview& review, const CareNow& care) {
  review.set_state(care.end ? CareReview::STATE_NOT_NEEDED : CareReview::STATE_DUE);
  review.set_team(care.team);
  review.set_worker(care.worker);
  if (ProtoToDate(review.care_start_date()) == care.start) return;
  *review.mutable_care_start_date() = DateToProto(care.start);
  if (review.kind() != pb::CARE_REVIEW_KIND_FIRST) return;
  if (review.forward_reason().empty()) review.clear_due_date();
  SetDue(review, care.start);
}

absl::Status AssignOfficer(CareReview& review, const pb::AssignReviewingOfficerRequest& request,
                           const ReviewedChild& child) {
  RETURN_IF_ERROR(TakeStep(review, "AssignReviewingOfficer"));
  RETURN_IF_ERROR(CheckIndependent(review, request.reviewing_officer(), child));
  review.set_reviewing_officer(request.reviewing_officer());
  return absl::OkStatus();
}

absl::Status BringForward(CareReview& review, const pb::BringReviewForwardRequest& request) {
  RETURN_IF_ERROR(TakeStep(review, "BringReviewForward"));
  if (*ProtoToDate(request.due_date()) >= *ProtoToDate(review.due_date())) {
    return Broken(review, "earlier", "the day is not earlier than the one by which it is due");
  }
  *review.mutable_due_date() = request.due_date();
  review.set_forward_reason(request.reason());
  return absl::OkStatus();
}

absl::StatusOr<CareReview> Hold(CareReview& review, const pb::HoldReviewRequest& request,
                                const ReviewedChild& child) {
  RETURN_IF_ERROR(TakeStep(review, "HoldReview"));
  if (!request.reviewing_officer().empty()) {
    review.set_reviewing_officer(request.reviewing_officer());
  }
  if (review.reviewing_officer().empty()) {
    return InvalidField("reviewing_officer", "is required: nobody was assigned");
  }
  RETURN_IF_ERROR(CheckIndependent(review, review.reviewing_officer(), child));
  const absl::CivilDay day = *ProtoToDate(request.hold_date());
  if (day < *ProtoToDate(review.start_date())) {
    return Broken(review, "in_order",
                  "it was held before the child came into care, or before the "
                  "review before");
  }
  RETURN_IF_ERROR(CheckParticipation(review, request, child.birth_date));
  *review.mutable_hold_date() = request.hold_date();
  review.set_timeliness(day <= *ProtoToDate(review.due_date()) ? pb::CARE_REVIEW_TIMELINESS_IN_TIME
                                                               : pb::CARE_REVIEW_TIMELINESS_LATE);
  review.set_participation(request.participation());
  review.set_child_views(request.child_views());
  *review.mutable_attendees() = request.attendees();
  review.set_record(request.record());
  *review.mutable_decisions() = request.decisions();
  NoteDecisions(review);
  const auto agreed = ProtoToDate(request.next_due_date());
  CareReview next = ReviewAfter(review, agreed);
  if (agreed && (*agreed <= day || *agreed > *ProtoToDate(next.regular_due_date()))) {
    return InvalidField("next_due_date",
                        "is after the day of this review, and no later than the "
                        "law asks");
  }
  return next;
}

absl::Status CompleteDecision(CareReview& review,
                              const pb::CompleteReviewDecisionRequest& request) {
  RETURN_IF_ERROR(TakeStep(review, "CompleteReviewDecision"));
  const int index = request.number() - 1;
  if (index < 0 || index >= review.decisions_size() || review.decisions(index).has_done_date()) {
    return Broken(review, "decision_open", "there is no decision of that number to be done");
  }
  *review.mutable_decisions(index)->mutable_done_date() = request.done_date();
  review.mutable_decisions(index)->set_outcome(request.outcome());
  NoteDecisions(review);
  return absl::OkStatus();
}

void ClearForList(CareReview& review) {
  review.clear_child_views();
  review.clear_record();
  review.clear_decisions();
  review.clear_attendees();
  review.clear_forward_reason();
}

}  // namespace lscp::children_in_care
