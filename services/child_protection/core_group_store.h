#pragma once

#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "safeguarding/child_protection/v1/core_groups_service.pb.h"

namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The core groups of the database. Immutable and thread-safe; errors as of CaseStore.
class CoreGroupStore : public domain::CaseStore<pb::CoreGroup> {
 public:
  CoreGroupStore();

  // The latest planned first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListCoreGroupsRequest& request) const;
};

}  // namespace lscp::child_protection
