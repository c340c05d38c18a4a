#pragma once

#include "absl/status/statusor.h"
#include "child_protection/panel_store.h"
#include "child_protection/parts.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/panels_service.pb.h"

namespace lscp::child_protection {

// Handlers of PanelsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class Panels {
 public:
  explicit Panels(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::GetPanelsResponse> GetAll(const pb::GetPanelsRequest& request,
                                               Reading& reading);
  absl::StatusOr<pb::NominateToPanelResponse> Nominate(const pb::NominateToPanelRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::GetPanelCaseResponse> Get(const pb::GetPanelCaseRequest& request,
                                               Reading& reading);
  absl::StatusOr<pb::ListPanelCasesResponse> List(const pb::ListPanelCasesRequest& request,
                                                  Reading& reading);
  absl::StatusOr<pb::PutOnAgendaResponse> PutOnAgenda(const pb::PutOnAgendaRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::DiscussPanelCaseResponse> Discuss(const pb::DiscussPanelCaseRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::DeclineNominationResponse> Decline(const pb::DeclineNominationRequest& request,
                                                        Transaction& tx);
  absl::StatusOr<pb::RemoveFromPanelResponse> Remove(const pb::RemoveFromPanelRequest& request,
                                                     Transaction& tx);
  absl::StatusOr<pb::AddPanelActionResponse> AddAction(const pb::AddPanelActionRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::ListPanelActionsResponse> ListActions(
      const pb::ListPanelActionsRequest& request, Reading& reading);
  absl::StatusOr<pb::ListMyActionsResponse> ListMine(const pb::ListMyActionsRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::CompletePanelActionResponse> Complete(
      const pb::CompletePanelActionRequest& request, Transaction& tx);
  absl::StatusOr<pb::CancelPanelActionResponse> Cancel(const pb::CancelPanelActionRequest& request,
                                                       Transaction& tx);

 private:
  const Settings::Borough& Borough(const Transaction& tx) const {
    return parts_.settings->Of(tx.call().borough);
  }

  const Parts parts_;
  const PanelCaseStore cases_;
  const PanelActionStore actions_;
};

// Registers the methods.
void RegisterPanels(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
