#include "children_in_care/care_consequences.h"

#include "children_in_care/care_clocks.h"

namespace lscp::children_in_care {

absl::Status FollowCare(Transaction& tx, const Parts&, const pb::ChildInCare& before,
                        const pb::ChildInCare& after) {
  return FollowClocks(tx, before, after);
}

}  // namespace lscp::children_in_care
