#pragma once

#include "absl/status/statusor.h"
#include "common/journal/transaction.h"
#include "referrals/referral_service.h"
#include "safeguarding/referrals/v1/assessments_service.pb.h"

namespace lscp::referrals {

// Handlers of AssessmentsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class Assessments {
 public:
  explicit Assessments(const CaseParts& parts) : parts_(parts) {}

  absl::StatusOr<pb::StartAssessmentResponse> Start(const pb::StartAssessmentRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::GetAssessmentResponse> Get(const pb::GetAssessmentRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::ListAssessmentsResponse> List(const pb::ListAssessmentsRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::UpdateAssessmentResponse> Update(const pb::UpdateAssessmentRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::RecordChildSeenResponse> RecordChildSeen(
      const pb::RecordChildSeenRequest& request, Transaction& tx);
  absl::StatusOr<pb::ExtendAssessmentResponse> Extend(const pb::ExtendAssessmentRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::SubmitAssessmentResponse> Submit(const pb::SubmitAssessmentRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::ReturnAssessmentResponse> Return(const pb::ReturnAssessmentRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::AuthoriseAssessmentResponse> Authorise(
      const pb::AuthoriseAssessmentRequest& request, Transaction& tx);
  absl::StatusOr<pb::CancelAssessmentResponse> Cancel(const pb::CancelAssessmentRequest& request,
                                                      Transaction& tx);

 private:
  absl::StatusOr<Event> EventOf(Transaction& tx, const pb::Assessment& assessment,
                                const pb::Referral& referral) const;

  const CaseParts parts_;
};

}  // namespace lscp::referrals
