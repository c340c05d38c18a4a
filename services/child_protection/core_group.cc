#include "child_protection/core_group.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::CoreGroup;
using pb::ProtectionPlan;

absl::Status TakeStep(CoreGroup& core_group, std::string_view verb) {
  ASSIGN_OR_RETURN(const CoreGroup::State next,
                   Next(kCoreGroupTransitions, verb, core_group.state(), core_group.name()));
  core_group.set_state(next);
  return absl::OkStatus();
}

pb::PlanOutcome* OutcomeOf(std::vector<ProtectionPlan>& plans, const pb::OutcomeFinding& finding) {
  for (ProtectionPlan& plan : plans) {
    if (plan.name() != finding.plan()) continue;
    for (pb::PlanOutcome& outcome : *plan.mutable_outcomes()) {
      if (outcome.id() == finding.id() && !outcome.closed()) return &outcome;
    }
  }
  return nullptr;
}

// The plans on which the core group can say something: one that has ended since keeps what it has.
bool IsActive(const ProtectionPlan& plan) { return plan.state() == ProtectionPlan::STATE_ACTIVE; }

size_t OpenOutcomes(const std::vector<ProtectionPlan>& plans) {
  size_t open = 0;
  for (const ProtectionPlan& plan : plans) {
    if (!IsActive(plan)) continue;
    open += std::count_if(plan.outcomes().begin(), plan.outcomes().end(),
                          [](const pb::PlanOutcome& outcome) { return !outcome.closed(); });
  }
  return open;
}

// Working Together to Safeguard Children: the core group keeps every outcome of the plan in view.
absl::Status CheckFindings(std::vector<ProtectionPlan>& plans,
                           const pb::HoldCoreGroupRequest& request) {
  std::vector<FieldViolation> violations;
  std::set<std::pair<std::string, std::string>> told;
  for (int i = 0; i < request.findings_size(); ++i) {
    const pb::OutcomeFinding& finding = request.findings(i);
    if (OutcomeOf(plans, finding) == nullptr ||
        !told.insert({finding.plan(), finding.id()}).second) {
      violations.push_back({absl::StrCat("findings[", i, "].id"),
                            "is not an open outcome of one of the plans, or occurs twice"});
    }
  }
  if (told.size() < OpenOutcomes(plans)) {
    violations.push_back({"findings", "an open outcome of a plan is missing"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

absl::Status CheckAttendance(const CoreGroup& core_group, const pb::HoldCoreGroupRequest& request) {
  std::vector<FieldViolation> violations;
  for (int i = 0; i < request.agencies_attended_size(); ++i) {
    const bool member = std::any_of(
        core_group.members().begin(), core_group.members().end(),
        [&](const auto& entry) { return entry.agency() == request.agencies_attended(i); });
    if (member) continue;
    violations.push_back({absl::StrCat("agencies_attended[", i, "]"), "is not a member"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace

TimescaleRule LaterCoreGroup(const Settings::Borough& borough) {
  return {"core_group_later", "Later core group held", "core group held",
          Days(static_cast<int>(borough.core_group_days())),
          "London child protection procedures: six weeks; days are the borough's"};
}

absl::CivilDay CoreGroupDue(const ProtectionPlan& plan, const Settings::Borough& borough) {
  const bool first = !plan.has_last_core_group_date();
  const absl::CivilDay from = *ProtoToDate(first ? plan.start_date() : plan.last_core_group_date());
  const Span span = first ? kFirstCoreGroup.due_after : LaterCoreGroup(borough).due_after;
  return LastDayOf(DueAt(StartOfDay(from), span, WorkingDayCalendar()));
}

absl::StatusOr<CoreGroup> PlanCoreGroup(const pb::PlanCoreGroupRequest& request,
                                        const std::vector<ProtectionPlan>& plans) {
  std::vector<FieldViolation> violations;
  std::set<std::string> agencies;
  for (int i = 0; i < request.members_size(); ++i) {
    if (agencies.insert(request.members(i).agency()).second) continue;
    violations.push_back({absl::StrCat("members[", i, "].agency"), "occurs twice"});
  }
  const std::set<std::string> names(request.plans().begin(), request.plans().end());
  if (names.size() != static_cast<size_t>(request.plans_size())) {
    violations.push_back({"plans", "a plan occurs twice"});
  }
  if (!violations.empty()) return InvalidFields(violations);
  CoreGroup core_group;
  RETURN_IF_ERROR(TakeStep(core_group, "PlanCoreGroup"));
  absl::CivilDay due = absl::CivilDay::max();
  for (const ProtectionPlan& plan : plans) {
    if (!IsActive(plan)) {
      return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "plan_active", plan.name(),
                                "the plan has ended");
    }
    core_group.add_plans(plan.name());
    core_group.add_children(plan.child());
    due = std::min(due, *ProtoToDate(plan.core_group_due_date()));
  }
  *core_group.mutable_plan_time() = request.plan_time();
  *core_group.mutable_due_date() = DateToProto(due);
  *core_group.mutable_members() = request.members();
  core_group.set_team(plans.front().team());
  return core_group;
}

absl::Status Hold(CoreGroup& core_group, std::vector<ProtectionPlan>& plans,
                  const pb::HoldCoreGroupRequest& request, const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(core_group, "HoldCoreGroup"));
  RETURN_IF_ERROR(CheckAttendance(core_group, request));
  RETURN_IF_ERROR(CheckFindings(plans, request));
  const absl::CivilDay day = LondonDay(*ProtoToTime(request.hold_time()));
  for (const ProtectionPlan& plan : plans) {
    if (day < *ProtoToDate(plan.start_date())) {
      return InvalidField("hold_time", "lies before a plan started");
    }
  }
  for (const pb::OutcomeFinding& finding : request.findings()) {
    pb::PlanOutcome& outcome = *OutcomeOf(plans, finding);
    outcome.set_progress(finding.progress());
    outcome.set_progress_note(finding.note());
    *outcome.mutable_progress_date() = DateToProto(day);
  }
  for (ProtectionPlan& plan : plans) {
    const auto last = ProtoToDate(plan.last_core_group_date());
    if (!IsActive(plan) || (last && *last >= day)) continue;  // told late: a later one was held
    *plan.mutable_last_core_group_date() = DateToProto(day);
    *plan.mutable_core_group_due_date() = DateToProto(CoreGroupDue(plan, borough));
  }
  for (pb::CoreGroupMember& member : *core_group.mutable_members()) {
    member.set_attended(std::find(request.agencies_attended().begin(),
                                  request.agencies_attended().end(),
                                  member.agency()) != request.agencies_attended().end());
  }
  *core_group.mutable_hold_time() = request.hold_time();
  core_group.set_in_time(day <= *ProtoToDate(core_group.due_date()));
  core_group.set_parents_attended(request.parents_attended());
  core_group.set_child_attended(request.child_attended());
  *core_group.mutable_findings() = request.findings();
  core_group.set_note(request.note());
  return absl::OkStatus();
}

absl::Status Cancel(CoreGroup& core_group, const pb::CancelCoreGroupRequest& request) {
  RETURN_IF_ERROR(TakeStep(core_group, "CancelCoreGroup"));
  core_group.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
