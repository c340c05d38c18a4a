#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/death_panel_case_store.h"
#include "child_death_reviews/death_review_meeting_store.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/joint_response_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of DeathReviewMeetingsService. The contract says what they answer. Thread-safe; the
// settings must outlive this.
class DeathReviewMeetings {
 public:
  explicit DeathReviewMeetings(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::PlanDeathReviewMeetingResponse> Plan(
      const pb::PlanDeathReviewMeetingRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetDeathReviewMeetingResponse> Get(
      const pb::GetDeathReviewMeetingRequest& request, Reading& reading);
  absl::StatusOr<pb::ListDeathReviewMeetingsResponse> List(
      const pb::ListDeathReviewMeetingsRequest& request, Reading& reading);
  absl::StatusOr<pb::HoldDeathReviewMeetingResponse> Hold(
      const pb::HoldDeathReviewMeetingRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReportDeathReviewMeetingResponse> Report(
      const pb::ReportDeathReviewMeetingRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordFamilyFeedbackResponse> TellFamily(
      const pb::RecordFamilyFeedbackRequest& request, Transaction& tx);
  absl::StatusOr<pb::CancelDeathReviewMeetingResponse> Cancel(
      const pb::CancelDeathReviewMeetingRequest& request, Transaction& tx);

 private:
  const Settings* const settings_;
  const DeathReviewMeetingStore store_;
  const DeathReviewStore reviews_;
  const JointResponseStore responses_;
  const DeathPanelCaseStore cases_;
};

// The panel owes its review from now on; what was owed before is not any more. Errors: the
// database's.
absl::Status OwePanelReview(Transaction& tx, const Settings& settings,
                            const pb::DeathReview& review);

void RegisterDeathReviewMeetings(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
