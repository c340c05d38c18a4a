#include "child_protection/plan_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::ProtectionPlan;
using pb::VisitStanding;

std::string IdOf(std::string_view name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOf(const ProtectionPlan& plan) {
  return {
      {"state", plan.state()},
      {"child", IdOf(plan.child())},
      {"conference", IdOf(plan.conference())},
      {"began_at", plan.began_at()},
      {"initial_category", plan.initial_category()},
      {"latest_category", plan.latest_category()},
      {"team", plan.team()},
      {"worker", plan.worker()},
      {"family_group", plan.family_group()},
      {"previous_plans", plan.previous_plans()},
      {"previous_within_two_years", plan.previous_within_two_years()},
      {"started_on", ProtoToDate(plan.start_date())},
      {"review_due_on", ProtoToDate(plan.review_due_date())},
      {"core_group_due_on", ProtoToDate(plan.core_group_due_date())},
      {"visit_due_on", ProtoToDate(plan.visit_due_date())},
      {"attempt_on", ProtoToDate(plan.attempt_date())},
      {"ended_on", ProtoToDate(plan.end_date())},
      {"end_reason", plan.end_reason()},
      {"destination", plan.destination()},
  };
}

// The condition of StandingOf (visit.h), in SQL.
const char* StandingSql(VisitStanding::Standing standing) {
  switch (standing) {
    case VisitStanding::STANDING_NOT_DUE:
      return "visit_due_on >= ?";
    case VisitStanding::STANDING_UNSUCCESSFUL_IN_TIME:
      return "visit_due_on < ? AND attempt_on <= visit_due_on";
    case VisitStanding::STANDING_UNSUCCESSFUL_LATE:
      return "visit_due_on < ? AND attempt_on > visit_due_on";
    case VisitStanding::STANDING_NO_RECORD:
      return "visit_due_on < ? AND attempt_on IS NULL";
    default:
      return "? IS NULL";
  }
}

}  // namespace

PlanStore::PlanStore() : CaseStore("protectionPlans", "protection_plans", ColumnsOf) {}

absl::StatusOr<std::vector<ProtectionPlan>> PlanStore::OfChild(Transaction& tx,
                                                               std::string_view child) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(tx.db(), child, where));
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query("SELECT document, revision FROM protection_plans WHERE " +
                                     where.sql() + " ORDER BY started_on, id",
                                 where.args()));
  std::vector<ProtectionPlan> plans(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!plans[i].ParseFromString(rows[i].Text(0))) {
      return absl::DataLossError("a stored document cannot be read");
    }
    plans[i].set_etag(EtagOf(rows[i].Int(1)));
  }
  return plans;
}

absl::StatusOr<PlanStore::Page> PlanStore::Find(Reading& reading,
                                                const pb::ListPlansRequest& request) const {
  const absl::CivilDay today = LondonDay(reading.now());
  Where where;
  where.In("state", request.states()).In("latest_category", request.categories());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.family_group().empty()) where.Add("family_group = ?", {request.family_group()});
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.worker().empty()) where.Add("worker = ?", {request.worker()});
  if (request.two_years_or_more()) {
    where.Add("state = ? AND started_on <= DATE_SUB(?, INTERVAL 2 YEAR)",
              {ProtectionPlan::STATE_ACTIVE, today});
  }
  if (request.review_overdue()) where.Add("review_due_on < ?", {today});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "started_on",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<PlanStore::Page> PlanStore::FindStandings(
    Reading& reading, const pb::ListVisitStandingsRequest& request) const {
  Where where;
  where.Add("state = ?", {ProtectionPlan::STATE_ACTIVE});
  std::string conditions;
  db::Args args;
  for (const int standing : request.standings()) {
    conditions += conditions.empty() ? "(" : " OR (";
    conditions += StandingSql(static_cast<VisitStanding::Standing>(standing));
    conditions += ")";
    args.emplace_back(LondonDay(reading.now()));
  }
  if (!conditions.empty()) where.Add(conditions, args);
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.worker().empty()) where.Add("worker = ?", {request.worker()});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "visit_due_on",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
