#pragma once

#include "absl/status/statusor.h"
#include "child_protection/parts.h"
#include "child_protection/seam_episode_store.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/seam_episodes_service.pb.h"

namespace lscp::child_protection {

// Handlers of SeamEpisodesService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class SeamEpisodes {
 public:
  explicit SeamEpisodes(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::OpenSeamEpisodeResponse> Open(const pb::OpenSeamEpisodeRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::GetSeamEpisodeResponse> Get(const pb::GetSeamEpisodeRequest& request,
                                                 Reading& reading);
  absl::StatusOr<pb::ListSeamEpisodesResponse> List(const pb::ListSeamEpisodesRequest& request,
                                                    Reading& reading);
  absl::StatusOr<pb::HoldSeamMeetingResponse> Hold(const pb::HoldSeamMeetingRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::SignOffSeamNotesResponse> SignOff(const pb::SignOffSeamNotesRequest& request,
                                                       Transaction& tx);
  absl::StatusOr<pb::CloseSeamEpisodeResponse> Close(const pb::CloseSeamEpisodeRequest& request,
                                                     Transaction& tx);

 private:
  const Settings::Borough& Borough(const Transaction& tx) const {
    return parts_.settings->Of(tx.call().borough);
  }

  const Parts parts_;
  const SeamEpisodeStore store_;
};

// Registers the methods.
void RegisterSeamEpisodes(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
