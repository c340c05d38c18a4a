#include "child_protection/child_in_need_plan_service.h"

#include <memory>
#include <string>
#include <utility>

#include "child_protection/visit.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/days.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::ChildInNeedPlan;

template <typename Response>
Response ReplyWith(ChildInNeedPlan plan) {
  Response response;
  *response.mutable_child_in_need_plan() = std::move(plan);
  return response;
}

void ClearTexts(ChildInNeedPlan& plan) {
  plan.clear_needs();
  plan.clear_plan();
  plan.clear_contingency();
  plan.clear_end_note();
  for (pb::CinReview& review : *plan.mutable_reviews()) {
    review.clear_progress();
    review.clear_changes();
  }
}

std::optional<Event> EndedEvent(const ChildInNeedPlan& plan) {
  return MakeEvent("child_protection.child_in_need_plan_ended", plan.child(), EndedOf(plan));
}

absl::Status OneOpen(const std::string& child) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_open_plan", child,
                            "the child has an open child in need plan");
}

}  // namespace

absl::Status ChildInNeedPlans::ExpectReview(Transaction& tx, const ChildInNeedPlan& plan,
                                            const char* rule, absl::Time from) {
  return timescales::Start(
      tx.db(), tx.call().borough,
      {{plan.name(), rule, from, EndOfDay(*ProtoToDate(plan.review_due_date())), plan.team(),
        plan.worker()}});
}

absl::StatusOr<pb::StartChildInNeedPlanResponse> ChildInNeedPlans::Start(
    const pb::StartChildInNeedPlanRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(const auto open, store_.LockOpen(tx, request.child()));
  if (open) return OneOpen(request.child());
  ChildInNeedPlan plan = StartPlan(request, StepOf(tx), Borough(tx));
  plan.set_name(store_.NewName(tx.call().borough, tx.now()));
  const absl::Status stored = store_.Insert(
      tx, plan,
      MakeEvent("child_protection.child_in_need_plan_started", plan.child(), StartedOf(plan)));
  // Two people start one at the same time: the second finds the first.
  if (db::DuplicateKeyName(stored) == "one_open") return OneOpen(request.child());
  RETURN_IF_ERROR(stored);
  const absl::Time started = InstantOn(*ProtoToDate(plan.start_date()), tx.now());
  RETURN_IF_ERROR(ExpectReview(tx, plan, kCinFirstReview, started));
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {{plan.name(), kChildInNeedVisitRule, started, EndOfDay(*ProtoToDate(plan.visit_due_date())),
        plan.team(), plan.worker()}}));
  return ReplyWith<pb::StartChildInNeedPlanResponse>(std::move(plan));
}

absl::StatusOr<pb::GetChildInNeedPlanResponse> ChildInNeedPlans::Get(
    const pb::GetChildInNeedPlanRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(ChildInNeedPlan plan, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetChildInNeedPlanResponse>(std::move(plan));
}

absl::StatusOr<pb::ListChildInNeedPlansResponse> ChildInNeedPlans::List(
    const pb::ListChildInNeedPlansRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListChildInNeedPlansResponse response;
  for (ChildInNeedPlan& plan : page.resources) {
    ClearTexts(plan);
    *response.add_child_in_need_plans() = std::move(plan);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::ReviewChildInNeedPlanResponse> ChildInNeedPlans::Review(
    const pb::ReviewChildInNeedPlanRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ChildInNeedPlan plan, ChangeRecord(store_, tx, request, [&](ChildInNeedPlan& r) {
                     return child_protection::Review(r, request, StepOf(tx), Borough(tx));
                   }));
  const absl::Time held = InstantOn(*ProtoToDate(request.review_date()), tx.now());
  const char* const owed = plan.reviews_size() == 1 ? kCinFirstReview : kCinReview;
  RETURN_IF_ERROR(timescales::Meet(tx.db(), plan.name(), owed, held).status());
  RETURN_IF_ERROR(ExpectReview(tx, plan, kCinReview, held));
  return ReplyWith<pb::ReviewChildInNeedPlanResponse>(std::move(plan));
}

absl::StatusOr<pb::AllocateChildInNeedPlanResponse> ChildInNeedPlans::Allocate(
    const pb::AllocateChildInNeedPlanRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ChildInNeedPlan plan, ChangeRecord(store_, tx, request, [&](ChildInNeedPlan& r) {
                     return child_protection::Allocate(r, request);
                   }));
  RETURN_IF_ERROR(timescales::Reassign(tx.db(), plan.name(), plan.team(), plan.worker()).status());
  return ReplyWith<pb::AllocateChildInNeedPlanResponse>(std::move(plan));
}

absl::StatusOr<pb::EndChildInNeedPlanResponse> ChildInNeedPlans::End(
    const pb::EndChildInNeedPlanRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ChildInNeedPlan plan, ChangeRecord(
                                             store_, tx, request,
                                             [&](ChildInNeedPlan& p) {
                                               return child_protection::End(p, request, StepOf(tx));
                                             },
                                             EndedEvent));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), plan.name(), tx.now()).status());
  return ReplyWith<pb::EndChildInNeedPlanResponse>(std::move(plan));
}

void RegisterChildInNeedPlans(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.ChildInNeedPlansService",
          context.Keep(std::make_unique<ChildInNeedPlans>(parts)))
      .Write("StartChildInNeedPlan", &ChildInNeedPlans::Start)
      .Read("GetChildInNeedPlan", &ChildInNeedPlans::Get)
      .Read("ListChildInNeedPlans", &ChildInNeedPlans::List)
      .Write("ReviewChildInNeedPlan", &ChildInNeedPlans::Review)
      .Write("AllocateChildInNeedPlan", &ChildInNeedPlans::Allocate)
      .Write("EndChildInNeedPlan", &ChildInNeedPlans::End);
}

}  // namespace lscp::child_protection
