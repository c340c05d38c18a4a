#include "child_protection/visit.h"

#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::Visit;

absl::Status TakeStep(Visit& visit, std::string_view verb) {
  ASSIGN_OR_RETURN(const Visit::State next,
                   Next(kVisitTransitions, verb, visit.state(), visit.name()));
  visit.set_state(next);
  return absl::OkStatus();
}

Span SpanOf(uint32_t days, bool working) {
  return working ? WorkingDays(static_cast<int>(days)) : Days(static_cast<int>(days));
}

// What the account of a visit says must fit together.
template <typename Request>
absl::Status CheckAccount(const Request& request) {
  std::vector<FieldViolation> violations;
  const auto need = [&violations](bool met, const char* field, const char* description) {
    if (!met) violations.push_back({field, description});
  };
  const bool reason = request.unsuccessful_reason() != pb::UNSUCCESSFUL_REASON_UNSPECIFIED;
  need(request.child_seen() != reason, "unsuccessful_reason",
       "is required when the child was not seen, and only then");
  need(request.child_seen() || !request.seen_alone(), "seen_alone", "the child was not seen");
  need(request.unsuccessful_reason() != pb::UNSUCCESSFUL_REASON_OTHER || !request.note().empty(),
       "note", "is required with OTHER");
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

// The child had the plan on the day of the visit.
absl::Status CheckPlan(Visit::Basis basis, const std::string& child,
                       const std::optional<VisitedPlan>& plan, absl::CivilDay day) {
  if (basis != Visit::BASIS_PROTECTION_PLAN) return absl::OkStatus();
  if (plan && plan->HeldOn(day)) return absl::OkStatus();
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "plan_active", child,
                            "the child had no protection plan on that day");
}

pb::VisitTimeliness TimelinessOf(bool seen, absl::CivilDay day,
                                 const std::optional<absl::CivilDay>& due) {
  if (!due) return pb::VISIT_TIMELINESS_UNSPECIFIED;
  if (seen) return day <= *due ? pb::VISIT_TIMELINESS_IN_TIME : pb::VISIT_TIMELINESS_LATE;
  return day <= *due ? pb::VISIT_TIMELINESS_UNSUCCESSFUL_IN_TIME
                     : pb::VISIT_TIMELINESS_UNSUCCESSFUL_LATE;
}

template <typename Request>
absl::Status Tell(Visit& visit, std::string_view verb, const Request& request,
                  const std::optional<VisitedPlan>& plan, const std::optional<absl::CivilDay>& due,
                  const Step& step) {
  const std::string with_result =
      absl::StrCat(std::string(verb), request.child_seen() ? ", child seen" : ", child not seen");
  RETURN_IF_ERROR(TakeStep(visit, with_result));
  RETURN_IF_ERROR(CheckAccount(request));
  const absl::CivilDay day = LondonDay(*ProtoToTime(request.visit_time()));
  RETURN_IF_ERROR(CheckPlan(visit.basis(), visit.child(), plan, day));
  *visit.mutable_visit_time() = request.visit_time();
  if (due) *visit.mutable_due_date() = DateToProto(*due);
  visit.set_timeliness(TimelinessOf(request.child_seen(), day, due));
  visit.set_child_seen(request.child_seen());
  visit.set_seen_alone(request.seen_alone());
  visit.set_bedroom_seen(request.bedroom_seen());
  visit.set_unsuccessful_reason(request.unsuccessful_reason());
  visit.set_note(request.note());
  if (!request.visitor().empty()) visit.set_visitor(request.visitor());
  if (visit.visitor().empty()) visit.set_visitor(step.person);
  return absl::OkStatus();
}

template <typename Request>
Visit VisitTo(const Request& request, const std::optional<VisitedPlan>& plan) {
  Visit visit;
  visit.set_child(request.child());
  visit.set_basis(request.basis());
  SetPlan(visit, plan);
  visit.set_visitor(request.visitor());
  visit.set_team(request.team().empty() && plan ? plan->team : request.team());
  return visit;
}

template <typename Plan>
bool Note(Plan& plan, const Visit& visit, const Settings::Borough& borough,
          const std::optional<absl::CivilDay>& birth_date) {
  const absl::Time made = *ProtoToTime(visit.visit_time());
  const auto last = ProtoToTime(plan.last_seen_time());
  if (plan.has_last_seen_time() && made <= *last) return false;
  const absl::CivilDay day = LondonDay(made);
  if (!visit.child_seen()) {
    const auto attempt = ProtoToDate(plan.attempt_date());
    if (!attempt || day < *attempt) *plan.mutable_attempt_date() = DateToProto(day);
    return false;
  }
  *plan.mutable_last_seen_time() = visit.visit_time();
  *plan.mutable_last_seen_date() = DateToProto(day);
  plan.clear_attempt_date();
  *plan.mutable_visit_due_date() = DateToProto(VisitDue(borough, visit.basis(), day, birth_date));
  return true;
}

