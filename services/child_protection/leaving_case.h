#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "child_protection/child_in_need_plan_store.h"
#include "child_protection/parts.h"
#include "child_protection/plan_keeper.h"
#include "safeguarding/child_protection/v1/case_transfers_service.pb.h"

namespace lscp::child_protection {

// The case of a child who leaves the borough: what is on record here, and its end. Immutable and
// thread-safe; the parts must outlive this. Errors: the stores' and the database's.
class LeavingCase {
 public:
  explicit LeavingCase(const Parts& parts) : parts_(parts), keeper_(parts) {}

  // What this service has on record of a child: not the child's name, which it does not keep.
  absl::StatusOr<pb::CaseSummary> Summary(Transaction& tx, std::string_view child) const;

  // Ends the child's plans, if any are open, because another borough is responsible since `day`.
  absl::Status EndPlans(Transaction& tx, std::string_view child, absl::CivilDay day) const;

 private:
  absl::Status AddIdentity(Transaction& tx, std::string_view child, pb::CaseSummary& summary) const;
  absl::Status AddPlans(Transaction& tx, std::string_view child, pb::CaseSummary& summary) const;
  absl::Status AddVisits(Transaction& tx, std::string_view child, pb::CaseSummary& summary) const;
  absl::Status AddConcerns(Transaction& tx, std::string_view child, pb::CaseSummary& summary) const;
  // The name of the child's open child in need plan; empty when there is none.
  absl::StatusOr<std::string> OpenInNeed(Transaction& tx, std::string_view child) const;
  absl::Status EndInNeed(Transaction& tx, const std::string& name, absl::CivilDay day) const;

  const Parts parts_;
  const PlanKeeper keeper_;
  const ChildInNeedPlanStore in_need_;
};

}  // namespace lscp::child_protection
