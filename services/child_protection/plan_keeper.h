#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/child_in_need_plan_store.h"
#include "child_protection/parts.h"
#include "child_protection/plan.h"
#include "child_protection/plan_store.h"

namespace lscp::child_protection {

// Begins, reviews and ends plans with all that hangs on it: clocks, what CheckChild reads, what
// other services are told. Immutable and thread-safe; the parts must outlive this. Errors: the
// rules' and those of PlanStore.
class PlanKeeper {
 public:
  explicit PlanKeeper(const Parts& parts) : parts_(parts) {}

  // The child's active plan; without a name when there is none.
  absl::StatusOr<pb::ProtectionPlan> ActiveOf(Transaction& tx, std::string_view child) const;

  // Begins the plan of a child of a conference that was held. Result: its name.
  absl::StatusOr<std::string> Begin(Transaction& tx, const pb::Conference& conference,
                                    const pb::ConferenceChild& child) const;
  // What a review conference decided of the child's plan, by its name.
  absl::Status Review(Transaction& tx, const pb::Conference& conference, const std::string& name,
                      const pb::ChildDecision& decision) const;
  // Stores a locked plan that has ended by its rules.
  absl::Status StoreEnded(Transaction& tx, pb::ProtectionPlan& plan) const;

  const PlanStore& store() const { return store_; }

 private:
  // A child with a protection plan is no longer worked with under a child in need plan.
  absl::Status EndChildInNeedPlan(Transaction& tx, const std::string& child,
                                  absl::CivilDay day) const;
  absl::Status StartClocks(Transaction& tx, pb::ProtectionPlan& plan, absl::Time start,
                           const std::optional<absl::CivilDay>& birth_date) const;

  const Parts parts_;
  const PlanStore store_;
  const ChildInNeedPlanStore in_need_;
};

}  // namespace lscp::child_protection
