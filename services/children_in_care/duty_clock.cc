#include "children_in_care/duty_clock.h"

#include "common/status/macros.h"

namespace lscp::children_in_care {

absl::Status KeepClock(Transaction& tx, const timescales::NewClock& clock) {
  ASSIGN_OR_RETURN(const bool moved,
                   timescales::Extend(tx.db(), clock.subject, clock.rule, clock.due_at));
  if (!moved) return timescales::Start(tx.db(), tx.call().borough, {clock});
  return timescales::Reassign(tx.db(), clock.subject, clock.team, clock.owner).status();
}

}  // namespace lscp::children_in_care
