#pragma once

#include <memory>

#include "absl/time/time.h"
#include "common/db/connection.h"

namespace sql {
class Connection;
}

namespace lscp::db {

// Wraps a driver's connection whose session is set up for `mode`. In a transaction, no statement
// and no COMMIT is begun more than `life` after its first statement.
std::unique_ptr<Connection> WrapConnection(std::unique_ptr<sql::Connection> driver, Mode mode,
                                           absl::Duration life);

}  // namespace lscp::db
