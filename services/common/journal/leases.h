#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/connection.h"

namespace lscp {

// The right to do what only one process may do at a time, for a while, by the database's clock. The
// statements run on a connection of the caller's; on one with transactions they take effect with
// the caller's COMMIT, so that work done under the lease is void when the lease was lost. Not
// thread-safe. Errors of all calls: the database's.
class Lease {
 public:
  // `holder` is for people to read; a random part is added, so that a process that was restarted
  // under the same name is another holder.
  Lease(std::string name, std::string_view holder, absl::Duration life);

  // Takes the lease if it is free, or renews it. False if another holds it.
  absl::StatusOr<bool> Acquire(db::Connection& connection) const;
  // Renews the lease and locks its row until COMMIT. False if another has taken it.
  absl::StatusOr<bool> Renew(db::Connection& connection) const;
  // Gives the lease up, if it is held.
  absl::Status Release(db::Connection& connection) const;

  absl::Duration life() const { return life_; }

 private:
  std::string name_;
  std::string holder_;
  absl::Duration life_;
};

}  // namespace lscp
