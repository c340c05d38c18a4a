#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_death_reviews/chronology_store.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/recommendation_store.h"
#include "child_death_reviews/serious_incident_store.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of SeriousIncidentsService up to the rapid review, and at the end. The contract says
// what they answer. Thread-safe.
class SeriousIncidents {
 public:
  absl::StatusOr<pb::RecordSeriousIncidentResponse> Record(
      const pb::RecordSeriousIncidentRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetSeriousIncidentResponse> Get(const pb::GetSeriousIncidentRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::ListSeriousIncidentsResponse> List(
      const pb::ListSeriousIncidentsRequest& request, Reading& reading);
  absl::StatusOr<pb::ListIncidentsOfDeathResponse> ListOfDeath(
      const pb::ListIncidentsOfDeathRequest& request, Reading& reading);
  absl::StatusOr<pb::CorrectSeriousIncidentResponse> Correct(
      const pb::CorrectSeriousIncidentRequest& request, Transaction& tx);
  absl::StatusOr<pb::NotifyNationalPanelResponse> Notify(
      const pb::NotifyNationalPanelRequest& request, Transaction& tx);
  absl::StatusOr<pb::RuleOutNotificationResponse> RuleOut(
      const pb::RuleOutNotificationRequest& request, Transaction& tx);
  absl::StatusOr<pb::CompleteRapidReviewResponse> CompleteRapidReview(
      const pb::CompleteRapidReviewRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordPanelAdviceResponse> RecordAdvice(
      const pb::RecordPanelAdviceRequest& request, Transaction& tx);
  absl::StatusOr<pb::LinkDeathReviewResponse> LinkDeath(const pb::LinkDeathReviewRequest& request,
                                                        Transaction& tx);
  absl::StatusOr<pb::CloseSeriousIncidentResponse> Close(
      const pb::CloseSeriousIncidentRequest& request, Transaction& tx);

 private:
  // The name of the death review, or of the one with which it was merged. PERMISSION_DENIED when
  // there is none in the borough of the call.
  absl::StatusOr<std::string> FindDeathReview(Transaction& tx, std::string name) const;

  const SeriousIncidentStore store_;
  const DeathReviewStore reviews_;
  const RecommendationStore recommendations_;
};

// Handlers of SeriousIncidentsService for the review that is held of an incident. Thread-safe.
class PracticeReviews {
 public:
  absl::StatusOr<pb::DecideReviewResponse> Decide(const pb::DecideReviewRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::ScopeReviewResponse> Scope(const pb::ScopeReviewRequest& request,
                                                Transaction& tx);
  absl::StatusOr<pb::RecordReportResponse> RecordReport(const pb::RecordReportRequest& request,
                                                        Transaction& tx);
  absl::StatusOr<pb::AgreePublicationResponse> AgreePublication(
      const pb::AgreePublicationRequest& request, Transaction& tx);
  absl::StatusOr<pb::PublishReviewResponse> Publish(const pb::PublishReviewRequest& request,
                                                    Transaction& tx);

 private:
  const SeriousIncidentStore store_;
  const ChronologyStore chronologies_;
};

void RegisterSeriousIncidents(ServiceContext& context);

}  // namespace lscp::child_death_reviews
