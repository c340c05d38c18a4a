#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/recommendation_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of RecommendationsService for those who make and verify recommendations. The contract
// says what they answer. Thread-safe; the settings must outlive this.
class Recommendations {
 public:
  explicit Recommendations(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::MakeRecommendationResponse> Make(const pb::MakeRecommendationRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::GetRecommendationResponse> Get(const pb::GetRecommendationRequest& request,
                                                    Reading& reading);
  absl::StatusOr<pb::ListRecommendationsResponse> List(
      const pb::ListRecommendationsRequest& request, Reading& reading);
  absl::StatusOr<pb::ExtendRecommendationResponse> Extend(
      const pb::ExtendRecommendationRequest& request, Transaction& tx);
  absl::StatusOr<pb::InsistOnRecommendationResponse> Insist(
      const pb::InsistOnRecommendationRequest& request, Transaction& tx);
  absl::StatusOr<pb::WithdrawRecommendationResponse> Withdraw(
      const pb::WithdrawRecommendationRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReturnRecommendationResponse> Return(
      const pb::ReturnRecommendationRequest& request, Transaction& tx);
  absl::StatusOr<pb::CloseRecommendationResponse> Close(
      const pb::CloseRecommendationRequest& request, Transaction& tx);

 private:
  // What its body owes from now on: an answer, and what it is to do.
  absl::Status StartClocks(Transaction& tx, const pb::Recommendation& recommendation) const;

  const Settings* const settings_;
  const RecommendationStore store_;
};

// Handlers for the bodies that recommendations are made to. An agency sees its own; others are
// absent. Thread-safe.
class RecommendedAgencies {
 public:
  absl::StatusOr<pb::ListMyRecommendationsResponse> List(
      const pb::ListMyRecommendationsRequest& request, Reading& reading);
  absl::StatusOr<pb::AnswerRecommendationResponse> Answer(
      const pb::AnswerRecommendationRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReportProgressResponse> Report(const pb::ReportProgressRequest& request,
                                                    Transaction& tx);

 private:
  const RecommendationStore store_;
};

void RegisterRecommendations(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
