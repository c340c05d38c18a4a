#include "children_in_care/child_in_care.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "children_in_care/care_chain.h"
#include "children_in_care/care_record.h"
#include "children_in_care/care_rules.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "safeguarding/children_in_care/v1/events.pb.h"

namespace lscp::children_in_care {
namespace {

using pb::CareStep;
using pb::ChildInCare;

absl::Status Allow(const ChildInCare& record, std::string_view verb) {
  return Next(kChildInCareTransitions, verb, record.state(), record.name()).status();
}

void GiveId(ChildInCare& record, CareStep& step) {
  record.set_steps_recorded(record.steps_recorded() + 1);
  step.set_id(absl::StrCat(record.steps_recorded()));
}

// What only the service says of a placement.
void ClearOurs(pb::Placement& placement) {
  placement.clear_id();
  placement.clear_start_date();
  placement.clear_end_date();
  placement.clear_out_of_area();
  placement.clear_at_a_distance();
  placement.clear_notice();
  placement.clear_approval();
}

// Records a further step. `date_field` is the request's name for its day.
absl::Status Record(ChildInCare& record, CareStep step, const char* date_field,
                    const CareFacts& facts) {
  if (step.has_placement()) ClearOurs(*step.mutable_placement());
  GiveId(record, step);
  *record.add_steps() = std::move(step);
  const auto path = [date_field](int, std::string_view field) {
    return field == "date" ? std::string(date_field) : std::string(field);
  };
  return BuildChain(record, {.birth_date = facts.birth_date,
                             .borough = facts.borough,
                             .first_new_step = record.steps_size() - 1,
                             .path = path});
}

// The step that began a placement.
CareStep* StepOfPlacement(ChildInCare& record, const std::string& id) {
  for (CareStep& step : *record.mutable_steps()) {
    if (step.id() == id) return &step;
  }
  return nullptr;
}

// The chain anew after something was added to what is known of a placement.
absl::Status Rebuild(ChildInCare& record, const CareFacts& facts) {
  return BuildChain(record,
                    {.birth_date = facts.birth_date,
                     .borough = facts.borough,
                     .first_new_step = record.steps_size(),
                     .path = [](int, std::string_view field) { return std::string(field); }});
}

}  // namespace

absl::Status StartCare(ChildInCare& record, const pb::StartCareRequest& request,
                       const CareFacts& facts) {
  RETURN_IF_ERROR(Allow(record, "StartCare"));
  record.set_child(request.child());
  record.set_team(request.team());
  record.set_worker(request.worker());
  CareStep step;
  step.set_kind(pb::CARE_STEP_KIND_START);
  *step.mutable_date() = request.start_date();
  step.set_need(request.need());
  *step.mutable_legal() = request.legal();
  *step.mutable_placement() = request.placement();
  return Record(record, std::move(step), "start_date", facts);
}

absl::Status ChangeCare(ChildInCare& record, const pb::ChangeCareRequest& request,
                        const CareFacts& facts) {
  RETURN_IF_ERROR(Allow(record, "ChangeCare"));
  CareStep step;
  step.set_kind(pb::CARE_STEP_KIND_CHANGE);
  *step.mutable_date() = request.change_date();
  if (request.has_legal()) *step.mutable_legal() = request.legal();
  if (request.has_placement()) *step.mutable_placement() = request.placement();
  step.set_placement_change_reason(request.placement_change_reason());
  return Record(record, std::move(step), "change_date", facts);
}

absl::Status MoveTemporarily(ChildInCare& record, const pb::MoveTemporarilyRequest& request,
                             const CareFacts& facts) {
  RETURN_IF_ERROR(Allow(record, "MoveTemporarily"));
  CareStep step;
  step.set_kind(pb::CARE_STEP_KIND_TEMPORARY_MOVE);
  *step.mutable_date() = request.move_date();
  *step.mutable_placement() = request.placement();
  return Record(record, std::move(step), "move_date", facts);
}

absl::Status ReturnToPlacement(ChildInCare& record, const pb::ReturnToPlacementRequest& request,
                               const CareFacts& facts) {
  RETURN_IF_ERROR(Allow(record, "ReturnToPlacement"));
  CareStep step;
  step.set_kind(pb::CARE_STEP_KIND_RETURN);
  *step.mutable_date() = request.return_date();
  return Record(record, std::move(step), "return_date", facts);
}

absl::Status EndCare(ChildInCare& record, const pb::EndCareRequest& request,
                     const CareFacts& facts) {
  RETURN_IF_ERROR(Allow(record, "EndCare"));
  // Rule 580.
  if (facts.missing && request.end_reason() != pb::EPISODE_END_REASON_OTHER &&
      request.end_reason() != pb::EPISODE_END_REASON_DIED) {
    return RuleNotMet("care_ended_while_missing", record.name(), "the child is missing");
  }
  CareStep step;
  step.set_kind(pb::CARE_STEP_KIND_END);
  *step.mutable_date() = request.end_date();
  step.set_end_reason(request.end_reason());
  return Record(record, std::move(step), "end_date", facts);
}

absl::Status CorrectCare(ChildInCare& record, const pb::CorrectCareRequest& request,
                         const CareFacts& facts) {
  std::map<std::string, CareStep> known;
  for (const CareStep& step : record.steps()) known[step.id()] = step;
  std::set<std::string> used;
  const auto path = [](int step, std::string_view field) {
    return absl::StrCat("steps[", step, "].", std::string(field));
  };
  record.clear_steps();
  for (int i = 0; i < request.steps_size(); ++i) {
    CareStep step = request.steps(i);
    if (step.has_placement()) ClearOurs(*step.mutable_placement());
    if (step.id().empty()) {
      GiveId(record, step);
    } else if (!known.contains(step.id()) || !used.insert(step.id()).second) {
      return InvalidField(path(i, "id"), "is not that of a recorded step, or occurs twice");
    } else if (const pb::Placement& was = known[step.id()].placement(); step.has_placement()) {
      if (was.has_notice()) *step.mutable_placement()->mutable_notice() = was.notice();
      if (was.has_approval()) *step.mutable_placement()->mutable_approval() = was.approval();
    }
    *record.add_steps() = std::move(step);
  }
  return BuildChain(record, {.birth_date = facts.birth_date,
                             .borough = facts.borough,
                             .first_new_step = 0,
                             .path = path});
}

absl::Status AssignChildInCare(ChildInCare& record, const pb::AssignChildInCareRequest& request) {
  RETURN_IF_ERROR(Allow(record, "AssignChildInCare"));
  record.set_team(request.team());
  record.set_worker(request.worker());
  return absl::OkStatus();
}

absl::Status RecordAreaNotice(ChildInCare& record, const pb::RecordAreaNoticeRequest& request,
                              const CareFacts& facts, const Step& step) {
  RETURN_IF_ERROR(Allow(record, "RecordAreaNotice"));
  const pb::Placement& placement = LastLastingPlacement(record);
  if (!placement.out_of_area() || placement.has_notice()) {
    return RuleNotMet("area_notice", record.name(),
                      "the placement is not out of area, or its authority was told");
  }
  pb::AreaNotice& notice =
      *StepOfPlacement(record, placement.id())->mutable_placement()->mutable_notice();
  notice = request.notice();
  notice.set_person(step.person);
  return Rebuild(record, facts);
}

absl::Status ApprovePlacement(ChildInCare& record, const pb::ApprovePlacementRequest& request,
                              const CareFacts& facts, const Step& step) {
  RETURN_IF_ERROR(Allow(record, "ApprovePlacement"));
  const pb::Placement& placement = LastLastingPlacement(record);
  if (!placement.at_a_distance() || placement.has_approval()) {
    return RuleNotMet("placement_approval", record.name(),
                      "the placement is not at a distance, or was approved");
  }
  pb::PlacementApproval& approval =
      *StepOfPlacement(record, placement.id())->mutable_placement()->mutable_approval();
  approval = request.approval();
  approval.set_person(step.person);
  return Rebuild(record, facts);
}

std::optional<Event> EventOf(const ChildInCare& before, const ChildInCare& after) {
  const auto tell = [&after](auto content, const char* type) {
    content.set_child_in_care(after.name());
    content.set_child(after.child());
    return MakeEvent(type, after.child(), content);
  };
  const pb::CarePeriod& period = LastPeriod(after);
  if (before.periods_size() < after.periods_size()) {
    pb::CareStarted started;
    *started.mutable_start_date() = period.start_date();
    started.set_short_breaks(period.short_breaks());
    return tell(started, "children_in_care.care_started");
  }
  if (before.state() != after.state()) {
    pb::CareEnded ended;
    *ended.mutable_start_date() = period.start_date();
    *ended.mutable_end_date() = period.end_date();
    ended.set_end_reason(period.end_reason());
    return tell(ended, "children_in_care.care_ended");
  }
  if (LastPeriod(before).short_breaks() != period.short_breaks()) return CorrectedEvent(after);
  if (before.episodes_size() < after.episodes_size() &&
      LastEpisode(before).placement() != LastEpisode(after).placement()) {
    pb::PlacementChanged changed;
    *changed.mutable_change_date() = LastEpisode(after).start_date();
    changed.set_type(LastPlacement(after).type());
    changed.set_out_of_area(LastPlacement(after).out_of_area());
    return tell(changed, "children_in_care.placement_changed");
  }
  return std::nullopt;
}

Event CorrectedEvent(const ChildInCare& record) {
  pb::CareCorrected corrected;
  corrected.set_child_in_care(record.name());
  corrected.set_child(record.child());
  *corrected.mutable_periods() = record.periods();
  return MakeEvent("children_in_care.care_corrected", record.child(), corrected);
}

}  // namespace lscp::children_in_care
