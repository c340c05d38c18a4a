#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/db/connection.h"
#include "common/journal/call.h"
#include "tests/load/meter.h"
#include "tests/load/statements.h"

namespace lscp::tests {

// The ceiling of a write: a call's statements on as many connections as clients, prepared, each
// time with a new id and request_id and the time of day in the place of those they were found with;
// then COMMIT. `more` tells what else changes, anew for each; it is called on any thread. `call`
// has a row of the journal. `database` must outlive the load.
std::unique_ptr<Load> MakeSqlWrites(
    const db::Database* database, StatementsOfCall call, std::string id, std::string request_id,
    std::function<Changes()> more = [] { return Changes(); });

// The ceiling of an audited read: its statements on as many connections as clients, with the ids of
// `ids` in turn in the place of `id`, and then, as the service does it, a disclosure that shares
// its commit with others; the next read begins when that is durable. `resource` names what `id`
// is, and `as` who reads.
std::unique_ptr<Load> MakeSqlReads(const db::Database* database, StatementsOfCall call,
                                   std::string id, std::string resource,
                                   std::vector<std::string> ids, Call as);

}  // namespace lscp::tests
