#include "child_protection/child_check_store.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::ChildCheck;

Columns ColumnsOf(const ChildCheck& check) {
  return {
      {"agency", check.agency()},
      {"found", !check.children().empty()},
      {"told", !check.statuses().empty()},
      {"checked_at", ProtoToTime(check.check_time())},
  };
}

}  // namespace

ChildCheckStore::ChildCheckStore() : CaseStore("childChecks", "child_checks", ColumnsOf) {}

absl::StatusOr<std::vector<std::string>> ChildCheckStore::Recognised(
    db::Connection& db, std::string_view borough, const std::vector<std::string>& keys) const {
  db::Args args = {borough};
  args.insert(args.end(), keys.begin(), keys.end());
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat(
                   "SELECT DISTINCT child FROM child_keys WHERE borough = ? AND search_key IN (",
                   db::Placeholders(keys.size()), ") ORDER BY child"),
               args));
  std::vector<std::string> names;
  for (const db::Row& row : rows) {
    names.push_back(ResourceName{std::string(borough), "children", row.Text(0)}.ToString());
  }
  return names;
}

absl::StatusOr<std::vector<pb::CheckedStatus>> ChildCheckStore::StatusOf(
    db::Connection& db, const std::vector<std::string>& children, std::string_view person,
    absl::CivilDay today, absl::CivilDay plans_since) const {
  std::map<int, bool> current_by_status;
  for (const std::string& text : children) {
    const ResourceName name = *ResourceName::Parse(text);
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        db.Query(absl::StrCat(
                     "SELECT s.status, MAX(s.to_date IS NULL OR s.to_date > ?) FROM children found "
                     "JOIN children c ON c.borough = found.borough AND c.survivor = found.survivor "
                     "JOIN child_status s ON s.borough = c.borough AND s.child = c.id "
                     "WHERE found.borough = ? AND found.id = ? AND s.from_date <= ? AND "
                     "(s.to_date IS NULL OR s.to_date > ? OR (s.status = ? AND s.to_date >= ?)) "
                     "AND ",
                     domain::ChildIsVisible("found.borough", "found.id"), " AND ",
                     domain::ChildIsVisible("c.borough", "c.id"), " GROUP BY s.status"),
                 {today, name.borough, name.id, today, today,
                  static_cast<int>(pb::CHILD_STATUS_CHILD_PROTECTION_PLAN), plans_since, person,
                  person}));
    for (const db::Row& row : rows) {
      bool& current = current_by_status[static_cast<int>(row.Int(0))];
      current = current || row.Int(1) != 0;
    }
  }
  std::vector<pb::CheckedStatus> statuses;
  for (const auto& [status, current] : current_by_status) {
    pb::CheckedStatus& checked = statuses.emplace_back();
    checked.set_status(static_cast<pb::ChildStatus>(status));
    checked.set_current(current);
  }
  return statuses;
}

absl::StatusOr<ChildCheckStore::Page> ChildCheckStore::Find(
    Reading& reading, const pb::ListChildChecksRequest& request) const {
  Where where;
  if (!request.child().empty()) RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  if (!request.agency().empty()) where.Add("agency = ?", {request.agency()});
  if (request.has_checked_from()) {
    where.Add("checked_at >= ?", {ProtoToTime(request.checked_from())});
  }
  if (request.has_checked_before()) {
    where.Add("checked_at < ?", {ProtoToTime(request.checked_before())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "checked_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
