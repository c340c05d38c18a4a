#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "domain/case_store.h"
#include "safeguarding/child_protection/v1/child_checks_service.pb.h"

namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The checks of the database, and what a check looks up. Immutable and thread-safe; errors as of
// CaseStore.
class ChildCheckStore : public domain::CaseStore<pb::ChildCheck> {
 public:
  ChildCheckStore();

  // Names of the records of the register that are found under one of these keys (one at least),
  // each once, whoever may see them.
  absl::StatusOr<std::vector<std::string>> Recognised(db::Connection& db, std::string_view borough,
                                                      const std::vector<std::string>& keys) const;

  // Where these children stand, under whatever record of each, as far as the person may know it:
  // what holds on that day, and plans that ended on `plans_since` or later.
  absl::StatusOr<std::vector<pb::CheckedStatus>> StatusOf(db::Connection& db,
                                                          const std::vector<std::string>& children,
                                                          std::string_view person,
                                                          absl::CivilDay today,
                                                          absl::CivilDay plans_since) const;

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListChildChecksRequest& request) const;
};

}  // namespace lscp::child_protection
