#include "absl/time/clock.h"
#include "common/db/connection.h"
#include "common/status/macros.h"

namespace lscp::db {
namespace {

// A connection used within this time is taken to be alive; the ping costs a round trip.
constexpr absl::Duration kTrusted = absl::Seconds(1);

}  // namespace

absl::StatusOr<Connection*> Session::Reader() { return Use(reader_, Mode::kAutocommit); }

absl::StatusOr<Connection*> Session::Writer() { return Use(writer_, Mode::kTransaction); }

absl::StatusOr<Connection*> Session::Use(Slot& slot, Mode mode) {
  const absl::Time now = absl::Now();
  if (slot.connection != nullptr) {
    slot.connection->Rollback();  // costs nothing unless a transaction was left open
    const bool trusted =
        !slot.connection->broken() && absl::AbsDuration(now - slot.last_used) < kTrusted;
    if (!trusted && !slot.connection->Alive()) slot.connection.reset();
  }
  if (slot.connection == nullptr) {
    ASSIGN_OR_RETURN(slot.connection, database_->Connect(mode));
  }
  slot.last_used = now;
  return slot.connection.get();
}

}  // namespace lscp::db
