#include "child_protection/child_in_need_plan.h"

#include <string_view>

#include "child_protection/visit.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/days.h"

namespace lscp::child_protection {
namespace {

using pb::ChildInNeedPlan;

absl::Status TakeStep(ChildInNeedPlan& plan, std::string_view verb) {
  ASSIGN_OR_RETURN(const ChildInNeedPlan::State next,
                   Next(kChildInNeedPlanTransitions, verb, plan.state(), plan.name()));
  plan.set_state(next);
  return absl::OkStatus();
}

void ExpectReview(ChildInNeedPlan& plan, absl::CivilDay from, const Settings::Borough& borough) {
  const TimescaleRule rule = ChildInNeedPlanRules(borough)[plan.reviews().empty() ? 0 : 1];
  *plan.mutable_review_due_date() =
      DateToProto(LastDayOf(DueAt(StartOfDay(from), rule.due_after, WorkingDayCalendar())));
}

}  // namespace

std::vector<TimescaleRule> ChildInNeedPlanRules(const Settings::Borough& borough) {
  const auto& settings = borough.child_in_need();
  const char* const source = "London Safeguarding Children Procedures; months are the borough's";
  return {
      {kCinFirstReview, "First review of a child in need plan", "plan started",
       Months(static_cast<int>(settings.first_review_months())), source},
      {kCinReview, "Review of a child in need plan", "review before",
       Months(static_cast<int>(settings.review_months())), source},
  };
}

ChildInNeedPlan StartPlan(const pb::StartChildInNeedPlanRequest& request, const Step& step,
                          const Settings::Borough& borough) {
  const absl::CivilDay start = DayOrToday(request.has_start_date(), request.start_date(), step.now);
  ChildInNeedPlan plan;
  plan.set_state(ChildInNeedPlan::STATE_OPEN);
  plan.set_child(request.child());
  *plan.mutable_start_date() = DateToProto(start);
  plan.set_needs(request.needs());
  plan.set_plan(request.plan());
  plan.set_contingency(request.contingency());
  plan.set_no_recourse(request.no_recourse());
  plan.set_disability_service(request.disability_service());
  plan.set_team(request.team());
  plan.set_worker(request.worker());
  ExpectReview(plan, start, borough);
  *plan.mutable_visit_due_date() =
      DateToProto(FirstVisitDue(borough, pb::Visit::BASIS_CHILD_IN_NEED, start, std::nullopt));
  return plan;
}

absl::Status Review(ChildInNeedPlan& plan, const pb::ReviewChildInNeedPlanRequest& request,
                    const Step& step, const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(plan, "ReviewChildInNeedPlan"));
  const absl::CivilDay day = *ProtoToDate(request.review_date());
  if (day <= LastHappened(plan))
    return InvalidField("review_date", "is not after what happened before");
  pb::CinReview& review = *plan.add_reviews();
  *review.mutable_review_date() = request.review_date();
  review.set_child_took_part(request.child_took_part());
  *review.mutable_agencies() = request.agencies();
  review.set_progress(request.progress());
  review.set_changes(request.changes());
  review.set_recorded_by(step.person);
  ExpectReview(plan, day, borough);
  return absl::OkStatus();
}

absl::Status Allocate(ChildInNeedPlan& plan, const pb::AllocateChildInNeedPlanRequest& request) {
  RETURN_IF_ERROR(TakeStep(plan, "AllocateChildInNeedPlan"));
  plan.set_team(request.team());
  plan.set_worker(request.worker());
  return absl::OkStatus();
}

absl::CivilDay LastHappened(const ChildInNeedPlan& plan) {
  return *ProtoToDate(plan.reviews().empty() ? plan.start_date()
                                             : plan.reviews().rbegin()->review_date());
}

absl::Status End(ChildInNeedPlan& plan, const pb::EndChildInNeedPlanRequest& request,
                 const Step& step) {
  RETURN_IF_ERROR(TakeStep(plan, "EndChildInNeedPlan"));
  const absl::CivilDay start = *ProtoToDate(plan.start_date());
  const absl::CivilDay last = LastHappened(plan);
  const absl::CivilDay end = DayOrToday(request.has_end_date(), request.end_date(), step.now);
  if (end < last) return InvalidField("end_date", "lies before what happened last");
  *plan.mutable_end_date() = DateToProto(end);
  plan.set_days_open(static_cast<int>(end - start));
  plan.set_destination(request.destination());
  plan.set_end_note(request.note());
  plan.clear_review_due_date();
  plan.clear_visit_due_date();
  plan.clear_attempt_date();
  return absl::OkStatus();
}

pb::ChildInNeedPlanStarted StartedOf(const ChildInNeedPlan& plan) {
  pb::ChildInNeedPlanStarted started;
  started.set_child_in_need_plan(plan.name());
  started.set_child(plan.child());
  *started.mutable_start_date() = plan.start_date();
  return started;
}

pb::ChildInNeedPlanEnded EndedOf(const ChildInNeedPlan& plan) {
  pb::ChildInNeedPlanEnded ended;
  ended.set_child_in_need_plan(plan.name());
  ended.set_child(plan.child());
  ended.set_destination(plan.destination());
  *ended.mutable_end_date() = plan.end_date();
  return ended;
}

}  // namespace lscp::child_protection
