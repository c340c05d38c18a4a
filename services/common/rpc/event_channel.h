#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/events/channel.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::rpc {

// A gRPC channel to a subscriber's EventSinkService, over mutual TLS with this process's own
// certificate, to whichever of its replicas says it is serving. Connects when it is first needed,
// and again by itself. Errors: FAILED_PRECONDITION when a certificate cannot be read.
absl::StatusOr<std::unique_ptr<EventChannel>> OpenEventChannel(
    const safeguarding::config::v1::Subscriber& subscriber,
    const safeguarding::config::v1::TlsConfig& tls);

}  // namespace lscp::rpc
