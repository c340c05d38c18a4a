#include "common/db/errors.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"

namespace lscp::db {
namespace {

constexpr int kDuplicateKey = 1062;

template <size_t size>
bool Contains(const int (&numbers)[size], int number) {
  return std::find(std::begin(numbers), std::end(numbers), number) != std::end(numbers);
}

// Nothing was done and the connection serves no more: the server is starting, stopping, full, has
// lost its cluster, is read-only after a switch-over, or has cut us off.
constexpr int kServerRefuses[] = {
    1040,                          // too many connections
    1047,                          // Galera: node is not prepared to serve
    1053,                          // shutdown in progress
    1152, 1158, 1159, 1160, 1161,  // connection aborted, network errors
    1203, 1226,                    // too many connections of this account
    1243,                          // the prepared statement is unknown to the server
    1290, 1836,                    // read-only
    1927, 4031,                    // connection killed (for idling in a transaction, say)
};

// Raised by the client library when the server can't be reached or was lost, or when the statement
// isn't any more what was prepared: a connection of this age is of no use.
constexpr int kServerLost[] = {
    2001, 2002, 2003, 2004, 2005,  // cannot connect
    2006, 2012, 2013, 2048, 2055,  // lost
    2026,                          // TLS
    2030, 2057,                    // prepared before a reconnect, before a column was added
};

// Another transaction won: deadlock, lock wait, NOWAIT, changed since the snapshot, rolled back by
// the cluster. Running the transaction again helps.
constexpr int kLostToAnother[] = {1020, 1205, 1213, 1614, 1615, 3572};

// A statement over max_statement_time, or killed by hand.
constexpr int kTookTooLong[] = {1317, 1969, 3024};

// Errors whose text consists of names in the schema. All others' may quote data or the statement.
constexpr int kTextIsNames[] = {
    1048,              // column cannot be null
    1054, 1146, 1305,  // no such column, table, routine
    1136,              // column count
    1142, 1143,        // no right to the table, the column
    1264, 1406,        // number out of range, text too long for column
    1364,              // column has no default
};

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

// The name between `before` (its last occurrence) and `quote`, where it is one; a schema or table
// in front of it is dropped.
std::string NameAfter(std::string_view message, std::string_view before, char quote) {
  const size_t found = message.rfind(before);
  if (found == std::string_view::npos) return "";
  std::string_view name = message.substr(found + before.size());
  const size_t end = name.find(quote);
  if (end == std::string_view::npos) return "";
  name = name.substr(0, end);
  if (const size_t dot = name.rfind('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  return std::all_of(name.begin(), name.end(), IsNameCharacter) ? std::string(name) : "";
}

// MariaDB: Duplicate entry 'VALUE' for key 'NAME'. The value may contain the same words, so the
// last ones count and nothing may follow the name.
std::string DuplicateKey(std::string_view message) {
  return message.ends_with('\'') ? NameAfter(message, "' for key '", '\'') : "";
}

// MariaDB: CONSTRAINT `NAME` failed for `SCHEMA`.`TABLE`; foreign keys alike.
std::string Constraint(std::string_view message) { return NameAfter(message, "CONSTRAINT `", '`'); }

std::optional<google::rpc::ErrorInfo> Info(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (!payload || !info.ParseFromString(std::string(*payload))) return std::nullopt;
  return info;
}

std::string Metadata(const absl::Status& status, const std::string& key) {
  const auto info = Info(status);
  if (!info) return "";
  const auto found = info->metadata().find(key);
  return found == info->metadata().end() ? "" : found->second;
}

std::string Text(int number, std::string_view sql_state, std::string_view message) {
  std::string text = absl::StrCat("database error ", number, " (", std::string(sql_state), ")");
  if (const std::string name = Constraint(message); !name.empty()) {
    absl::StrAppend(&text, ", constraint ", name);
  } else if (Contains(kTextIsNames, number)) {
    absl::StrAppend(&text, ": ", std::string(message));
  }
  return text;
}

}  // namespace

absl::Status ToStatus(int number, std::string_view sql_state, std::string_view message) {
  std::map<std::string, std::string> metadata = {{"sqlErrno", absl::StrCat(number)}};
  std::string text = Text(number, sql_state, message);
  if (number == kDuplicateKey) {
    metadata["key"] = DuplicateKey(message);
    absl::StrAppend(&text, ", key ", metadata["key"]);
    return Error(absl::StatusCode::kAlreadyExists, reason::ERROR_REASON_DUPLICATE_RECORD, text,
                 metadata);
  }
  if (Contains(kLostToAnother, number)) {
    return WithRetryAfter(Error(absl::StatusCode::kAborted, reason::ERROR_REASON_OVERLOADED,
                                absl::StrCat(text, ", lost to another transaction"), metadata),
                          absl::Milliseconds(100));
  }
  if (Contains(kTookTooLong, number)) {
    return Error(absl::StatusCode::kDeadlineExceeded, reason::ERROR_REASON_TOO_LATE, text,
                 metadata);
  }
  if (Contains(kServerLost, number) || Contains(kServerRefuses, number)) {
    return WithRetryAfter(Error(absl::StatusCode::kUnavailable,
                                reason::ERROR_REASON_BACKEND_UNAVAILABLE, text, metadata),
                          absl::Seconds(1));
  }
  return Error(absl::StatusCode::kInternal, reason::ERROR_REASON_INTERNAL_FAULT, text, metadata);
}

bool LosesConnection(int number) {
  constexpr int kFirstOfClient = 2000;
  constexpr int kLastOfClient = 2999;
  return (number >= kFirstOfClient && number <= kLastOfClient) || Contains(kServerRefuses, number);
}

int SqlErrno(const absl::Status& status) {
  const std::string text = Metadata(status, "sqlErrno");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string DuplicateKeyName(const absl::Status& status) {
  return SqlErrno(status) == kDuplicateKey ? Metadata(status, "key") : "";
}

bool LostToAnotherTransaction(const absl::Status& status) {
  return Contains(kLostToAnother, SqlErrno(status));
}

}  // namespace lscp::db
