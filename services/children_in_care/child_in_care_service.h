#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "children_in_care/child_in_care.h"
#include "children_in_care/child_in_care_store.h"
#include "children_in_care/parts.h"
#include "common/lifecycle/service.h"

namespace lscp::children_in_care {

// Handlers of ChildrenInCareService. The contract says what they answer. Thread-safe.
class ChildrenInCare {
 public:
  explicit ChildrenInCare(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::StartCareResponse> Start(const pb::StartCareRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetChildInCareResponse> Get(const pb::GetChildInCareRequest& request,
                                                 Reading& reading);
  absl::StatusOr<pb::ListChildrenInCareResponse> List(const pb::ListChildrenInCareRequest& request,
                                                      Reading& reading);
  absl::StatusOr<pb::ListChildrenTonightResponse> ListTonight(
      const pb::ListChildrenTonightRequest& request, Reading& reading);
  absl::StatusOr<pb::ListCareRevisionsResponse> ListRevisions(
      const pb::ListCareRevisionsRequest& request, Reading& reading);
  absl::StatusOr<pb::ChangeCareResponse> Change(const pb::ChangeCareRequest& request,
                                                Transaction& tx);
  absl::StatusOr<pb::MoveTemporarilyResponse> MoveTemporarily(
      const pb::MoveTemporarilyRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReturnToPlacementResponse> Return(const pb::ReturnToPlacementRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::EndCareResponse> End(const pb::EndCareRequest& request, Transaction& tx);
  absl::StatusOr<pb::CorrectCareResponse> Correct(const pb::CorrectCareRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::AssignChildInCareResponse> Assign(const pb::AssignChildInCareRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::RecordAreaNoticeResponse> RecordNotice(
      const pb::RecordAreaNoticeRequest& request, Transaction& tx);
  absl::StatusOr<pb::ApprovePlacementResponse> Approve(const pb::ApprovePlacementRequest& request,
                                                       Transaction& tx);

 private:
  absl::StatusOr<CareFacts> FactsOf(Transaction& tx, const std::string& child) const;
  // Changes the record that a request names by a rule (of the record and the facts), with all that
  // follows.
  template <typename Response, typename Request, typename Rule>
  absl::StatusOr<Response> ChangeBy(const Rule& rule, const Request& request, Transaction& tx);

  const Parts parts_;
  const ChildInCareStore store_;
};

// Registers the methods.
void RegisterChildrenInCare(ServiceContext& context, const Parts& parts);

}  // namespace lscp::children_in_care
