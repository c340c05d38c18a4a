#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "child_protection/missing_episode.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The missing episodes of the database. Immutable and thread-safe; errors as of CaseStore.
class MissingEpisodeStore : public domain::CaseStore<pb::MissingEpisode> {
 public:
  MissingEpisodeStore();

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListMissingEpisodesRequest& request) const;

  // Those who are not back, the longest missing first.
  absl::StatusOr<Page> Missing(Reading& reading, const pb::ListMissingNowRequest& request) const;

  // How many children are not back, in the boroughs of the call.
  absl::StatusOr<pb::MissingNow> Count(Reading& reading) const;

  // The episodes of a child, under whatever record, that began at or after `since` or have not
  // ended; none of them is void.
  absl::StatusOr<std::vector<OtherMissing>> Of(db::Connection& db, std::string_view child,
                                               absl::Time since) const;
};

}  // namespace lscp::child_protection
