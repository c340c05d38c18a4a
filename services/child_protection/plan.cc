#include "child_protection/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::ProtectionPlan;

absl::Status TakeStep(ProtectionPlan& plan, std::string_view verb) {
  ASSIGN_OR_RETURN(const ProtectionPlan::State next,
                   Next(kPlanTransitions, verb, plan.state(), plan.name()));
  plan.set_state(next);
  return absl::OkStatus();
}

absl::CivilDay HeldOn(const pb::Conference& conference) {
  return LondonDay(*ProtoToTime(conference.hold_time()));
}

absl::CivilDay StartOf(const ProtectionPlan& plan) { return *ProtoToDate(plan.start_date()); }

// The same day some years later; from 29 February on 1 March where there is none.
absl::CivilDay YearsAfter(absl::CivilDay day, int years) {
  return absl::CivilDay(day.year() + years, day.month(), day.day());
}

void CountEarlier(ProtectionPlan& plan, const std::vector<ProtectionPlan>& earlier) {
  std::optional<absl::CivilDay> last;
  for (const ProtectionPlan& other : earlier) {
    const auto end = ProtoToDate(other.end_date());
    if (end && (!last || *end > *last)) last = end;
  }
  plan.set_previous_plans(static_cast<int>(earlier.size()));
  if (!last) return;
  *plan.mutable_previous_end_date() = DateToProto(*last);
  plan.set_previous_within_two_years(YearsAfter(*last, 2) > StartOf(plan));
}

void EndOn(ProtectionPlan& plan, absl::CivilDay day, pb::PlanEndReason reason,
           pb::PlanDestination destination) {
  *plan.mutable_end_date() = DateToProto(day);
  plan.set_end_reason(reason);
  plan.set_destination(destination);
  plan.clear_review_due_date();
  plan.clear_core_group_due_date();
  plan.clear_visit_due_date();
}

// What core groups found of an outcome stays with it.
void KeepProgress(const pb::PlanOutcome& before, pb::PlanOutcome& outcome) {
  outcome.set_progress(before.progress());
  outcome.set_progress_note(before.progress_note());
  if (before.has_progress_date()) *outcome.mutable_progress_date() = before.progress_date();
}

// What follows of itself from an end without a conference.
pb::PlanDestination DestinationOf(pb::PlanEndReason reason) {
  return reason == pb::PLAN_END_REASON_TRANSFERRED ? pb::PLAN_DESTINATION_OTHER_AUTHORITY
                                                   : pb::PLAN_DESTINATION_NONE;
}

}  // namespace

TimescaleRule MeetingAfterBirth(const Settings::Borough& borough) {
  return {kMeetingAfterBirth, "Core group or review after the birth", "child born",
          Days(static_cast<int>(borough.after_birth_days())),
          "London Safeguarding Children Procedures, pre-birth conferences; days are the borough's"};
}

absl::CivilDay ReviewDue(absl::CivilDay last_conference, bool first) {
  const Span span = first ? kFirstReview.due_after : kLaterReview.due_after;
  return LastDayOf(DueAt(StartOfDay(last_conference), span, WorkingDayCalendar()));
}

ProtectionPlan BeginPlan(const pb::Conference& conference, const pb::ConferenceChild& child,
                         const std::string& family_group,
                         const std::vector<ProtectionPlan>& earlier) {
  ProtectionPlan plan;
  plan.set_state(ProtectionPlan::STATE_ACTIVE);
  plan.set_child(child.child());
  plan.set_conference(conference.name());
  plan.set_began_at(conference.type());
  *plan.mutable_start_date() = DateToProto(HeldOn(conference));
  plan.set_initial_category(child.category());
  plan.set_latest_category(child.category());
  plan.set_team(conference.team());
  plan.set_worker(conference.worker());
  plan.set_family_group(family_group);
  CountEarlier(plan, earlier);
  *plan.mutable_last_conference_date() = plan.start_date();
  *plan.mutable_review_due_date() = DateToProto(ReviewDue(HeldOn(conference), true));
  return plan;
}

absl::Status ReviewPlan(ProtectionPlan& plan, const pb::Conference& conference,
                        const pb::ChildDecision& decision) {
  const bool ends = decision.decision() == pb::CONFERENCE_DECISION_END;
  RETURN_IF_ERROR(
      TakeStep(plan, ends ? "DecideConference on END" : "DecideConference on CONTINUE"));
  const absl::CivilDay day = HeldOn(conference);
  plan.set_reviews(plan.reviews() + 1);
  *plan.mutable_last_conference_date() = DateToProto(day);
  if (ends) {
    EndOn(plan, day, pb::PLAN_END_REASON_CONFERENCE, decision.destination());
    plan.set_end_note(decision.rationale());
    return absl::OkStatus();
  }
  *plan.mutable_review_due_date() = DateToProto(ReviewDue(day, false));
  if (decision.category() == pb::PLAN_CATEGORY_UNSPECIFIED ||
      decision.category() == plan.latest_category()) {
    return absl::OkStatus();
  }
  plan.set_latest_category(decision.category());
  pb::CategoryChange& change = *plan.add_category_changes();
  *change.mutable_date() = DateToProto(day);
  change.set_category(decision.category());
  change.set_conference(conference.name());
  return absl::OkStatus();
}

