#include "child_protection/known_child.h"

#include "common/status/macros.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

absl::StatusOr<KnownChild> Query(db::Connection& db, std::string_view name, const char* lock) {
  const auto child = ResourceName::Parse(name);
  if (!child) return KnownChild();
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query(std::string("SELECT birth_date, family_group FROM children"
                                        " WHERE borough = ? AND id = ?") +
                                lock,
                            {child->borough, child->id}));
  if (rows.empty()) return KnownChild();
  KnownChild known;
  known.birth_date = rows[0].OptDay(0);
  known.family_group = rows[0].Text(1);
  return known;
}

}  // namespace

absl::StatusOr<KnownChild> FindChild(db::Connection& db, std::string_view name) {
  return Query(db, name, "");
}

absl::StatusOr<KnownChild> LockChild(db::Connection& db, std::string_view name) {
  return Query(db, name, " FOR UPDATE");
}

}  // namespace lscp::child_protection
