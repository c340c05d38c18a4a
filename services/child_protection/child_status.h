#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/db/connection.h"
#include "safeguarding/child_protection/v1/codes.pb.h"

// Where a child stands, in the table `child_status`: what those learn who may only know whether a
// child has a plan, is looked after or is missing (CheckChild). A resource that gives a child a
// status calls these in the transaction that changes it; `source` is the resource's name, `child`
// the name on the register. Errors: the database's.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The child has the status from this day on. Again, for a correction of the day; the status has not
// ended then.
absl::Status BeginStatus(db::Connection& db, std::string_view child, pb::ChildStatus status,
                         std::string_view source, absl::CivilDay from);

// The last day of the status. Nothing happens to a child who has it not.
absl::Status EndStatus(db::Connection& db, std::string_view child, pb::ChildStatus status,
                       std::string_view source, absl::CivilDay to);

// The child never had it: the record was made by mistake.
absl::Status RemoveStatus(db::Connection& db, std::string_view child, pb::ChildStatus status,
                          std::string_view source);

}  // namespace lscp::child_protection
