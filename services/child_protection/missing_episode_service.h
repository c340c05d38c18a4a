#pragma once

#include "absl/status/statusor.h"
#include "child_protection/missing_episode_store.h"
#include "child_protection/parts.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/missing_episodes_service.pb.h"

namespace lscp::child_protection {

// Handlers of MissingEpisodesService. The contract says what they answer. Thread-safe; the parts
// must outlive this.
class MissingEpisodes {
 public:
  explicit MissingEpisodes(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::ReportMissingResponse> Report(const pb::ReportMissingRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::GetMissingEpisodeResponse> Get(const pb::GetMissingEpisodeRequest& request,
                                                    Reading& reading);
  absl::StatusOr<pb::ListMissingEpisodesResponse> List(
      const pb::ListMissingEpisodesRequest& request, Reading& reading);
  absl::StatusOr<pb::ListMissingNowResponse> ListNow(const pb::ListMissingNowRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::AssessMissingRiskResponse> AssessRisk(
      const pb::AssessMissingRiskRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordFoundResponse> Found(const pb::RecordFoundRequest& request,
                                                Transaction& tx);
  absl::StatusOr<pb::OfferReturnInterviewResponse> Offer(
      const pb::OfferReturnInterviewRequest& request, Transaction& tx);
  absl::StatusOr<pb::AnswerInterviewOfferResponse> Answer(
      const pb::AnswerInterviewOfferRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordReturnInterviewResponse> Interview(
      const pb::RecordReturnInterviewRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordMissingStrategyMeetingResponse> Meet(
      const pb::RecordMissingStrategyMeetingRequest& request, Transaction& tx);
  absl::StatusOr<pb::CloseMissingEpisodeResponse> Close(
      const pb::CloseMissingEpisodeRequest& request, Transaction& tx);
  absl::StatusOr<pb::VoidMissingEpisodeResponse> Void(const pb::VoidMissingEpisodeRequest& request,
                                                      Transaction& tx);

 private:
  const Settings::Borough& Borough(const Transaction& tx) const {
    return parts_.settings->Of(tx.call().borough);
  }

  const Parts parts_;
  const MissingEpisodeStore store_;
};

// Registers the methods.
void RegisterMissingEpisodes(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
