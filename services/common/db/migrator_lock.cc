#include "common/db/migrator_lock.h"

#include <chrono>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/db/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp::db {
namespace {

constexpr absl::Duration kBetweenAttempts = absl::Milliseconds(50);

std::string NewHolder() {
  std::random_device random;
  return absl::StrCat(absl::Hex(random(), absl::kZeroPad8), absl::Hex(random(), absl::kZeroPad8));
}

// Takes the row, or keeps it. The server's clock decides, so that processes need not agree on the
// time.
absl::StatusOr<bool> Take(Connection& connection, const std::string& holder) {
  ASSIGN_OR_RETURN(const int64_t rows,
                   connection.Execute(
                       "UPDATE schema_migrator SET holder = ?, "
                       "expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND "
                       "WHERE name = 'migrator' AND (holder = ? OR expires_at < UTC_TIMESTAMP(6))",
                       {holder, absl::ToInt64Seconds(MigratorLock::kLease), holder}));
  return rows == 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MigratorLock>> MigratorLock::Acquire(const Database& database,
                                                                    absl::Duration patience) {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, database.ConnectAsOwner());
  const std::string holder = NewHolder();
  const absl::Time deadline = absl::Now() + patience;
  while (true) {
    const absl::StatusOr<bool> taken = Take(*connection, holder);
    if (!taken.ok() && !LostToAnotherTransaction(taken.status())) return taken.status();
    if (taken.ok() && *taken) {
      return std::unique_ptr<MigratorLock>(
          new MigratorLock(database, std::move(connection), holder));
    }
    if (absl::Now() > deadline) {
      return BackendUnavailable("another process has been migrating the schema for too long");
    }
    absl::SleepFor(kBetweenAttempts);
  }
}

MigratorLock::MigratorLock(const Database& database, std::unique_ptr<Connection> connection,
                           std::string holder)
    : database_(database),
      connection_(std::move(connection)),
      holder_(std::move(holder)),
      renewer_([this] { KeepRenewing(); }) {}

MigratorLock::~MigratorLock() {
  {
    std::lock_guard lock(mutex_);
    released_ = true;
  }
  changed_.notify_all();
  renewer_.join();
  // An error leaves the row to expire.
  connection_
      ->Execute("UPDATE schema_migrator SET expires_at = UTC_TIMESTAMP(6) WHERE holder = ?",
                {holder_})
      .IgnoreError();
}

void MigratorLock::KeepRenewing() {
  const auto pause = absl::ToChronoMilliseconds(kLease / 6);
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, pause, [this] { return released_; })) {
    if (connection_->broken()) {
      if (auto connection = database_.ConnectAsOwner(); connection.ok()) {
        connection_ = *std::move(connection);
      }
    }
    Take(*connection_, holder_).IgnoreError();  // tried again long before the lease ends
  }
}

}  // namespace lscp::db
