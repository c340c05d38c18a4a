#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/db/connection.h"
#include "common/journal/call.h"

// What a service does with its copy of the register of children (README.md). Errors beside those
// named: the database's.
namespace lscp::domain {

// The register merged a record into another; or parted it again, when both names are the same.
// INVALID_ARGUMENT for what is no child's name.
absl::Status MergeRecords(db::Connection& db, std::string_view duplicate, std::string_view into);

// OK if each child is on the register, in the borough of the call, and the caller may see it; else
// PERMISSION_DENIED, in the same words whatever is the case.
absl::Status CheckChildren(db::Connection& db, const Call& call,
                           const std::vector<std::string>& names);

}  // namespace lscp::domain
