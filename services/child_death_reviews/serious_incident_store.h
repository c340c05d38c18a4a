#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/serious_incidents_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The serious incidents of the database. Immutable and thread-safe; errors as of ResourceStore.
class SeriousIncidentStore : public ResourceStore<pb::SeriousIncident> {
 public:
  SeriousIncidentStore();

  // The latest that became known first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListSeriousIncidentsRequest& request) const;
  // Those that are linked to a death review.
  absl::StatusOr<Page> FindOfDeath(Reading& reading,
                                   const pb::ListIncidentsOfDeathRequest& request) const;

  // Those that are linked to `duplicate` are linked to `review`, with which it was merged.
  absl::Status MoveLinks(Transaction& tx, std::string_view duplicate,
                         std::string_view review) const;
};

}  // namespace lscp::child_death_reviews
