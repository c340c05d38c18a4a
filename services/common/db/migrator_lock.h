#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/connection.h"

namespace lscp::db {

// The row of schema_migrator that lets one process migrate at a time. Held by lease: renewed while
// this object lives, and free for another when its process is gone. (A row, not GET_LOCK: that
// locks only one node of a Galera cluster.) A holder that stands still for longer than the lease
// can be overtaken; what it had begun is then refused as interrupted, by its row in
// schema_migrations.
class MigratorLock {
 public:
  static constexpr absl::Duration kLease = absl::Seconds(30);

  // Waits until the row is free. The row's table must exist. UNAVAILABLE when another process has
  // held it all the time that `patience` gives.
  static absl::StatusOr<std::unique_ptr<MigratorLock>> Acquire(const Database& database,
                                                               absl::Duration patience);
  // Releases it.
  ~MigratorLock();

 private:
  MigratorLock(const Database& database, std::unique_ptr<Connection> connection,
               std::string holder);
  void KeepRenewing();

  const Database& database_;
  std::unique_ptr<Connection> connection_;
  const std::string holder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
  std::thread renewer_;
};

}  // namespace lscp::db
