#pragma once

#include "absl/status/status.h"
#include "common/db/connection.h"

namespace lscp::db {

// Gives the server's account its rights on every table of the schema, over a connection of the
// owner's: SELECT and INSERT on what the audit seals (see platform migrations), SELECT on the
// migrator's own tables, SELECT, INSERT, UPDATE and DELETE on the others. Does nothing when the
// server's account is the owner.
//
// The account exists already: its host part and its password are the operators' affair. Every one
// of user@'%', user@'localhost' and user@'127.0.0.1' that exists gets the rights (a pod comes from
// anywhere; a development server is on a unix socket). Errors: FAILED_PRECONDITION when none of
// them exists.
absl::Status GrantServerAccount(Connection& owner,
                                const safeguarding::config::v1::DatabaseConfig& config);

}  // namespace lscp::db
