#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/db/connection.h"

namespace lscp::child_protection {

// What this service knows of a child of the register that its rules need.
struct KnownChild {
  std::optional<absl::CivilDay> birth_date;
  std::string family_group;
};

// Nothing is known of a child who is not on the register. Errors: the database's.
absl::StatusOr<KnownChild> FindChild(db::Connection& db, std::string_view name);

// As FindChild, and nobody else who calls this works on the child until the transaction ends.
absl::StatusOr<KnownChild> LockChild(db::Connection& db, std::string_view name);

// Birth dates of children, in their order.
template <typename Names>
absl::StatusOr<std::vector<std::optional<absl::CivilDay>>> BirthDatesOf(db::Connection& db,
                                                                        const Names& names) {
  std::vector<std::optional<absl::CivilDay>> dates;
  for (const std::string& name : names) {
    auto child = FindChild(db, name);
    if (!child.ok()) return child.status();
    dates.push_back(child->birth_date);
  }
  return dates;
}

}  // namespace lscp::child_protection
