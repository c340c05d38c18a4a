#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "children_in_care/care_now.h"
#include "children_in_care/care_review.h"
#include "children_in_care/care_review_store.h"
#include "common/lifecycle/service.h"

namespace lscp::children_in_care {

// Handlers of CareReviewsService. The contract says what they answer. Thread-safe.
class CareReviews {
 public:
  absl::StatusOr<pb::AssignReviewingOfficerResponse> Assign(
      const pb::AssignReviewingOfficerRequest& request, Transaction& tx);
  absl::StatusOr<pb::BringReviewForwardResponse> BringForward(
      const pb::BringReviewForwardRequest& request, Transaction& tx);
  absl::StatusOr<pb::HoldReviewResponse> Hold(const pb::HoldReviewRequest& request,
                                              Transaction& tx);
  absl::StatusOr<pb::CompleteReviewDecisionResponse> CompleteDecision(
      const pb::CompleteReviewDecisionRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetCareReviewResponse> Get(const pb::GetCareReviewRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::ListCareReviewsResponse> List(const pb::ListCareReviewsRequest& request,
                                                   Reading& reading);

 private:
  const CareReviewStore store_;
};

// What a child's care makes of the duty to review it: the first review is due, follows, and is not
// needed any more, its clock with it. Nothing to do is no error. Errors: the database's.
absl::Status KeepReviews(Transaction& tx, const CareNow& care);

void RegisterCareReviews(ServiceContext& context);

}  // namespace lscp::children_in_care
