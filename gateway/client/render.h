#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace lscp::client {

// A column of a table: its heading and the path of the field that fills it, e.g. "referral.state".
struct ColumnSpec {
  const char* heading;
  const char* path;
};

// The value at a path as people read it: times in London, enum values in plain words, lists with
// commas; "-" for what is not set.
std::string HumanValue(const google::protobuf::Message& message, const std::string& path);

// Prints a repeated field's messages as a table, one a row, as wide as its content.
void PrintTable(const google::protobuf::Message& reply, const std::string& list_field,
                const std::vector<ColumnSpec>& columns, std::ostream& out);

// Prints rows of cells, the first of which are headings.
void PrintRows(const std::vector<std::vector<std::string>>& rows, std::ostream& out);

// Prints one message as "heading  value" lines.
void PrintRecord(const google::protobuf::Message& message, const std::vector<ColumnSpec>& fields,
                 std::ostream& out);

// Prints JSON with the names of the contract.
absl::Status PrintJson(const google::protobuf::Message& message, std::ostream& out);

// Prints an error with its reason, every field violation, failed preconditions and when to retry.
void PrintError(const absl::Status& status, std::ostream& err);

// What the shell is told: 0 done, 2 wrong usage, 3 the request is wrong, 4 not allowed, 5 the
// record's state or revision forbids it, 6 try again later, 1 everything else.
int ExitCode(const absl::Status& status);

}  // namespace lscp::client
