#pragma once

#include "absl/status/statusor.h"
#include "child_protection/conference_store.h"
#include "child_protection/invitation_store.h"
#include "common/rpc/methods.h"

namespace lscp::child_protection {

// Handlers of ConferencesService for the agencies that are invited. An agency sees its own
// invitations; those of others are absent. The contract says what they answer. Thread-safe.
class InvitedAgencies {
 public:
  absl::StatusOr<pb::ListMyInvitationsResponse> List(const pb::ListMyInvitationsRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::SubmitConferenceReportResponse> Report(
      const pb::SubmitConferenceReportRequest& request, Transaction& tx);
  absl::StatusOr<rpc::WatchFilter> Watch(const pb::WatchMyInvitationsRequest& request,
                                         const Call& call);

 private:
  const ConferenceStore conferences_;
  const InvitationStore invitations_;
};

}  // namespace lscp::child_protection
