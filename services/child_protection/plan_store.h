#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "safeguarding/child_protection/v1/plans_service.pb.h"
#include "safeguarding/child_protection/v1/visits_service.pb.h"

namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The protection plans of the database; a child has one active plan at most. Immutable and
// thread-safe; errors as of CaseStore.
class PlanStore : public domain::CaseStore<pb::ProtectionPlan> {
 public:
  PlanStore();

  // All of a child, under whatever record of the register, the earliest first.
  absl::StatusOr<std::vector<pb::ProtectionPlan>> OfChild(Transaction& tx,
                                                          std::string_view child) const;

  // The latest start first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListPlansRequest& request) const;

  // Active ones, the visit that is due first first.
  absl::StatusOr<Page> FindStandings(Reading& reading,
                                     const pb::ListVisitStandingsRequest& request) const;
};

}  // namespace lscp::child_protection
