#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/connection.h"
#include "common/store/where.h"
#include "common/validate/resource_name.h"

// The rows that a service keeps of children (README.md): tables `children` and `child_people`. A
// record that was merged into another stays, and counts for the one where the chain of merges ends,
// its `survivor`. Errors of all calls: the database's.
namespace lscp::domain {

// A condition for queries over rows that belong to a child: neither the child's record nor the
// record that it is merged into is restricted to others than the calling person, who is the
// condition's one placeholder. `borough` and `child` are the columns that hold the two parts of the
// child's name.
std::string ChildIsVisible(std::string_view borough, std::string_view child);

// Names of all records of the same child as this one, its own among them; the record that is the
// child's first. None when there is no such child.
absl::StatusOr<std::vector<std::string>> NamesOfChild(db::Connection& db, std::string_view name);

// After a record was merged into another, or parted from it: the records that were merged into it
// before go where it goes. `survivor` is its own survivor now.
absl::Status MoveMerged(db::Connection& db, const ResourceName& record, std::string_view survivor);

// Replaces the people who may see a restricted child.
absl::Status ReplacePeople(db::Connection& db, const ResourceName& child,
                           const std::vector<std::string>& people);
// Replaces the keys by which a child is found (table `child_keys`).
absl::Status ReplaceKeys(db::Connection& db, const ResourceName& child,
                         const std::vector<std::string>& keys);
// The first keys of a child that has none yet.
absl::Status InsertKeys(db::Connection& db, const ResourceName& child,
                        const std::vector<std::string>& keys);

}  // namespace lscp::domain
