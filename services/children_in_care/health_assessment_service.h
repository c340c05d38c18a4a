#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "children_in_care/health_assessment_store.h"
#include "children_in_care/health_record_store.h"
#include "common/lifecycle/service.h"

namespace lscp::children_in_care {

// Handlers of HealthAssessmentsService for the council. The contract says what they answer.
// Thread-safe.
class HealthAssessments {
 public:
  absl::StatusOr<pb::RequestHealthAssessmentResponse> Request(
      const pb::RequestHealthAssessmentRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordHealthAssessmentResponse> Record(
      const pb::RecordHealthAssessmentRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordAssessmentRefusalResponse> RecordRefusal(
      const pb::RecordAssessmentRefusalRequest& request, Transaction& tx);
  absl::StatusOr<pb::WithdrawHealthAssessmentResponse> Withdraw(
      const pb::WithdrawHealthAssessmentRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetHealthAssessmentResponse> Get(const pb::GetHealthAssessmentRequest& request,
                                                      Reading& reading);
  absl::StatusOr<pb::ListHealthAssessmentsResponse> List(
      const pb::ListHealthAssessmentsRequest& request, Reading& reading);

 private:
  // The record that a request names, which waits for no answer of an agency.
  template <typename AnyRequest>
  absl::StatusOr<pb::HealthRecord> LockFree(Transaction& tx, const AnyRequest& request) const;

  const HealthRecordStore records_;
  const HealthAssessmentStore store_;
};

// Handlers for the agencies that are asked. An agency sees what it is asked for; what others are is
// absent. Thread-safe.
class AssessingAgencies {
 public:
  absl::StatusOr<pb::ListMyHealthAssessmentsResponse> List(
      const pb::ListMyHealthAssessmentsRequest& request, Reading& reading);
  absl::StatusOr<pb::OfferHealthAppointmentResponse> Offer(
      const pb::OfferHealthAppointmentRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReportNotAttendedResponse> ReportNotAttended(
      const pb::ReportNotAttendedRequest& request, Transaction& tx);
  absl::StatusOr<pb::CompleteHealthAssessmentResponse> Complete(
      const pb::CompleteHealthAssessmentRequest& request, Transaction& tx);
  absl::StatusOr<pb::DeclineHealthAssessmentResponse> Decline(
      const pb::DeclineHealthAssessmentRequest& request, Transaction& tx);

 private:
  const HealthRecordStore records_;
  const HealthAssessmentStore store_;
};

void RegisterHealthAssessments(ServiceContext& context);

}  // namespace lscp::children_in_care
