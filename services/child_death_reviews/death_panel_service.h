#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/death_panel_case_store.h"
#include "child_death_reviews/death_panel_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of DeathPanelsService. The contract says what they answer. Thread-safe; the settings
// must outlive this.
class DeathPanels {
 public:
  explicit DeathPanels(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::PlanDeathPanelResponse> Plan(const pb::PlanDeathPanelRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::GetDeathPanelResponse> Get(const pb::GetDeathPanelRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::ListDeathPanelsResponse> List(const pb::ListDeathPanelsRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::RearrangeDeathPanelResponse> Rearrange(
      const pb::RearrangeDeathPanelRequest& request, Transaction& tx);
  absl::StatusOr<pb::HoldDeathPanelResponse> Hold(const pb::HoldDeathPanelRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::CancelDeathPanelResponse> Cancel(const pb::CancelDeathPanelRequest& request,
                                                      Transaction& tx);

 private:
  const Settings* const settings_;
  const DeathPanelStore store_;
  const DeathPanelCaseStore cases_;
};

void RegisterDeathPanels(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
