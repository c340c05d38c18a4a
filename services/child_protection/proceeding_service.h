#pragma once

#include "absl/status/statusor.h"
#include "child_protection/parts.h"
#include "child_protection/proceeding_store.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/proceedings_service.pb.h"

namespace lscp::child_protection {

// Handlers of ProceedingsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class Proceedings {
 public:
  explicit Proceedings(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::StartPreProceedingsResponse> Start(
      const pb::StartPreProceedingsRequest& request, Transaction& tx);
  absl::StatusOr<pb::IssueWithoutPreProceedingsResponse> IssueAtOnce(
      const pb::IssueWithoutPreProceedingsRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetProceedingResponse> Get(const pb::GetProceedingRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::ListProceedingsResponse> List(const pb::ListProceedingsRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::SendLetterBeforeProceedingsResponse> SendLetter(
      const pb::SendLetterBeforeProceedingsRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordFamilyMeetingResponse> FamilyMeeting(
      const pb::RecordFamilyMeetingRequest& request, Transaction& tx);
  absl::StatusOr<pb::HoldPreProceedingsMeetingResponse> HoldMeeting(
      const pb::HoldPreProceedingsMeetingRequest& request, Transaction& tx);
  absl::StatusOr<pb::DecidePreProceedingsResponse> Decide(
      const pb::DecidePreProceedingsRequest& request, Transaction& tx);
  absl::StatusOr<pb::IssueProceedingsResponse> Issue(const pb::IssueProceedingsRequest& request,
                                                     Transaction& tx);
  absl::StatusOr<pb::EndProceedingsResponse> End(const pb::EndProceedingsRequest& request,
                                                 Transaction& tx);

 private:
  // Stores a new one of a child who has none that has not ended.
  absl::Status Insert(Transaction& tx, pb::Proceeding& proceeding) const;
  // Starts the clock of the court.
  static absl::Status GoToCourt(Transaction& tx, const pb::Proceeding& proceeding);

  const Settings::Borough& Borough(const Transaction& tx) const {
    return parts_.settings->Of(tx.call().borough);
  }

  const Parts parts_;
  const ProceedingStore store_;
};

// Registers the methods.
void RegisterProceedings(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
