#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_death_reviews/settings.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_panels_service.pb.h"

// The rules of the meetings of the child death overview panel. No SQL, no gRPC, no clock. Errors
// are those that the contract documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

// Child Death Review: statutory and operational guidance (2018), chapter 5.
inline constexpr Transition<pb::DeathPanel::State> kDeathPanelTransitions[] = {
    {"PlanDeathPanel", {pb::DeathPanel::STATE_UNSPECIFIED}, pb::DeathPanel::STATE_PLANNED},
    {"RearrangeDeathPanel", {pb::DeathPanel::STATE_PLANNED}, pb::DeathPanel::STATE_PLANNED},
    {"HoldDeathPanel", {pb::DeathPanel::STATE_PLANNED}, pb::DeathPanel::STATE_HELD},
    {"CancelDeathPanel", {pb::DeathPanel::STATE_PLANNED}, pb::DeathPanel::STATE_CANCELLED},
};

// A meeting as it starts, held by this borough, without a name yet.
absl::StatusOr<pb::DeathPanel> PlanPanel(const pb::PlanDeathPanelRequest& request,
                                         const std::string& borough, const Settings& settings);
absl::Status Rearrange(pb::DeathPanel& panel, const pb::RearrangeDeathPanelRequest& request);
absl::Status HoldPanel(pb::DeathPanel& panel, const pb::HoldDeathPanelRequest& request,
                       const Settings::Borough& borough);
// `agenda_empty`: no case is on its agenda.
absl::Status CancelPanel(pb::DeathPanel& panel, const pb::CancelDeathPanelRequest& request,
                         bool agenda_empty);

// Whether agencies that were there make the panel quorate in a borough.
bool IsQuorate(const google::protobuf::RepeatedPtrField<pb::Attendance>& attendances,
               const Settings::Borough& borough);
// The meeting reviews the deaths of the borough.
bool IsFor(const pb::DeathPanel& panel, std::string_view borough);

}  // namespace lscp::child_death_reviews
