#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/death_panel_cases_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The panel's cases of the database. Immutable and thread-safe; errors as of ResourceStore.
class DeathPanelCaseStore : public ResourceStore<pb::DeathPanelCase> {
 public:
  DeathPanelCaseStore();

  // That of a death review, locked.
  absl::StatusOr<pb::DeathPanelCase> LockOf(Transaction& tx, std::string_view review) const;
  // Whether cases of any borough are on the agenda of a meeting.
  absl::StatusOr<bool> AreOnAgenda(Transaction& tx, std::string_view panel) const;

  // A case on the agenda of a meeting on which the calling person sits, or that agreed its
  // analysis; others are absent.
  absl::StatusOr<pb::DeathPanelCase> GetMine(Reading& reading, std::string_view name) const;
  // Those, meeting by meeting.
  absl::StatusOr<Page> FindMine(Reading& reading,
                                const pb::ListMyDeathPanelCasesRequest& request) const;

  // The earliest death first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListDeathPanelCasesRequest& request) const;
};

}  // namespace lscp::child_death_reviews
