#pragma once

#include "absl/status/status.h"
#include "children_in_care/parts.h"
#include "common/journal/transaction.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

namespace lscp::children_in_care {

// All that follows when a care chain changed, by a further step or a correction: what is owed and
// no longer owed. `before` is empty (without periods) when the child comes into care for the first
// time; `after` is stored already. What depends on care starting, a placement changing or care
// ending compares the two here, and nowhere else. Errors: the database's.
absl::Status FollowCare(Transaction& tx, const Parts& parts,
                        const safeguarding::children_in_care::v1::ChildInCare& before,
                        const safeguarding::children_in_care::v1::ChildInCare& after);

}  // namespace lscp::children_in_care
