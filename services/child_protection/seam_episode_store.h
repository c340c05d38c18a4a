#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "child_protection/seam_episode.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The SEAM episodes of the database. Immutable and thread-safe; errors as of CaseStore.
class SeamEpisodeStore : public domain::CaseStore<pb::SeamEpisode> {
 public:
  SeamEpisodeStore();

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListSeamEpisodesRequest& request) const;

  // As Update, with the row by which the last meeting is counted.
  absl::Status UpdateMeeting(Transaction& tx, pb::SeamEpisode& episode) const;

  // The child, under whatever record, has an open episode.
  absl::StatusOr<bool> HasOpen(db::Connection& db, std::string_view child) const;
};

}  // namespace lscp::child_protection
