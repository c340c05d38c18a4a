#include "child_protection/child_in_need_plan_store.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::ChildInNeedPlan;

Columns ColumnsOf(const ChildInNeedPlan& plan) {
  return {
      {"state", plan.state()},
      {"child", ResourceName::Parse(plan.child())->id},
      {"team", plan.team()},
      {"worker", plan.worker()},
      {"no_recourse", plan.no_recourse()},
      {"disability_service", plan.disability_service()},
      {"started_on", ProtoToDate(plan.start_date())},
      {"review_due_on",
       plan.has_review_due_date() ? ProtoToDate(plan.review_due_date()) : std::nullopt},
      {"ended_on", plan.has_end_date() ? ProtoToDate(plan.end_date()) : std::nullopt},
      {"destination", plan.destination()},
  };
}

}  // namespace

ChildInNeedPlanStore::ChildInNeedPlanStore()
    : CaseStore("childInNeedPlans", "child_in_need_plans", ColumnsOf) {}

absl::StatusOr<ChildInNeedPlanStore::Page> ChildInNeedPlanStore::Find(
    Reading& reading, const pb::ListChildInNeedPlansRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.worker().empty()) where.Add("worker = ?", {request.worker()});
  if (request.review_overdue()) where.Add("review_due_on < ?", {LondonDay(reading.now())});
  if (request.without_exclusions()) where.Add("NOT no_recourse AND NOT disability_service");
  if (request.has_open_on()) {
    const auto day = ProtoToDate(request.open_on());
    where.Add("started_on <= ? AND (ended_on IS NULL OR ended_on >= ?)", {day, day});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "started_on",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<std::optional<ChildInNeedPlan>> ChildInNeedPlanStore::LockOpen(
    Transaction& tx, std::string_view child) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(tx.db(), child, where));
  where.Add("state = ?", {ChildInNeedPlan::STATE_OPEN});
  return LockFirst(tx, where);
}

absl::StatusOr<std::optional<ChildInNeedPlan>> ChildInNeedPlanStore::LockHeldOn(
    Transaction& tx, std::string_view child, absl::CivilDay day) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(tx.db(), child, where));
  where.Add("started_on <= ? AND (ended_on IS NULL OR ended_on >= ?)", {day, day});
  return LockFirst(tx, where);
}

absl::StatusOr<std::optional<ChildInNeedPlan>> ChildInNeedPlanStore::LockFirst(
    Transaction& tx, const Where& where) const {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query(absl::StrCat("SELECT borough, id FROM child_in_need_plans WHERE ", where.sql(),
                                 " ORDER BY started_on DESC, id DESC LIMIT 1"),
                    where.args()));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(
      ChildInNeedPlan plan,
      Lock(tx, ResourceName{rows[0].Text(0), "childInNeedPlans", rows[0].Text(1)}.ToString(), ""));
  return plan;
}

}  // namespace lscp::child_protection
