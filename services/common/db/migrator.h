#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/connection.h"
#include "common/db/migration.h"

namespace lscp::db {

// A schema's steps under a name of their own: the platform's tables and a service's are migrated
// separately, so that a change of the platform renumbers no service.
struct Component {
  const char* name;
  std::span<const Migration> migrations;
};

// Brings the schema up to date under a lock row that a crashed migrator's successor takes over, so
// any number of pods may race. Each step and its version row are recorded together; DDL commits
// implicitly, so a step that was interrupted is refused with its name rather than run again
// half-way. Errors: FAILED_PRECONDITION (the schema is newer than this binary, or a step was
// interrupted), UNAVAILABLE.
absl::Status Migrate(const Database& database, std::span<const Component> components);

// OK if the schema is the one this binary was built for, or newer by expanding steps only; else
// FAILED_PRECONDITION saying which component is at which version. UNAVAILABLE when it can't be
// read.
absl::Status CheckSchema(Connection& connection, std::span<const Component> components);

}  // namespace lscp::db
