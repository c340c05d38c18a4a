#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "child_protection/child_in_need_plan.h"
#include "common/store/where.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The child in need plans of the database. Immutable and thread-safe; errors as of CaseStore.
class ChildInNeedPlanStore : public domain::CaseStore<pb::ChildInNeedPlan> {
 public:
  ChildInNeedPlanStore();

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListChildInNeedPlansRequest& request) const;

  // The open plan of the child, under whatever record, locked.
  absl::StatusOr<std::optional<pb::ChildInNeedPlan>> LockOpen(Transaction& tx,
                                                              std::string_view child) const;

  // The plan that the child had on a day, the last begun if one followed the other on it, locked.
  absl::StatusOr<std::optional<pb::ChildInNeedPlan>> LockHeldOn(Transaction& tx,
                                                                std::string_view child,
                                                                absl::CivilDay day) const;

 private:
  absl::StatusOr<std::optional<pb::ChildInNeedPlan>> LockFirst(Transaction& tx,
                                                               const Where& where) const;
};

}  // namespace lscp::child_protection
