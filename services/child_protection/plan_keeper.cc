#include "child_protection/plan_keeper.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "child_protection/after_birth.h"
#include "child_protection/child_status.h"
#include "child_protection/children.h"
#include "child_protection/core_group.h"
#include "child_protection/timescale_rules.h"
#include "child_protection/visit.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {

using pb::ProtectionPlan;

absl::StatusOr<ProtectionPlan> PlanKeeper::ActiveOf(Transaction& tx, std::string_view child) const {
  ASSIGN_OR_RETURN(const auto plans, store_.OfChild(tx, child));
  for (const ProtectionPlan& plan : plans) {
    if (plan.state() == ProtectionPlan::STATE_ACTIVE) return plan;
  }
  return ProtectionPlan();
}

absl::StatusOr<std::string> PlanKeeper::Begin(Transaction& tx, const pb::Conference& conference,
                                              const pb::ConferenceChild& child) const {
  ASSIGN_OR_RETURN(const KnownChild known, LockChild(tx.db(), child.child()));
  ASSIGN_OR_RETURN(const auto earlier, store_.OfChild(tx, child.child()));
  for (const ProtectionPlan& plan : earlier) {
    if (plan.state() != ProtectionPlan::STATE_ACTIVE) continue;
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "no_plan_yet", child.child(),
                              "the child has a plan");
  }
  ProtectionPlan plan = BeginPlan(conference, child, known.family_group, earlier);
  plan.set_name(store_.NewName(tx.call().borough, tx.now()));
  const absl::Time start = *ProtoToTime(conference.hold_time());
  RETURN_IF_ERROR(EndChildInNeedPlan(tx, plan.child(), LondonDay(start)));
  RETURN_IF_ERROR(StartClocks(tx, plan, start, known.birth_date));
  RETURN_IF_ERROR(BeginStatus(tx.db(), plan.child(), pb::CHILD_STATUS_CHILD_PROTECTION_PLAN,
                              plan.name(), LondonDay(start)));
  RETURN_IF_ERROR(store_.Insert(
      tx, plan, MakeEvent("child_protection.plan_started", plan.child(), StartedOf(plan))));
  return plan.name();
}

absl::Status PlanKeeper::EndChildInNeedPlan(Transaction& tx, const std::string& child,
                                            absl::CivilDay day) const {
  ASSIGN_OR_RETURN(auto plan, in_need_.LockOpen(tx, child));
  if (!plan) return absl::OkStatus();
  pb::EndChildInNeedPlanRequest request;
  request.set_destination(pb::CIN_DESTINATION_CHILD_PROTECTION_PLAN);
  *request.mutable_end_date() = DateToProto(std::max(day, LastHappened(*plan)));
  RETURN_IF_ERROR(End(*plan, request, StepOf(tx)));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), plan->name(), tx.now()).status());
  return in_need_.Update(
      tx, *plan,
      MakeEvent("child_protection.child_in_need_plan_ended", plan->child(), EndedOf(*plan)));
}

absl::Status PlanKeeper::StartClocks(Transaction& tx, ProtectionPlan& plan, absl::Time start,
                                     const std::optional<absl::CivilDay>& birth_date) const {
  const Settings::Borough& borough = parts_.settings->Of(tx.call().borough);
  *plan.mutable_core_group_due_date() = DateToProto(CoreGroupDue(plan, borough));
  *plan.mutable_visit_due_date() = DateToProto(
      VisitDue(borough, pb::Visit::BASIS_PROTECTION_PLAN, LondonDay(start), birth_date));
  const auto clock = [&](const char* rule, const google::type::Date& due) {
    return timescales::NewClock{plan.name(), rule,         start, EndOfDay(*ProtoToDate(due)),
                                plan.team(), plan.worker()};
  };
  return timescales::Start(tx.db(), tx.call().borough,
                           {clock(kFirstReview.id, plan.review_due_date()),
                            clock(kFirstCoreGroup.id, plan.core_group_due_date()),
                            clock(kPlanVisitRule, plan.visit_due_date())});
}

absl::Status PlanKeeper::Review(Transaction& tx, const pb::Conference& conference,
                                const std::string& name, const pb::ChildDecision& decision) const {
  ASSIGN_OR_RETURN(ProtectionPlan plan, store_.Lock(tx, name, ""));
  RETURN_IF_ERROR(MeetAfterBirth(tx, plan, *ProtoToTime(conference.hold_time())));
  RETURN_IF_ERROR(ReviewPlan(plan, conference, decision));
  if (plan.state() == ProtectionPlan::STATE_ENDED) return StoreEnded(tx, plan);
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {{plan.name(), kLaterReview.id, *ProtoToTime(conference.hold_time()),
        EndOfDay(*ProtoToDate(plan.review_due_date())), plan.team(), plan.worker()}}));
  return store_.Update(tx, plan);
}

absl::Status PlanKeeper::StoreEnded(Transaction& tx, ProtectionPlan& plan) const {
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), plan.name(), tx.now()).status());
  RETURN_IF_ERROR(EndStatus(tx.db(), plan.child(), pb::CHILD_STATUS_CHILD_PROTECTION_PLAN,
                            plan.name(), *ProtoToDate(plan.end_date())));
  return store_.Update(tx, plan,
                       MakeEvent("child_protection.plan_ended", plan.child(), EndedOf(plan)));
}

}  // namespace lscp::child_protection
