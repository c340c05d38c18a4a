#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "common/journal/chain.h"
#include "common/journal/holes.h"
#include "common/journal/insert_text.h"

namespace lscp {

// Gives the committed rows of one account their positions. A pass is Read, Write, COMMIT, Advance
// on one REPEATABLE READ connection; what Read doesn't see because its transaction is still open
// leaves a hole in the ids, which every later pass looks into. Not thread-safe. When a call fails,
// or a COMMIT, roll back and Load again.
class Sealing {
 public:
  // `hole_life`: an id that has not appeared for so long never will. `account` must outlive this.
  Sealing(const Account* account, absl::Duration hole_life);

  // Takes up where the last sequencer stopped.
  absl::Status Load(db::Connection& connection);
  // Reads what this pass is going to seal. `now` is from before the snapshot was taken.
  absl::Status Read(db::Connection& connection, Holes::Time now);
  // Writes the positions of what was read, and now and then how far everything is settled.
  absl::Status Write(db::Connection& connection);
  // The transaction was committed.
  void Advance();
  // Looks for committed rows that have no position although their ids were given up, and notes them
  // to be sealed by the next pass. Result: how many.
  absl::StatusOr<int64_t> CheckSettled(db::Connection& connection);

  size_t pending() const { return pending_.size(); }
  // There was more to read than a pass takes.
  bool more() const { return more_; }
  // Time of the oldest pending row; InfiniteFuture when there is none.
  absl::Time oldest() const { return oldest_; }
  int64_t position() const { return position_; }

 private:
  struct Pending {
    int64_t id;
    std::string hash;
  };

  absl::Status ReadHoles(db::Connection& connection);
  absl::Status ReadIds(db::Connection& connection, std::vector<int64_t>& ids);
  absl::Status ReadWhere(db::Connection& connection, const std::string& sql, const db::Args& args);
  absl::Status WriteSettled(db::Connection& connection);
  // No row can appear any more at or below this id.
  int64_t Settled() const;

  const Account* const account_;
  const std::chrono::nanoseconds hole_life_;
  const InsertText insert_;

  int64_t position_ = 0;
  std::string hash_;
  int64_t high_id_ = 0;  // highest id sealed
  Holes holes_;
  int64_t settled_written_ = 0;
  Holes::Time settled_written_at_;
  int64_t check_from_ = 0;  // Settled() two checks ago
  int64_t check_next_ = 0;  // and one

  Holes::Time now_;
  std::vector<Pending> pending_;
  absl::Time oldest_ = absl::InfiniteFuture();
  bool more_ = false;
};

}  // namespace lscp
