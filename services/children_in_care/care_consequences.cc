#include "children_in_care/care_consequences.h"

#include "children_in_care/care_clocks.h"
#include "children_in_care/care_duties.h"
#include "common/status/macros.h"

namespace lscp::children_in_care {

absl::Status FollowCare(Transaction& tx, const Parts&, const pb::ChildInCare& before,
                        const pb::ChildInCare& after) {
  RETURN_IF_ERROR(FollowClocks(tx, before, after));
  return KeepDuties(tx, after);
}

}  // namespace lscp::children_in_care
