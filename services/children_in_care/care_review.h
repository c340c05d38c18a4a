#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "children_in_care/care_now.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/children_in_care/v1/care_reviews_service.pb.h"

// The rules of reviews of children in care. No SQL, no gRPC, no clock. After an error a review is
// not to be stored.
namespace lscp::children_in_care {

// What is recorded of the child's care begins the first one and ends the need for the next.
inline constexpr Transition<pb::CareReview::State> kCareReviewTransitions[] = {
    {"StartCare", {pb::CareReview::STATE_UNSPECIFIED}, pb::CareReview::STATE_DUE},
    {"HoldReview, the next one", {pb::CareReview::STATE_UNSPECIFIED}, pb::CareReview::STATE_DUE},
    {"AssignReviewingOfficer", {pb::CareReview::STATE_DUE}, pb::CareReview::STATE_DUE},
    {"BringReviewForward", {pb::CareReview::STATE_DUE}, pb::CareReview::STATE_DUE},
    {"HoldReview", {pb::CareReview::STATE_DUE}, pb::CareReview::STATE_HELD},
    {"CompleteReviewDecision", {pb::CareReview::STATE_HELD}, pb::CareReview::STATE_HELD},
    {"EndCare", {pb::CareReview::STATE_DUE}, pb::CareReview::STATE_NOT_NEEDED},
    {"CorrectCare", {pb::CareReview::STATE_NOT_NEEDED}, pb::CareReview::STATE_DUE},
};

// Care Planning, Placement and Case Review (England) Regulations 2010, regulation 33.
inline constexpr TimescaleRule kFirstCareReview = {
    "care_review_first", "First review of a child in care held", "child came into care",
    WorkingDays(20), "Care Planning Regulations 2010, regulation 33(1)"};
inline constexpr TimescaleRule kSecondCareReview = {
    "care_review_second", "Second review of a child in care held", "first review held", Months(3),
    "Care Planning Regulations 2010, regulation 33(2)"};
inline constexpr TimescaleRule kLaterCareReview = {
    "care_review_later", "Later review of a child in care held", "review before held", Months(6),
    "Care Planning Regulations 2010, regulation 33(2)"};

const TimescaleRule& RuleOf(pb::CareReviewKind kind);
// Last day for a review, counted from the start of care or the review before.
absl::CivilDay CareReviewDue(pb::CareReviewKind kind, absl::CivilDay start);

// The first review of a period of care, without a name yet.
pb::CareReview BeginReviews(const CareNow& care);
// The one after a review that was held, without a name yet. `due` when it is to be held earlier
// than the law asks.
pb::CareReview ReviewAfter(const pb::CareReview& held, const std::optional<absl::CivilDay>& due);

// Makes a review that is or was due agree with what is known of the period of care.
void SetCare(pb::CareReview& review, const CareNow& care);

// What holding a review needs to know of the child.
struct ReviewedChild {
  std::optional<absl::CivilDay> birth_date;
  std::string worker;  // the social worker
};

absl::Status AssignOfficer(pb::CareReview& review, const pb::AssignReviewingOfficerRequest& request,
                           const ReviewedChild& child);
absl::Status BringForward(pb::CareReview& review, const pb::BringReviewForwardRequest& request);
// Result: the next review.
absl::StatusOr<pb::CareReview> Hold(pb::CareReview& review, const pb::HoldReviewRequest& request,
                                    const ReviewedChild& child);
absl::Status CompleteDecision(pb::CareReview& review,
                              const pb::CompleteReviewDecisionRequest& request);

// Without what a list does not show.
void ClearForList(pb::CareReview& review);

}  // namespace lscp::children_in_care
