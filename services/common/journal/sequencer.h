#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "safeguarding/audit/v1/audit_service.pb.h"

namespace lscp {

// Gives committed rows of the journal and of the disclosures their position: gap-free, in commit
// order, each with a hash that covers the one before. Any number of processes may run one; the
// holder of the lease row works, the others wait to take over. (ADR: order without a hot row.)
class Sequencer {
 public:
  // What monitoring wants to know.
  struct Progress {
    bool leading = false;
    int64_t journal_position = 0;
    int64_t disclosure_position = 0;
    absl::Duration lag = absl::ZeroDuration();  // age of the oldest row sealed by the last pass
    // Rows, since this process began to lead, that were committed later than a transaction can live
    // and were found by the check for such rows. They are sealed, but out of order: an alarm.
    int64_t unsealed_alarm = 0;
  };

  // Only tests need others than these.
  struct Options {
    // How long after its holder died another takes over.
    absl::Duration lease = absl::Seconds(6);
    // How long a skipped id is looked for. A correctness bound: longer than any transaction lives,
    // with room for a COMMIT that the disk holds up.
    absl::Duration hole_life = 4 * db::Database::kMaxTransactionLife;
    // How often rows are looked for that appeared later than that.
    absl::Duration check_every = 4 * db::Database::kMaxTransactionLife;
  };

  // Starts the thread. `holder` names this process in the lease; `on_pass` (may be null) is called
  // on the sequencer's thread after each pass that sealed something or every second. `database`
  // must outlive this. Nothing is an error: while the database is away it keeps trying.
  Sequencer(const db::Database* database, std::string holder,
            std::function<void(const Progress&)> on_pass)
      : Sequencer(database, std::move(holder), std::move(on_pass), Options()) {}
  Sequencer(const db::Database* database, std::string holder,
            std::function<void(const Progress&)> on_pass, Options options);
  // Stops the thread after its pass and releases the lease.
  ~Sequencer();

  // Seals by hand what is committed, for tests, and returns how many rows that were. Errors:
  // FAILED_PRECONDITION if another holds the lease; the database's.
  static absl::StatusOr<int64_t> SealOnce(const db::Database& database, const std::string& holder);

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

// Recomputes both chains up to their present heads and reports what does not fit. Reads page by
// page on an autocommit connection: what is sealed never changes, so it needs no snapshot, which
// could not be held for long enough. Errors: the database's.
absl::StatusOr<safeguarding::audit::v1::VerifyAuditResponse> VerifyChains(
    db::Connection& connection);

}  // namespace lscp
