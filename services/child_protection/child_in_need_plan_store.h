#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "child_protection/child_in_need_plan.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The child in need plans of the database. Immutable and thread-safe; errors as of CaseStore.
class ChildInNeedPlanStore : public domain::CaseStore<pb::ChildInNeedPlan> {
 public:
  ChildInNeedPlanStore();

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListChildInNeedPlansRequest& request) const;

  // The child, under whatever record, has an open plan.
  absl::StatusOr<bool> HasOpen(db::Connection& db, std::string_view child) const;
};

}  // namespace lscp::child_protection
