#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/death_panel_case_store.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of DeathReviewsService for the end of a review. The contract says what they answer.
// Thread-safe; the settings must outlive this.
class ReviewCompletions {
 public:
  explicit ReviewCompletions(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::RecordReviewDelayResponse> Delay(const pb::RecordReviewDelayRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::CompleteDeathReviewResponse> Complete(
      const pb::CompleteDeathReviewRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReopenDeathReviewResponse> Reopen(const pb::ReopenDeathReviewRequest& request,
                                                       Transaction& tx);

 private:
  const Settings* const settings_;
  const DeathReviewStore store_;
  const DeathPanelCaseStore cases_;
};

void RegisterReviewCompletions(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
