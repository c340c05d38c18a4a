#pragma once

#include "absl/status/statusor.h"
#include "common/db/connection.h"
#include "safeguarding/audit/v1/audit_service.pb.h"

namespace lscp {

// What was done to or with the record `request.name()`: its journal rows and its disclosures,
// oldest first by the time of the call. Who may ask has been decided. Errors: INVALID_ARGUMENT when
// the page token belongs to another query; the database's.
absl::StatusOr<safeguarding::audit::v1::ListAuditEntriesResponse> ListAuditEntries(
    db::Connection& connection, const safeguarding::audit::v1::ListAuditEntriesRequest& request);

}  // namespace lscp
