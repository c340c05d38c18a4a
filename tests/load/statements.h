#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/value.h"

namespace lscp::tests {

// A statement as the server ran it: text with placeholders, and their values.
struct Statement {
  std::string sql;
  db::Args args;
  bool query = false;  // a SELECT
};

// What one call had the database do on its worker's connection, in order.
struct StatementsOfCall {
  std::vector<Statement> statements;
  bool commits = false;  // and then COMMIT
};

// Finds a call in MariaDB's general log (log_output = FILE): the statements of the connection that
// first ran one with `marker` among its values, but for the disclosures' writer's. The log must
// begin before the connection prepared its statements. NOT_FOUND when there is no such call;
// INVALID_ARGUMENT when the log isn't understood.
absl::StatusOr<StatementsOfCall> FindCall(const std::string& log, std::string_view marker);

// From what to what, of the same length (a serialised message stays one).
using Changes = std::vector<std::pair<std::string, std::string>>;

// The values with every occurrence of what is to be changed, inside longer ones too, changed.
db::Args Replaced(const db::Args& args, const Changes& changes);

}  // namespace lscp::tests
