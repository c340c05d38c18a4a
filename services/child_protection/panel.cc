#include "child_protection/panel.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/days.h"

namespace lscp::child_protection {
namespace {

using pb::PanelAction;
using pb::PanelCase;

absl::Status TakeStep(PanelCase& record, std::string_view verb) {
  ASSIGN_OR_RETURN(const PanelCase::State next,
                   Next(kPanelCaseTransitions, verb, record.state(), record.name()));
  record.set_state(next);
  return absl::OkStatus();
}

absl::Status TakeStep(PanelAction& action, std::string_view verb) {
  ASSIGN_OR_RETURN(const PanelAction::State next,
                   Next(kPanelActionTransitions, verb, action.state(), action.name()));
  action.set_state(next);
  return absl::OkStatus();
}

bool SitsOn(const pb::Panel& panel, absl::CivilDay day) {
  return (!panel.has_from_date() || *ProtoToDate(panel.from_date()) <= day) &&
         (!panel.has_to_date() || day <= *ProtoToDate(panel.to_date()));
}

bool IsKnownAs(const pb::Panel& panel, const std::string& name) {
  return panel.id() == name || absl::EqualsIgnoreCase(panel.display_name(), name) ||
         std::any_of(
             panel.aliases().begin(), panel.aliases().end(),
             [&name](const std::string& alias) { return absl::EqualsIgnoreCase(alias, name); });
}

}  // namespace

std::vector<TimescaleRule> PanelRules() { return {kPanelAction}; }

const pb::Panel* PanelOf(const Settings::Borough& borough, std::string_view name,
                         absl::CivilDay day) {
  const std::string wanted(name);
  for (const pb::Panel& panel : borough.panels()) {
    if (IsKnownAs(panel, wanted) && SitsOn(panel, day)) return &panel;
  }
  return nullptr;
}

absl::StatusOr<PanelCase> Nominate(const pb::NominateToPanelRequest& request, const Step& step,
                                   const Settings::Borough& borough) {
  const pb::Panel* panel = PanelOf(borough, request.panel(), LondonDay(step.now));
  if (panel == nullptr) return InvalidField("panel", "no panel of this name sits today");
  PanelCase record;
  RETURN_IF_ERROR(TakeStep(record, "NominateToPanel"));
  record.set_panel(panel->id());
  record.set_child(request.child());
  record.set_reason(request.reason());
  record.set_nominating_agency(step.agency);
  record.set_nominated_by(step.person);
  *record.mutable_nominate_time() = TimeToProto(step.now);
  record.set_risk(request.risk());
  return record;
}

absl::Status PutOnAgenda(PanelCase& record, const pb::PutOnAgendaRequest& request,
                         const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(record, "PutOnAgenda"));
  const absl::CivilDay day = *ProtoToDate(request.meeting_date());
  if (day < LondonDay(*ProtoToTime(record.nominate_time()))) {
    return InvalidField("meeting_date", "lies before the nomination");
  }
  if (!record.discussions().empty() &&
      day <= *ProtoToDate(record.discussions().rbegin()->meeting_date())) {
    return InvalidField("meeting_date", "is not after the last discussion");
  }
  if (PanelOf(borough, record.panel(), day) == nullptr) {
    return InvalidField("meeting_date", "the panel does not sit any more");
  }
  *record.mutable_meeting_date() = request.meeting_date();
  return absl::OkStatus();
}

absl::Status Discuss(PanelCase& record, const pb::DiscussPanelCaseRequest& request,
                     const Step& step) {
  RETURN_IF_ERROR(TakeStep(record, "DiscussPanelCase"));
  if (*ProtoToDate(request.meeting_date()) != *ProtoToDate(record.meeting_date())) {
    return InvalidField("meeting_date", "is not the meeting on whose agenda the case is");
  }
  pb::PanelDiscussion& discussion = *record.add_discussions();
  *discussion.mutable_meeting_date() = request.meeting_date();
  *discussion.mutable_agencies() = request.agencies();
  discussion.set_risk(request.risk());
  discussion.set_discussion(request.discussion());
  discussion.set_decision(request.decision());
  discussion.set_recorded_by(step.person);
  if (request.risk() != pb::PANEL_RISK_UNSPECIFIED) record.set_risk(request.risk());
  return absl::OkStatus();
}

absl::Status Decline(PanelCase& record, const pb::DeclineNominationRequest& request,
                     const Step& step) {
  RETURN_IF_ERROR(TakeStep(record, "DeclineNomination"));
  record.set_decline_reason(request.reason());
  *record.mutable_end_date() = DateToProto(LondonDay(step.now));
  return absl::OkStatus();
}

absl::Status Remove(PanelCase& record, const pb::RemoveFromPanelRequest& request, bool open_actions,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(record, "RemoveFromPanel"));
  if (request.reason() == pb::PANEL_REMOVAL_REASON_OTHER && request.note().empty()) {
    return InvalidField("note", "is required with OTHER");
  }
  // What was agreed is done or taken back before a child leaves the panel's sight.
  if (open_actions) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "actions_ended", record.name(),
                              "an action of the case is open");
  }
  record.set_removal_reason(request.reason());
  record.set_removal_note(request.note());
  *record.mutable_end_date() = DateToProto(LondonDay(step.now));
  return absl::OkStatus();
}

absl::StatusOr<PanelAction> AddAction(const pb::AddPanelActionRequest& request,
                                      const PanelCase& record, const Step& step) {
  if (record.state() != PanelCase::STATE_ON_AGENDA && record.state() != PanelCase::STATE_OPEN) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "panel_has_case", record.name(),
                              "the panel has not taken the case, or it has ended");
  }
  PanelAction action;
  RETURN_IF_ERROR(TakeStep(action, "AddPanelAction"));
  action.set_panel_case(record.name());
  action.set_panel(record.panel());
  action.set_child(record.child());
  action.set_kind(request.kind());
  action.set_description(request.description());
  action.set_agency(request.agency());
  action.set_owner(request.owner());
  *action.mutable_due_date() =
      request.has_due_date() ? request.due_date()
                             : DateToProto(LondonDay(step.now) + kPanelAction.due_after.count);
  return action;
}

absl::Status Complete(PanelAction& action, const pb::CompletePanelActionRequest& request,
                      const Step& step) {
  RETURN_IF_ERROR(TakeStep(action, "CompletePanelAction"));
  action.set_outcome(request.outcome());
  *action.mutable_complete_time() = TimeToProto(step.now);
  action.set_completed_by(step.person);
  return absl::OkStatus();
}

absl::Status Cancel(PanelAction& action, const pb::CancelPanelActionRequest& request) {
  RETURN_IF_ERROR(TakeStep(action, "CancelPanelAction"));
  action.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
