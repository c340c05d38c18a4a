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
// any number of pods may race, then gives the server's account its rights (grants.h). Each step
// has a row that is written before it and completed after it; DDL commits implicitly, so a step
// that was interrupted is refused with its name rather than run again half-way. A schema that is
// newer by expanding steps only needs nothing and is left alone, so that a release can be rolled
// back. Errors: FAILED_PRECONDITION (a contract step has made the schema too new for this binary; a
// step was interrupted; the server's account doesn't exist), UNAVAILABLE, INTERNAL (a statement
// failed).
//
// A step whose first line is `-- contract` takes something away that servers older than the
// version before it still use: it raises the version that a server must have to the one before.
absl::Status Migrate(const Database& database, std::span<const Component> components);

// OK if the schema is the one this binary was built for, or newer by steps that it can live with;
// else FAILED_PRECONDITION saying which component is at which version. UNAVAILABLE when it can't be
// read.
absl::Status CheckSchema(Connection& connection, std::span<const Component> components);

}  // namespace lscp::db
