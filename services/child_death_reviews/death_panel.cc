#include "child_death_reviews/death_panel.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/death_analysis.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathPanel;

absl::Status TakeStep(DeathPanel& panel, std::string_view verb) {
  ASSIGN_OR_RETURN(const DeathPanel::State next,
                   Next(kDeathPanelTransitions, verb, panel.state(), panel.name()));
  panel.set_state(next);
  return absl::OkStatus();
}

// Nobody sits on it twice.
template <typename Request>
void CheckMembers(const Request& request, std::vector<FieldViolation>& violations) {
  std::set<std::pair<std::string, std::string>> told = {
      {request.chair().agency(), request.chair().person()}};
  for (int i = 0; i < request.members_size(); ++i) {
    const pb::PanelMember& member = request.members(i);
    if (told.emplace(member.agency(), member.person()).second) continue;
    violations.push_back({absl::StrCat("members[", i, "].person"), "sits on it already"});
  }
}

template <typename Request>
void Arrange(DeathPanel& panel, const Request& request) {
  *panel.mutable_meet_time() = request.meet_time();
  *panel.mutable_chair() = request.chair();
  *panel.mutable_members() = request.members();
}

}  // namespace

absl::StatusOr<DeathPanel> PlanPanel(const pb::PlanDeathPanelRequest& request,
                                     const std::string& borough, const Settings& settings) {
  std::vector<FieldViolation> violations;
  CheckMembers(request, violations);
  if ((request.theme() == pb::PANEL_THEME_OTHER) == request.theme_title().empty()) {
    violations.push_back({"theme_title", "is given when, and only when, theme is OTHER"});
  }
  std::set<std::string> boroughs = {borough};
  for (int i = 0; i < request.boroughs_size(); ++i) {
    const std::string field = absl::StrCat("boroughs[", i, "]");
    if (!boroughs.insert(request.boroughs(i)).second) {
      violations.push_back({field, "occurs twice, or holds the meeting"});
    }
    if (!settings.Serves(request.boroughs(i))) {
      violations.push_back({field, "is not served together with this borough"});
    }
  }
  if (!violations.empty()) return InvalidFields(violations);
  DeathPanel panel;
  panel.set_state(DeathPanel::STATE_PLANNED);
  panel.set_theme(request.theme());
  panel.set_theme_title(request.theme_title());
  panel.mutable_boroughs()->Assign(boroughs.begin(), boroughs.end());
  Arrange(panel, request);
  return panel;
}

absl::Status Rearrange(DeathPanel& panel, const pb::RearrangeDeathPanelRequest& request) {
  RETURN_IF_ERROR(TakeStep(panel, "RearrangeDeathPanel"));
  std::vector<FieldViolation> violations;
  CheckMembers(request, violations);
  if (!violations.empty()) return InvalidFields(violations);
  Arrange(panel, request);
  return absl::OkStatus();
}

absl::Status HoldPanel(DeathPanel& panel, const pb::HoldDeathPanelRequest& request,
                       const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(panel, "HoldDeathPanel"));
  RETURN_IF_ERROR(CheckAttendances(request.attendances(), "attendances"));
  *panel.mutable_meet_time() = request.meet_time();
  *panel.mutable_attendances() = request.attendances();
  panel.set_quorate(IsQuorate(panel.attendances(), borough));
  return absl::OkStatus();
}

absl::Status CancelPanel(DeathPanel& panel, const pb::CancelDeathPanelRequest& request,
                         bool agenda_empty) {
  RETURN_IF_ERROR(TakeStep(panel, "CancelDeathPanel"));
  if (!agenda_empty) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "agenda_empty", panel.name(),
                              "cases are on its agenda: take them off, or put them on another");
  }
  panel.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

bool IsQuorate(const google::protobuf::RepeatedPtrField<pb::Attendance>& attendances,
               const Settings::Borough& borough) {
  std::set<int> there;
  for (const pb::Attendance& attendance : attendances) {
    if (attendance.attended()) there.insert(attendance.kind());
  }
  return there.size() >= borough.panel_quorum() &&
         std::all_of(borough.panel_quorum_kinds().begin(), borough.panel_quorum_kinds().end(),
                     [&](int kind) { return there.contains(kind); });
}

bool IsFor(const DeathPanel& panel, std::string_view borough) {
  return std::find(panel.boroughs().begin(), panel.boroughs().end(), borough) !=
         panel.boroughs().end();
}

}  // namespace lscp::child_death_reviews
