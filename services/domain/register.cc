#include "domain/register.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/resource_store.h"
#include "common/validate/resource_name.h"
#include "domain/child_rows.h"

namespace lscp::domain {
namespace {

absl::StatusOr<ResourceName> ChildName(std::string_view text) {
  auto name = ResourceName::Parse(text);
  if (!name || name->collection != "children") return InvalidField("child", "is no child's name");
  return *std::move(name);
}

}  // namespace

absl::Status MergeRecords(db::Connection& db, std::string_view duplicate, std::string_view into) {
  ASSIGN_OR_RETURN(const ResourceName name, ChildName(duplicate));
  ASSIGN_OR_RETURN(const ResourceName left, ChildName(into));
  const bool merged = left.id != name.id;
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query("SELECT survivor FROM children WHERE borough = ? AND id = ?",
                            {left.borough, left.id}));
  const std::string survivor = merged && !rows.empty() ? rows[0].Text(0) : left.id;
  RETURN_IF_ERROR(
      db.Execute(
            "UPDATE children SET survivor = ?, merged_into = ? WHERE borough = ? AND id = ?",
            {survivor, merged ? db::Value(left.id) : db::Value(nullptr), name.borough, name.id})
          .status());
  return MoveMerged(db, name, survivor);
}

absl::Status CheckChildren(db::Connection& db, const Call& call,
                           const std::vector<std::string>& names) {
  for (const std::string& text : names) {
    const auto name = ResourceName::Parse(text);
    if (!name || name->borough != call.borough || !MayName(call, "children", text)) {
      return PermissionDenied(call.permission, text);
    }
    ASSIGN_OR_RETURN(
        const db::Rows visible,
        db.Query(absl::StrCat("SELECT 1 FROM children c WHERE c.borough = ? AND c.id = ? AND ",
                              ChildIsVisible("c.borough", "c.id")),
                 {name->borough, name->id, call.caller.person}));
    if (visible.empty()) return PermissionDenied(call.permission, text);
  }
  return absl::OkStatus();
}

}  // namespace lscp::domain
