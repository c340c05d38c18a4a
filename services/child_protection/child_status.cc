#include "child_protection/child_status.h"

#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

// The values of a row's key.
db::Args KeyOf(std::string_view child, pb::ChildStatus status, std::string_view source) {
  const ResourceName name = *ResourceName::Parse(child);
  return {name.borough, name.id, static_cast<int>(status), source};
}

absl::Status Run(db::Connection& db, std::string_view sql, db::Args args, const db::Args& key) {
  args.insert(args.end(), key.begin(), key.end());
  return db.Execute(sql, args).status();
}

constexpr std::string_view kWhere =
    " WHERE borough = ? AND child = ? AND status = ? AND source = ?";

}  // namespace

absl::Status BeginStatus(db::Connection& db, std::string_view child, pb::ChildStatus status,
                         std::string_view source, absl::CivilDay from) {
  return Run(db,
             "REPLACE INTO child_status (from_date, to_date, borough, child, status, source) "
             "VALUES (?, NULL, ?, ?, ?, ?)",
             {from}, KeyOf(child, status, source));
}

absl::Status EndStatus(db::Connection& db, std::string_view child, pb::ChildStatus status,
                       std::string_view source, absl::CivilDay to) {
  return Run(db, "UPDATE child_status SET to_date = ?" + std::string(kWhere), {to},
             KeyOf(child, status, source));
}

absl::Status RemoveStatus(db::Connection& db, std::string_view child, pb::ChildStatus status,
                          std::string_view source) {
  return Run(db, "DELETE FROM child_status" + std::string(kWhere), {},
             KeyOf(child, status, source));
}

}  // namespace lscp::child_protection