absl::Status SetOutcomes(ProtectionPlan& plan, const pb::SetPlanOutcomesRequest& request) {
  RETURN_IF_ERROR(TakeStep(plan, "SetPlanOutcomes"));
  std::map<std::string, pb::PlanOutcome> known;
  for (const pb::PlanOutcome& outcome : plan.outcomes()) known[outcome.id()] = outcome;
  std::vector<FieldViolation> violations;
  std::vector<pb::PlanOutcome> outcomes;
  std::set<std::string> kept;
  size_t ids = known.size();
  for (int i = 0; i < request.outcomes_size(); ++i) {
    pb::PlanOutcome outcome = request.outcomes(i);
    const auto before = known.find(outcome.id());
    if (outcome.id().empty()) {
      outcome.set_id(absl::StrCat(++ids));
    } else if (before == known.end() || !kept.insert(outcome.id()).second) {
      violations.push_back({absl::StrCat("outcomes[", i, "].id"),
                            "is not one of the plan's outcomes, or occurs twice"});
      continue;
    } else {
      KeepProgress(before->second, outcome);
    }
    if (*ProtoToDate(outcome.due_date()) < StartOf(plan)) {
      violations.push_back(
          {absl::StrCat("outcomes[", i, "].due_date"), "lies before the plan started"});
    }
    outcome.set_closed(false);
    outcomes.push_back(std::move(outcome));
  }
  if (!violations.empty()) return InvalidFields(violations);
  for (auto& [id, outcome] : known) {
    if (kept.contains(id)) continue;
    outcome.set_closed(true);
    outcomes.push_back(std::move(outcome));
  }
  plan.mutable_outcomes()->Assign(outcomes.begin(), outcomes.end());
  return absl::OkStatus();
}

absl::Status Allocate(ProtectionPlan& plan, const pb::AllocatePlanRequest& request) {
  RETURN_IF_ERROR(TakeStep(plan, "AllocatePlan"));
  plan.set_team(request.team());
  plan.set_worker(request.worker());
  return absl::OkStatus();
}

absl::Status End(ProtectionPlan& plan, const pb::EndPlanRequest& request) {
  RETURN_IF_ERROR(TakeStep(plan, "EndPlan"));
  std::vector<FieldViolation> violations;
  // Working Together to Safeguard Children: in every other case a review conference ends it.
  if (request.reason() == pb::PLAN_END_REASON_CONFERENCE) {
    violations.push_back({"reason", "a review conference ends the plan, not this call"});
  }
  if (*ProtoToDate(request.end_date()) < StartOf(plan)) {
    violations.push_back({"end_date", "lies before the plan started"});
  }
  if (!violations.empty()) return InvalidFields(violations);
  EndOn(plan, *ProtoToDate(request.end_date()), request.reason(), DestinationOf(request.reason()));
  plan.set_end_note(request.note());
  return absl::OkStatus();
}

bool IsTwoYearsOrMore(absl::CivilDay start, absl::CivilDay day) {
  return YearsAfter(start, 2) <= day;
}

void SetDuration(ProtectionPlan& plan, absl::CivilDay today) {
  const absl::CivilDay until = plan.has_end_date() ? *ProtoToDate(plan.end_date()) : today;
  plan.set_days(static_cast<int>(until - StartOf(plan)));
  plan.set_two_years_or_more(IsTwoYearsOrMore(StartOf(plan), until));
}

pb::PlanStarted StartedOf(const ProtectionPlan& plan) {
  pb::PlanStarted started;
  started.set_plan(plan.name());
  started.set_child(plan.child());
  *started.mutable_start_date() = plan.start_date();
  started.set_category(plan.initial_category());
  return started;
}

pb::PlanEnded EndedOf(const ProtectionPlan& plan) {
  pb::PlanEnded ended;
  ended.set_plan(plan.name());
  ended.set_child(plan.child());
  *ended.mutable_start_date() = plan.start_date();
  *ended.mutable_end_date() = plan.end_date();
  ended.set_reason(plan.end_reason());
  ended.set_destination(plan.destination());
  return ended;
}

}  // namespace lscp::child_protection
