#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/resource_store.h"
#include "common/store/where.h"
#include "common/validate/resource_name.h"

// What the stores of requests to agencies have in common.
namespace lscp::child_death_reviews {

// Locks a record of the calling agency; others are absent, whatever the etag.
template <typename Record>
absl::StatusOr<Record> LockOwn(const ResourceStore<Record>& store, Transaction& tx,
                               std::string_view name, std::string_view etag) {
  ASSIGN_OR_RETURN(Record record, store.Lock(tx, name, ""));
  // First whether the caller may know of it, then whether it knows the current one.
  if (record.agency() != tx.caller().agency) return PermissionDenied(tx.call().permission, name);
  if (etag != record.etag()) return EtagMismatch(name, record.etag());
  return record;
}

// Those that belong to `whole`, whose id is in the column, in the order in which they were asked
// for, locked.
template <typename Record>
absl::StatusOr<std::vector<Record>> LockNumbered(const ResourceStore<Record>& store,
                                                 Transaction& tx, const char* collection,
                                                 const char* table, const char* column,
                                                 std::string_view whole) {
  const ResourceName name = *ResourceName::Parse(whole);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query(absl::StrCat("SELECT id FROM ", table, " WHERE borough = ? AND ",
                                              column, " = ? ORDER BY LENGTH(id), id"),
                                 {name.borough, name.id}));
  std::vector<Record> records;
  for (const db::Row& row : rows) {
    const ResourceName part{name.borough, collection, row.Text(0)};
    ASSIGN_OR_RETURN(records.emplace_back(), store.Lock(tx, part.ToString(), ""));
  }
  return records;
}

// A page of those that `where` chooses; what is due first, by the column `due`, comes first.
template <typename Request>
ListQuery FirstDue(const Request& request, const Where& where, const char* due) {
  return {.where = where.sql(),
          .args = where.args(),
          .sort_by = due,
          .page_size = request.page_size(),
          .page_token = request.page_token()};
}

}  // namespace lscp::child_death_reviews
