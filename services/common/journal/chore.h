#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/connection.h"
#include "common/journal/leases.h"
#include "common/journal/transaction.h"
#include "common/time/clock.h"

namespace lscp {

// Something that a service does by itself because its time has come: one thing after the other,
// each a mutation of its own, in the journal as done by "service.NAME".
struct Chore {
  struct Thing {
    std::string borough;
    std::string name;  // of the resource
  };

  // The verb, as a method's: in the journal as "NAME/VERB".
  std::string verb;
  // What is due at `now`, the longest due first, `most` at most.
  std::function<absl::StatusOr<std::vector<Thing>>(db::Connection&, absl::Time now, int most)> find;
  // Does it. What was found may meanwhile have been done, by another process too, or be no longer
  // due: it locks what it changes, looks again, and says NothingChanged. Then each thing is done
  // exactly once, whatever dies.
  std::function<absl::Status(const std::string& name, Transaction& tx)> act;
};

// Does a chore whenever it is told to. One of several processes at a time finds something to do;
// when it dies, another takes over within a minute. Not thread-safe.
class ChoreRunner {
 public:
  // `database` and `clock` must outlive this.
  ChoreRunner(const db::Database* database, const Clock* clock, std::string_view service,
              Chore chore);

  // What came of a pass. What failed is tried again in the next.
  struct Pass {
    int done = 0;
    int failed = 0;
    absl::Status failure;  // the first
  };
  Pass Run();

  const std::string& verb() const { return chore_.verb; }

 private:
  absl::StatusOr<std::vector<Chore::Thing>> Find();
  absl::StatusOr<bool> Do(const Chore::Thing& thing);

  const Clock* const clock_;
  const std::string service_;
  const Chore chore_;
  const Lease lease_;
  db::Session session_;
};

}  // namespace lscp
