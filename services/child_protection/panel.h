#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/panels_service.pb.h"

// The rules of panels: of a child before one, and of what agencies are to do. No SQL, no gRPC, no
// clock. Errors are those that the contract documents; after one, nothing is to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

inline constexpr Transition<pb::PanelCase::State> kPanelCaseTransitions[] = {
    {"NominateToPanel", {pb::PanelCase::STATE_UNSPECIFIED}, pb::PanelCase::STATE_NOMINATED},
    {"PutOnAgenda",
     {pb::PanelCase::STATE_NOMINATED, pb::PanelCase::STATE_ON_AGENDA, pb::PanelCase::STATE_OPEN},
     pb::PanelCase::STATE_ON_AGENDA},
    {"DiscussPanelCase", {pb::PanelCase::STATE_ON_AGENDA}, pb::PanelCase::STATE_OPEN},
    {"DeclineNomination", {pb::PanelCase::STATE_NOMINATED}, pb::PanelCase::STATE_DECLINED},
    {"RemoveFromPanel",
     {pb::PanelCase::STATE_ON_AGENDA, pb::PanelCase::STATE_OPEN},
     pb::PanelCase::STATE_REMOVED},
};

inline constexpr Transition<pb::PanelAction::State> kPanelActionTransitions[] = {
    {"AddPanelAction", {pb::PanelAction::STATE_UNSPECIFIED}, pb::PanelAction::STATE_OPEN},
    {"CompletePanelAction", {pb::PanelAction::STATE_OPEN}, pb::PanelAction::STATE_DONE},
    {"CancelPanelAction", {pb::PanelAction::STATE_OPEN}, pb::PanelAction::STATE_CANCELLED},
};

inline constexpr TimescaleRule kPanelAction = {
    "panel_action", "Action of a panel done", "action given", Days(14),
    "Set with each action; else 14 days, a local default"};
std::vector<TimescaleRule> PanelRules();

// The panel that is known by this name (its id, or another name in whatever case) and sits on that
// day; nullptr when there is none. Valid as long as the settings.
const pb::Panel* PanelOf(const Settings::Borough& borough, std::string_view name,
                         absl::CivilDay day);

// A case as it starts, without a name yet.
absl::StatusOr<pb::PanelCase> Nominate(const pb::NominateToPanelRequest& request, const Step& step,
                                       const Settings::Borough& borough);

absl::Status PutOnAgenda(pb::PanelCase& record, const pb::PutOnAgendaRequest& request,
                         const Settings::Borough& borough);

absl::Status Discuss(pb::PanelCase& record, const pb::DiscussPanelCaseRequest& request,
                     const Step& step);

absl::Status Decline(pb::PanelCase& record, const pb::DeclineNominationRequest& request,
                     const Step& step);

// `open_actions`: some of the case's are.
absl::Status Remove(pb::PanelCase& record, const pb::RemoveFromPanelRequest& request,
                    bool open_actions, const Step& step);

// An action of a case as it starts, without a name yet.
absl::StatusOr<pb::PanelAction> AddAction(const pb::AddPanelActionRequest& request,
                                          const pb::PanelCase& record, const Step& step);

absl::Status Complete(pb::PanelAction& action, const pb::CompletePanelActionRequest& request,
                      const Step& step);

absl::Status Cancel(pb::PanelAction& action, const pb::CancelPanelActionRequest& request);

}  // namespace lscp::child_protection
