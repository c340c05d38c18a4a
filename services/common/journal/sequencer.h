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
  // What monitoring wants to know. Reset by each pass.
  struct Progress {
    bool leading = false;
    int64_t journal_position = 0;
    int64_t disclosure_position = 0;
    absl::Duration lag = absl::ZeroDuration();  // age of the oldest row sealed by the last pass
    int64_t unsealed_alarm = 0;  // rows older than a transaction can live and not sealed
  };

  // Starts the thread. `holder` names this process in the lease; `on_pass` (may be null) is called
  // on the sequencer's thread after each pass that sealed something or every second.
  Sequencer(const db::Database* database, std::string holder,
            std::function<void(const Progress&)> on_pass);
  // Releases the lease and stops the thread.
  ~Sequencer();

  // One pass by hand, for tests: seals what is committed and returns how many rows that were.
  static absl::StatusOr<int64_t> SealOnce(const db::Database& database, const std::string& holder);

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

// Recomputes both chains and reports what does not fit. Reads page by page on `connection` (a
// snapshot). Errors: the database's.
absl::StatusOr<safeguarding::audit::v1::VerifyAuditResponse> VerifyChains(
    db::Connection& connection);

}  // namespace lscp
