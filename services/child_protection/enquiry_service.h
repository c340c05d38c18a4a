#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/enquiry_store.h"
#include "child_protection/parts.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of EnquiriesService. The contract says what they answer. Thread-safe.
class Enquiries {
 public:
  absl::StatusOr<pb::GetEnquiryResponse> Get(const pb::GetEnquiryRequest& request,
                                             Reading& reading);
  absl::StatusOr<pb::ListEnquiriesResponse> List(const pb::ListEnquiriesRequest& request,
                                                 Reading& reading);
  absl::StatusOr<pb::AllocateEnquiryResponse> Allocate(const pb::AllocateEnquiryRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::RecordEnquiryChildSeenResponse> RecordSeen(
      const pb::RecordEnquiryChildSeenRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordMedicalExaminationResponse> RecordMedical(
      const pb::RecordMedicalExaminationRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordPoliceInvestigationResponse> RecordPolice(
      const pb::RecordPoliceInvestigationRequest& request, Transaction& tx);
  absl::StatusOr<pb::ConcludeEnquiryResponse> Conclude(const pb::ConcludeEnquiryRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::CancelEnquiryResponse> Cancel(const pb::CancelEnquiryRequest& request,
                                                   Transaction& tx);

 private:
  const EnquiryStore store_;
};

// What others do to enquiries, in their own transactions. Errors: the rules'; the database's.

// A strategy discussion that was held decided that a child needs one: starts it with its clock, or
// lets the one that is open go on. Result: its name.
absl::StatusOr<std::string> StartOrGoOn(Transaction& tx, const EnquiryStore& store,
                                        const pb::StrategyDiscussion& discussion,
                                        const std::string& child, bool joint);

// The initial conference that was due for an enquiry was held: CONFERENCE_DUE to CONFERENCE_HELD,
// and its clock has been met at `held`.
absl::Status HoldInitialConferenceOf(Transaction& tx, const EnquiryStore& store,
                                     std::string_view name, absl::Time held);

void RegisterEnquiries(ServiceContext& context);

}  // namespace lscp::child_protection
