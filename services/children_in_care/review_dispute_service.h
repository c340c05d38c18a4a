#pragma once

#include "absl/status/statusor.h"
#include "children_in_care/care_review_store.h"
#include "children_in_care/review_dispute_store.h"
#include "common/lifecycle/service.h"

namespace lscp::children_in_care {

// Handlers of ReviewDisputesService. The contract says what they answer. Thread-safe.
class ReviewDisputes {
 public:
  absl::StatusOr<pb::RaiseReviewDisputeResponse> Raise(const pb::RaiseReviewDisputeRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::EscalateReviewDisputeResponse> Escalate(
      const pb::EscalateReviewDisputeRequest& request, Transaction& tx);
  absl::StatusOr<pb::AnswerReviewDisputeResponse> Answer(
      const pb::AnswerReviewDisputeRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReferReviewDisputeResponse> Refer(const pb::ReferReviewDisputeRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::ResolveReviewDisputeResponse> Resolve(
      const pb::ResolveReviewDisputeRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetReviewDisputeResponse> Get(const pb::GetReviewDisputeRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::ListReviewDisputesResponse> List(const pb::ListReviewDisputesRequest& request,
                                                      Reading& reading);

 private:
  const CareReviewStore reviews_;
  const ReviewDisputeStore store_;
};

void RegisterReviewDisputes(ServiceContext& context);

}  // namespace lscp::children_in_care
