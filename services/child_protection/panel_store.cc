#include "child_protection/panel_store.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::PanelAction;
using pb::PanelCase;

std::string IdOf(std::string_view name) { return ResourceName::Parse(name)->id; }

Columns CaseColumns(const PanelCase& record) {
  return {
      {"state", record.state()},
      {"panel", record.panel()},
      {"child", IdOf(record.child())},
      {"nominating_agency", record.nominating_agency()},
      {"risk", record.risk()},
      {"nominated_at", ProtoToTime(record.nominate_time())},
      {"meeting_on", record.has_meeting_date() ? ProtoToDate(record.meeting_date()) : std::nullopt},
      {"discussions", record.discussions_size()},
      {"ended_on", record.has_end_date() ? ProtoToDate(record.end_date()) : std::nullopt},
      {"removal_reason", record.removal_reason()},
  };
}

Columns ActionColumns(const PanelAction& action) {
  return {
      {"state", action.state()},
      {"panel_case", IdOf(action.panel_case())},
      {"panel", action.panel()},
      {"child", IdOf(action.child())},
      {"kind", action.kind()},
      {"agency", action.agency()},
      {"due_on", ProtoToDate(action.due_date())},
      {"completed_at",
       action.has_complete_time() ? ProtoToTime(action.complete_time()) : std::nullopt},
  };
}

// The filters that both lists of actions have.
template <typename Request>
ListQuery FirstDueFirst(const Request& request, absl::Time now, Where where) {
  where.In("state", request.states());
  if (request.overdue()) {
    where.Add("state = ? AND due_on < ?", {PanelAction::STATE_OPEN, LondonDay(now)});
  }
  return {.where = where.sql(),
          .args = where.args(),
          .sort_by = "due_on",
          .page_size = request.page_size(),
          .page_token = request.page_token()};
}

absl::StatusOr<bool> Exists(db::Connection& db, const char* table, const Where& where) {
  ASSIGN_OR_RETURN(const db::Rows rows, db.Query(absl::StrCat("SELECT 1 FROM ", table, " WHERE ",
                                                              where.sql(), " LIMIT 1"),
                                                 where.args()));
  return !rows.empty();
}

}  // namespace

PanelCaseStore::PanelCaseStore() : CaseStore("panelCases", "panel_cases", CaseColumns) {}

absl::StatusOr<PanelCaseStore::Page> PanelCaseStore::Find(
    Reading& reading, const pb::ListPanelCasesRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.panel().empty()) where.Add("panel = ?", {request.panel()});
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (request.has_meeting_date()) {
    where.Add("meeting_on = ?", {ProtoToDate(request.meeting_date())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "nominated_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<bool> PanelCaseStore::HasOpen(db::Connection& db, std::string_view child,
                                             const std::string& panel) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(db, child, where));
  where.Add("panel = ? AND ended_on IS NULL", {panel});
  return Exists(db, "panel_cases", where);
}

PanelActionStore::PanelActionStore() : CaseStore("panelActions", "panel_actions", ActionColumns) {}

absl::StatusOr<PanelActionStore::Page> PanelActionStore::Find(
    Reading& reading, const pb::ListPanelActionsRequest& request) const {
  Where where;
  if (!request.panel_case().empty()) {
    where.Add("borough = ? AND panel_case = ?",
              {BoroughOf(request.panel_case()), IdOf(request.panel_case())});
  }
  if (!request.agency().empty()) where.Add("agency = ?", {request.agency()});
  return List(reading, request, FirstDueFirst(request, reading.now(), std::move(where)));
}

absl::StatusOr<PanelActionStore::Page> PanelActionStore::FindMine(
    Reading& reading, const pb::ListMyActionsRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency});
  return List(reading, request, FirstDueFirst(request, reading.now(), std::move(where)));
}

absl::StatusOr<bool> PanelActionStore::HasOpen(db::Connection& db,
                                               std::string_view panel_case) const {
  Where where;
  where.Add("borough = ? AND panel_case = ? AND state = ?",
            {BoroughOf(panel_case), IdOf(panel_case), PanelAction::STATE_OPEN});
  return Exists(db, "panel_actions", where);
}

}  // namespace lscp::child_protection
