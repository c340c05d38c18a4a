#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/family_support_store.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of FamilySupportsService. The contract says what they answer. Thread-safe.
class FamilySupports {
 public:
  absl::StatusOr<pb::GetFamilySupportResponse> Get(const pb::GetFamilySupportRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::ListFamilySupportsResponse> List(const pb::ListFamilySupportsRequest& request,
                                                      Reading& reading);
  absl::StatusOr<pb::ListMyFamiliesResponse> ListMine(const pb::ListMyFamiliesRequest& request,
                                                      Reading& reading);
  absl::StatusOr<pb::AssignKeyWorkerResponse> Assign(const pb::AssignKeyWorkerRequest& request,
                                                     Transaction& tx);
  absl::StatusOr<pb::RecordSupportOfferResponse> Offer(const pb::RecordSupportOfferRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::RecordFamilyViewsResponse> RecordViews(
      const pb::RecordFamilyViewsRequest& request, Transaction& tx);
  absl::StatusOr<pb::EndFamilySupportResponse> End(const pb::EndFamilySupportRequest& request,
                                                   Transaction& tx);

 private:
  const FamilySupportStore store_;
};

void RegisterFamilySupports(ServiceContext& context);

}  // namespace lscp::child_death_reviews
