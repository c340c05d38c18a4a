#include "child_protection/proceeding_store.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::Proceeding;

Columns ColumnsOf(const Proceeding& proceeding) {
  return {
      {"state", proceeding.state()},
      {"child", ResourceName::Parse(proceeding.child())->id},
      {"team", proceeding.team()},
      {"began_on", ProtoToDate(proceeding.has_start_date() ? proceeding.start_date()
                                                           : proceeding.issue_date())},
      {"started_on",
       proceeding.has_start_date() ? ProtoToDate(proceeding.start_date()) : std::nullopt},
      {"decided_on",
       proceeding.has_decision_date() ? ProtoToDate(proceeding.decision_date()) : std::nullopt},
      {"outcome", proceeding.outcome()},
      {"issued_on",
       proceeding.has_issue_date() ? ProtoToDate(proceeding.issue_date()) : std::nullopt},
      {"court_due_on",
       proceeding.has_court_due_date() ? ProtoToDate(proceeding.court_due_date()) : std::nullopt},
      {"ended_on", proceeding.has_end_date() ? ProtoToDate(proceeding.end_date()) : std::nullopt},
      {"pre_proceedings_days", proceeding.pre_proceedings_days()},
      {"court_days", proceeding.court_days()},
  };
}

}  // namespace

ProceedingStore::ProceedingStore() : CaseStore("proceedings", "proceedings", ColumnsOf) {}

absl::Status ProceedingStore::UpdateEnded(Transaction& tx, Proceeding& proceeding) const {
  RETURN_IF_ERROR(Update(tx, proceeding));
  const ResourceName name = *ResourceName::Parse(proceeding.name());
  for (const int order : proceeding.orders()) {
    RETURN_IF_ERROR(
        tx.db()
            .Execute("INSERT INTO proceeding_orders (borough, proceeding, court_order) VALUES "
                     "(?, ?, ?)",
                     {name.borough, name.id, order})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<ProceedingStore::Page> ProceedingStore::Find(
    Reading& reading, const pb::ListProceedingsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (request.court_overdue()) where.Add("court_due_on < ?", {LondonDay(reading.now())});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "began_on",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<bool> ProceedingStore::HasOpen(db::Connection& db, std::string_view child) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(db, child, where));
  where.Add("state <> ?", {Proceeding::STATE_ENDED});
  ASSIGN_OR_RETURN(const db::Rows rows, db.Query(absl::StrCat("SELECT 1 FROM proceedings WHERE ",
                                                              where.sql(), " LIMIT 1"),
                                                 where.args()));
  return !rows.empty();
}

}  // namespace lscp::child_protection
