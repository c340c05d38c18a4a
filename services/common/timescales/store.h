#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"

// The clocks of a service's records, in the platform's table `timescales`. What starts, meets or
// cancels a clock calls these on its transaction's connection, so that clock and record change
// together. Whether a clock is overdue is not stored: it is found when it is read.
//
// A clock runs until it is met or cancelled. Of a rule at most one runs for a subject at a time.
// Errors of all calls: the database's.
namespace lscp::timescales {

using safeguarding::timescales::v1::Timescale;

// A clock that is to run. Team and owner are empty while nobody is allocated.
struct NewClock {
  std::string subject;  // a resource's name
  std::string rule;
  absl::Time started_at;
  absl::Time due_at;
  std::string team = {};
  std::string owner = {};
  std::optional<absl::Time> met_at = {};  // a clock that is met as it starts
};

// Starts clocks, all in one statement; none is nothing to do. ALREADY_EXISTS when one of a rule
// runs for its subject, or started at that very instant, and then none has been started.
absl::Status Start(db::Connection& db, std::string_view borough,
                   const std::vector<NewClock>& clocks);

// Records that the obligation was met at `at`, which may lie before now. False: none was running.
absl::StatusOr<bool> Meet(db::Connection& db, std::string_view subject, std::string_view rule,
                          absl::Time at);

// Records that what is running is no longer owed, of one rule or of all. Result: how many.
absl::StatusOr<int64_t> Cancel(db::Connection& db, std::string_view subject, std::string_view rule,
                               absl::Time at);
absl::StatusOr<int64_t> CancelAll(db::Connection& db, std::string_view subject, absl::Time at);

// Gives what is running to a team and a person, either of whom may be empty. Result: how many.
absl::StatusOr<int64_t> Reassign(db::Connection& db, std::string_view subject,
                                 std::string_view team, std::string_view owner);

// Moves the due time of the running clock. False: none is running.
absl::StatusOr<bool> Extend(db::Connection& db, std::string_view subject, std::string_view rule,
                            absl::Time due_at);

// Answers ListTimescales for the boroughs that the caller may see; `person` is the caller's, for
// `mine`, and empty when no person is calling. INVALID_ARGUMENT PAGE_TOKEN_MISMATCH.
absl::StatusOr<safeguarding::timescales::v1::ListTimescalesResponse> List(
    db::Connection& db, const safeguarding::timescales::v1::ListTimescalesRequest& request,
    const std::vector<std::string>& boroughs, std::string_view person, absl::Time now);

// Where a clock stands at `now`: at its due instant still in time.
Timescale::State StateAt(const Timescale& clock, bool cancelled, absl::Time now);

// How many clocks of a rule are in a state: those that run, and those that ended in the last 28
// days, so that counting stays cheap when years of them have ended. Combinations without any are
// left out.
struct Count {
  std::string borough;
  std::string rule;
  Timescale::State state;
  int64_t clocks;
};
absl::StatusOr<std::vector<Count>> CountByState(db::Connection& db,
                                                const std::vector<std::string>& boroughs,
                                                absl::Time now);

// How many running clocks of a rule, in time at `now`, become due within `within`. Combinations
// without any are left out; the state is RUNNING.
absl::StatusOr<std::vector<Count>> CountDueWithin(db::Connection& db,
                                                  const std::vector<std::string>& boroughs,
                                                  absl::Time now, absl::Duration within);

}  // namespace lscp::timescales
