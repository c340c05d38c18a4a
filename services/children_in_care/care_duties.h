#pragma once

#include "absl/status/status.h"
#include "common/journal/transaction.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

namespace lscp::children_in_care {

// What the care of a child makes of the duties towards it (health assessments, reviews, visits), by
// the record as it is stored in this transaction: what is owed begins with a period of care,
// follows what is changed or corrected, and ends with it. To be called after every change of the
// record. Errors: the database's.
absl::Status KeepDuties(Transaction& tx,
                        const safeguarding::children_in_care::v1::ChildInCare& record);

}  // namespace lscp::children_in_care
