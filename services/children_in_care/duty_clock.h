#pragma once

#include "absl/status/status.h"
#include "common/journal/transaction.h"
#include "common/timescales/store.h"

namespace lscp::children_in_care {

// Makes the clock of a rule run for its subject until its due time, for its team and owner: one
// that runs is moved, else one starts. Errors: the database's.
absl::Status KeepClock(Transaction& tx, const timescales::NewClock& clock);

}  // namespace lscp::children_in_care
