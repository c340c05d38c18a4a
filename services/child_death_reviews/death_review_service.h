#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_death_reviews/death_notification_store.h"
#include "child_death_reviews/death_panel_case_store.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/family_support_store.h"
#include "child_death_reviews/joint_response_store.h"
#include "child_death_reviews/recommendation_store.h"
#include "child_death_reviews/reporting_form_store.h"
#include "child_death_reviews/serious_incident_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of DeathReviewsService. The contract says what they answer. Thread-safe; the settings
// must outlive this.
class DeathReviews {
 public:
  explicit DeathReviews(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::GetDeathReviewResponse> Get(const pb::GetDeathReviewRequest& request,
                                                 Reading& reading);
  absl::StatusOr<pb::ListDeathReviewsResponse> List(const pb::ListDeathReviewsRequest& request,
                                                    Reading& reading);
  absl::StatusOr<pb::CorrectParticularsResponse> Correct(
      const pb::CorrectParticularsRequest& request, Transaction& tx);
  absl::StatusOr<pb::AcceptDeathReviewResponse> Accept(const pb::AcceptDeathReviewRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::RuleOutDeathReviewResponse> RuleOut(
      const pb::RuleOutDeathReviewRequest& request, Transaction& tx);
  absl::StatusOr<pb::MergeDeathReviewsResponse> Merge(const pb::MergeDeathReviewsRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::HandOverDeathReviewResponse> HandOver(
      const pb::HandOverDeathReviewRequest& request, Transaction& tx);
  absl::StatusOr<pb::AnswerHandOverResponse> AnswerHandOver(
      const pb::AnswerHandOverRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordNationalNotificationResponse> RecordNational(
      const pb::RecordNationalNotificationRequest& request, Transaction& tx);

 private:
  // What a death review has from when it is first taken on, with its clocks.
  absl::Status BeginParts(Transaction& tx, const pb::DeathReview& review) const;
  // A death review that was ruled out is taken on again: what is not done is owed again, from now.
  absl::Status ResumeClocks(Transaction& tx, const pb::DeathReview& review) const;
  // What is owed here is owed no more; agencies are not asked any more, for this reason.
  absl::Status CancelClocks(Transaction& tx, const pb::DeathReview& review,
                            std::string_view reason) const;
  absl::Status MoveClocks(Transaction& tx, const pb::DeathReview& review) const;
  // Who the child was and who answers, as the family's key worker and the panel's case show them.
  absl::Status TellParts(Transaction& tx, const pb::DeathReview& review, bool taken_on) const;
  // The panel does not review the death any more, by this verb.
  absl::Status WithdrawCase(Transaction& tx, const pb::DeathReview& review,
                            std::string_view verb) const;

  const std::string& AreaOf(const Transaction& tx) const {
    return settings_->Of(tx.call().borough).area_code();
  }

  const Settings* const settings_;
  const DeathReviewStore store_;
  const DeathNotificationStore notifications_;
  const JointResponseStore responses_;
  const FamilySupportStore supports_;
  const ReportingFormStore forms_;
  const DeathPanelCaseStore cases_;
  const SeriousIncidentStore incidents_;
  const RecommendationStore recommendations_;
};

void RegisterDeathReviews(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
