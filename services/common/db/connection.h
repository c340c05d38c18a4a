#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/value.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::db {

// How a connection is going to be used. Connections are opened for one use, because switching
// autocommit costs a round trip.
enum class Mode {
  kAutocommit,   // reads, and writes that are one statement
  kTransaction,  // READ COMMITTED; every statement belongs to a transaction until Commit
  kSnapshot,     // REPEATABLE READ; one snapshot until Commit
};

// One connection to the database with its prepared statements, each prepared at its first use and
// kept, by its text. Not thread-safe: a worker owns its connections. Exceptions of Connector/C++
// stop here.
//
// `args` has one value for each placeholder.
//
// Errors of all calls: UNAVAILABLE (with RetryInfo) when the server cannot be reached or went away;
// ABORTED on a deadlock or lock wait, and the transaction is rolled back; ALREADY_EXISTS on a
// duplicate key; DEADLINE_EXCEEDED past the statement's time limit; INTERNAL for everything else.
// Texts hold SQL errno and state, never data.
class Connection {
 public:
  virtual ~Connection() = default;

  // Runs a SELECT (or INSERT … RETURNING).
  virtual absl::StatusOr<Rows> Query(std::string_view sql, const Args& args) = 0;
  // Runs anything else; result is the number of rows matched (not: changed) or inserted.
  virtual absl::StatusOr<int64_t> Execute(std::string_view sql, const Args& args) = 0;
  // Runs one statement without placeholders and without preparing it (migrations, session
  // settings).
  virtual absl::Status Run(std::string_view sql) = 0;
  virtual absl::Status Commit() = 0;
  // Never fails: a connection that can't roll back is marked broken, and the server rolls back.
  virtual void Rollback() = 0;
  // Asks the server. False makes the connection broken.
  virtual bool Alive() = 0;
  // The server was lost, or a roll back failed: drop this connection and open another.
  virtual bool broken() const = 0;
};

// Name of the key that an ALREADY_EXISTS of a connection is about, e.g. "PRIMARY" or "request";
// empty for all other errors, and when the server cut its message short.
std::string DuplicateKeyName(const absl::Status& status);

// The error is a deadlock, a lock wait or the like, not an ABORTED of our own rules: running the
// transaction again from its beginning may succeed.
bool LostToAnotherTransaction(const absl::Status& status);

// Opens connections. Thread-safe.
class Database {
 public:
  // Loads the driver; doesn't connect. `config` may name a server that isn't up yet.
  explicit Database(safeguarding::config::v1::DatabaseConfig config);

  // Opens a connection as the server's account, or as the one that owns the schema (autocommit, no
  // time limits). Password files are read again each time, so they may be rotated. UNAVAILABLE when
  // the server cannot be reached or refuses us; FAILED_PRECONDITION when a password file cannot be
  // read.
  absl::StatusOr<std::unique_ptr<Connection>> Connect(Mode mode) const;
  absl::StatusOr<std::unique_ptr<Connection>> ConnectAsOwner() const;

  const safeguarding::config::v1::DatabaseConfig& config() const { return config_; }

  // No transaction and no statement of the server's account lives longer than this; the sequencer
  // relies on it. In a transaction, a statement or Commit that begins after half of it is refused
  // with DEADLINE_EXCEEDED and rolled back, and the server ends statements and idle transactions
  // after the other half.
  static constexpr absl::Duration kMaxTransactionLife = absl::Seconds(30);

 private:
  safeguarding::config::v1::DatabaseConfig config_;
};

// A worker's connections: opened when first needed, pinged after idling, replaced when broken. Not
// thread-safe.
class Session {
 public:
  explicit Session(const Database* database) : database_(database) {}

  // A usable connection for reads. Valid until the next call.
  absl::StatusOr<Connection*> Reader();
  // A usable connection for a transaction. Valid until the next call.
  absl::StatusOr<Connection*> Writer();

 private:
  struct Slot {
    std::unique_ptr<Connection> connection;
    absl::Time last_used = absl::InfinitePast();
  };
  absl::StatusOr<Connection*> Use(Slot& slot, Mode mode);

  const Database* database_;
  Slot reader_;
  Slot writer_;
};

}  // namespace lscp::db