absl::CivilDay DueAfter(absl::CivilDay from, Span span) {
  return LastDayOf(DueAt(StartOfDay(from), span, WorkingDayCalendar()));
}

}  // namespace

Span VisitInterval(const Settings::Borough& borough, Visit::Basis basis, bool under_five) {
  const pb::VisitIntervals& set = borough.visits();
  if (basis == Visit::BASIS_CHILD_IN_NEED) return SpanOf(set.child_in_need_days(), false);
  return SpanOf(under_five ? set.plan_days_under_five() : set.plan_days(), !set.calendar_days());
}

TimescaleRule PlanVisitRule(const Settings::Borough& borough) {
  return {kPlanVisitRule, "Child with a protection plan seen", "child last seen",
          VisitInterval(borough, Visit::BASIS_PROTECTION_PLAN, false),
          "No national interval; days are the borough's, and may differ for children under five"};
}

TimescaleRule ChildInNeedVisitRule(const Settings::Borough& borough) {
  return {kChildInNeedVisitRule, "Child in need seen", "plan started, or child last seen",
          VisitInterval(borough, Visit::BASIS_CHILD_IN_NEED, false),
          "No national interval; days are the borough's, and may differ for the first visit"};
}

bool IsUnderFive(const std::optional<absl::CivilDay>& birth_date, absl::CivilDay day) {
  if (!birth_date) return true;
  return absl::CivilDay(birth_date->year() + 5, birth_date->month(), birth_date->day()) > day;
}

absl::CivilDay VisitDue(const Settings::Borough& borough, Visit::Basis basis,
                        absl::CivilDay last_seen, const std::optional<absl::CivilDay>& birth_date) {
  return DueAfter(last_seen, VisitInterval(borough, basis, IsUnderFive(birth_date, last_seen)));
}

absl::CivilDay FirstVisitDue(const Settings::Borough& borough, Visit::Basis basis,
                             absl::CivilDay start,
                             const std::optional<absl::CivilDay>& birth_date) {
  if (basis != Visit::BASIS_CHILD_IN_NEED) return VisitDue(borough, basis, start, birth_date);
  return DueAfter(start, SpanOf(borough.visits().child_in_need_first_days(), false));
}

absl::StatusOr<Visit> PlanVisit(const pb::PlanVisitRequest& request,
                                const std::optional<VisitedPlan>& plan) {
  Visit visit = VisitTo(request, plan);
  RETURN_IF_ERROR(TakeStep(visit, "PlanVisit"));
  RETURN_IF_ERROR(CheckPlan(request.basis(), request.child(), plan,
                            LondonDay(*ProtoToTime(request.plan_time()))));
  *visit.mutable_plan_time() = request.plan_time();
  return visit;
}

absl::StatusOr<Visit> RecordVisit(const pb::RecordVisitRequest& request,
                                  const std::optional<VisitedPlan>& plan,
                                  const std::optional<absl::CivilDay>& due, const Step& step) {
  Visit visit = VisitTo(request, plan);
  RETURN_IF_ERROR(Tell(visit, "RecordVisit", request, plan, due, step));
  return visit;
}

absl::Status Complete(Visit& visit, const pb::CompleteVisitRequest& request,
                      const std::optional<VisitedPlan>& plan,
                      const std::optional<absl::CivilDay>& due, const Step& step) {
  return Tell(visit, "CompleteVisit", request, plan, due, step);
}

absl::Status Cancel(Visit& visit, const pb::CancelVisitRequest& request) {
  RETURN_IF_ERROR(TakeStep(visit, "CancelVisit"));
  visit.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

bool NoteVisit(pb::ProtectionPlan& plan, const Visit& visit, const Settings::Borough& borough,
               const std::optional<absl::CivilDay>& birth_date) {
  return Note(plan, visit, borough, birth_date);
}

bool NoteVisit(pb::ChildInNeedPlan& plan, const Visit& visit, const Settings::Borough& borough,
               const std::optional<absl::CivilDay>& birth_date) {
  return Note(plan, visit, borough, birth_date);
}

void SetPlan(Visit& visit, const std::optional<VisitedPlan>& plan) {
  const std::string name = plan ? plan->name : "";
  if (visit.basis() == Visit::BASIS_CHILD_IN_NEED) {
    visit.set_child_in_need_plan(name);
  } else {
    visit.set_plan(name);
  }
}

const std::string& PlanOf(const Visit& visit) {
  return visit.basis() == Visit::BASIS_CHILD_IN_NEED ? visit.child_in_need_plan() : visit.plan();
}

pb::VisitStanding::Standing StandingOf(absl::CivilDay due,
                                       const std::optional<absl::CivilDay>& attempt,
                                       absl::CivilDay today) {
  if (today <= due) return pb::VisitStanding::STANDING_NOT_DUE;
  if (!attempt) return pb::VisitStanding::STANDING_NO_RECORD;
  return *attempt <= due ? pb::VisitStanding::STANDING_UNSUCCESSFUL_IN_TIME
                         : pb::VisitStanding::STANDING_UNSUCCESSFUL_LATE;
}

}  // namespace lscp::child_protection
