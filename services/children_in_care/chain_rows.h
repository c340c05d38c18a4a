#pragma once

#include "absl/status/status.h"
#include "common/db/connection.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

namespace lscp::children_in_care {

// Writes the chain of a record as rows (tables care_periods, care_episodes, care_placements), in
// place of what was there. Errors: the database's.
absl::Status WriteChainRows(db::Connection& db,
                            const safeguarding::children_in_care::v1::ChildInCare& record);

}  // namespace lscp::children_in_care
