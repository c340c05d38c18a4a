#include "domain/child_rows.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace lscp::domain {
namespace {

// Rows (borough, child, value) of a table that holds values of a child.
absl::Status InsertValues(db::Connection& db, const char* table, const char* column,
                          const ResourceName& child, const std::vector<std::string>& values) {
  if (values.empty()) return absl::OkStatus();
  std::string sql = absl::StrCat("INSERT INTO ", table, " (borough, child, ", column, ") VALUES ");
  db::Args args;
  for (size_t i = 0; i < values.size(); ++i) {
    absl::StrAppend(&sql, i == 0 ? "" : ", ", "(?, ?, ?)");
    args.insert(args.end(), {child.borough, child.id, values[i]});
  }
  return db.Execute(sql, args).status();
}

absl::Status ReplaceValues(db::Connection& db, const char* table, const char* column,
                           const ResourceName& child, const std::vector<std::string>& values) {
  RETURN_IF_ERROR(
      db.Execute(absl::StrCat("DELETE FROM ", table, " WHERE borough = ? AND child = ?"),
                 {child.borough, child.id})
          .status());
  return InsertValues(db, table, column, child, values);
}

}  // namespace

// The record itself and the one that it is merged into are each looked up by their key: with one
// look-up for both the server reads all children of the borough. As many of the two as are
// restricted must allow the person.
std::string ChildIsVisible(std::string_view borough, std::string_view child) {
  return absl::StrCat(
      "NOT EXISTS (SELECT 1 FROM children own JOIN children last ON last.borough = own.borough AND "
      "last.id = own.survivor WHERE own.borough = ",
      std::string(borough), " AND own.id = ", std::string(child),
      " AND (own.restricted OR last.restricted) AND "
      "own.restricted + (last.restricted AND last.id <> own.id) > "
      "(SELECT COUNT(*) FROM child_people allowed WHERE allowed.borough = own.borough AND "
      "allowed.person = ? AND (allowed.child = own.id AND own.restricted OR "
      "allowed.child = last.id AND last.restricted)))");
}

absl::StatusOr<std::vector<std::string>> NamesOfChild(db::Connection& db, std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  if (!parsed) return std::vector<std::string>();
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query("SELECT c.id FROM children c JOIN children own ON own.borough = c.borough AND "
               "own.survivor = c.survivor WHERE own.borough = ? AND own.id = ? "
               "ORDER BY c.id <> c.survivor, c.id",
               {parsed->borough, parsed->id}));
  std::vector<std::string> names;
  for (const db::Row& row : rows) {
    names.push_back(ResourceName{parsed->borough, "children", row.Text(0)}.ToString());
  }
  return names;
}

absl::Status MoveMerged(db::Connection& db, const ResourceName& record, std::string_view survivor) {
  ASSIGN_OR_RETURN(const db::Rows members,
                   db.Query("WITH RECURSIVE members AS (SELECT id FROM children WHERE borough "
                            "= ? AND merged_into = ? UNION SELECT c.id FROM children c JOIN "
                            "members m ON c.merged_into = m.id WHERE c.borough = ?) "
                            "SELECT id FROM members",
                            {record.borough, record.id, record.borough}));
  for (const db::Row& member : members) {
    RETURN_IF_ERROR(db.Execute("UPDATE children SET survivor = ? WHERE borough = ? AND id = ?",
                               {survivor, record.borough, member.Text(0)})
                        .status());
  }
  return absl::OkStatus();
}

absl::Status ReplacePeople(db::Connection& db, const ResourceName& child,
                           const std::vector<std::string>& people) {
  return ReplaceValues(db, "child_people", "person", child, people);
}

absl::Status ReplaceKeys(db::Connection& db, const ResourceName& child,
                         const std::vector<std::string>& keys) {
  return ReplaceValues(db, "child_keys", "search_key", child, keys);
}

absl::Status InsertKeys(db::Connection& db, const ResourceName& child,
                        const std::vector<std::string>& keys) {
  return InsertValues(db, "child_keys", "search_key", child, keys);
}

}  // namespace lscp::domain
