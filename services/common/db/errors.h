#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

// What the database's error numbers mean to us: the one place that knows. Thread-safe.
namespace lscp::db {

// The error as a status, as connection.h lists them. Its text holds the number, the SQLSTATE and
// the name of a violated key or constraint; of the server's `message` nothing else, because that
// may quote data.
absl::Status ToStatus(int number, std::string_view sql_state, std::string_view message);

// No further statement can succeed on the connection.
bool LosesConnection(int number);

// The database's error number that the status was made of; 0 when it wasn't.
int SqlErrno(const absl::Status& status);

}  // namespace lscp::db
