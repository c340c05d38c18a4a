#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/death_panels_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The panel's meetings of the database, with who sits on them. Immutable and thread-safe; errors as
// of ResourceStore.
class DeathPanelStore : public ResourceStore<pb::DeathPanel> {
 public:
  DeathPanelStore();

  // Makes chair and members of a stored meeting those who see its papers.
  absl::Status SetMembers(Transaction& tx, const pb::DeathPanel& panel) const;

  // A meeting for a case of the call's borough, locked: of this borough, or another's that reviews
  // the deaths of this one too. Others are absent.
  absl::StatusOr<pb::DeathPanel> LockForCase(Transaction& tx, std::string_view name) const;

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListDeathPanelsRequest& request) const;
};

}  // namespace lscp::child_death_reviews
