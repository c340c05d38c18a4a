#pragma once

#include "absl/status/status.h"
#include "common/journal/call.h"
#include "safeguarding/config/v1/config.pb.h"
#include "safeguarding/events/v1/peer_event_sink_service.pb.h"

namespace lscp {

// OK if each event comes from a borough of a peer for which the calling agency answers, by its id
// and by the name of its record, and is addressed to the borough of the call. Else
// PERMISSION_DENIED for an origin that is not the caller's, INVALID_ARGUMENT for the rest.
absl::Status CheckPeerOrigin(const safeguarding::config::v1::ServiceConfig& config,
                             const Call& call,
                             const safeguarding::events::v1::DeliverFromPeerRequest& request);

}  // namespace lscp
