#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/events/channel.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::rpc {

// A gRPC channel to a subscriber's EventSinkService, over mutual TLS with this process's own
// certificate, to whichever of its replicas says it is serving. Connects when it is first needed,
// and again by itself. To a peer it leads through a gateway, with the certificate of the peer's
// entry, to the PeerEventSinkService of the service `name` in the borough of the delivery. Errors:
// FAILED_PRECONDITION when a certificate cannot be read.
absl::StatusOr<std::unique_ptr<EventChannel>> OpenEventChannel(
    const std::string& name, const safeguarding::config::v1::Subscriber& subscriber,
    const safeguarding::config::v1::TlsConfig& tls);

}  // namespace lscp::rpc
