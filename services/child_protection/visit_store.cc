#include "child_protection/visit_store.h"

#include <string>

#include "child_protection/visit.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::Visit;

std::string IdOf(std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  return parsed ? parsed->id : "";
}

Columns ColumnsOf(const Visit& visit) {
  const bool made = visit.has_visit_time();
  return {
      {"state", visit.state()},
      {"child", IdOf(visit.child())},
      {"basis", visit.basis()},
      {"plan", IdOf(PlanOf(visit))},
      {"team", visit.team()},
      {"visited_at", ProtoToTime(made ? visit.visit_time() : visit.plan_time())},
      {"due_on", ProtoToDate(visit.due_date())},
      {"timeliness", visit.timeliness()},
      {"seen_alone", visit.seen_alone()},
      {"bedroom_seen", visit.bedroom_seen()},
      {"reason", visit.unsuccessful_reason()},
  };
}

}  // namespace

VisitStore::VisitStore() : CaseStore("visits", ColumnsOf) {}

absl::StatusOr<std::optional<absl::Time>> VisitStore::LastSeen(Transaction& tx, const Visit& visit,
                                                               absl::Time before) const {
  Where where;
  where.Add("state = ? AND basis = ? AND plan = ? AND visited_at < ?",
            {Visit::STATE_SEEN, visit.basis(), IdOf(PlanOf(visit)), before});
  RETURN_IF_ERROR(AddOfChild(tx.db(), visit.child(), where));
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT MAX(visited_at) FROM visits WHERE " + where.sql(), where.args()));
  return rows[0].OptTime(0);
}

absl::StatusOr<VisitStore::Page> VisitStore::Find(Reading& reading,
                                                  const pb::ListVisitsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.plan().empty()) {
    where.Add("borough = ? AND plan = ?", {BoroughOf(request.plan()), IdOf(request.plan())});
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "visited_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
