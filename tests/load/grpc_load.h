#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "safeguarding/config/v1/config.pb.h"
#include "tests/load/meter.h"

namespace lscp::tests {

// Whom a gRPC client calls, and as whom.
struct GrpcTarget {
  std::string endpoint;
  safeguarding::config::v1::TlsConfig tls;
  std::multimap<std::string, std::string> metadata;
};

// The serialised request of a client's next call. Called on any thread, never twice at a time for
// the same client.
using NextRequest = std::function<std::string(int client)>;

// Clients that call a unary method by gRPC's callback API: cheap enough to leave the cores to what
// is measured. Up to eight of them have a connection each, more share those. FAILED_PRECONDITION
// when a certificate cannot be read.
absl::StatusOr<std::unique_ptr<Load>> MakeGrpcLoad(const GrpcTarget& target, std::string path,
                                                   NextRequest next);

// One call. Waits for the connection; errors are the callee's, DEADLINE_EXCEEDED after half a
// minute.
absl::StatusOr<std::string> CallOnce(const GrpcTarget& target, const std::string& path,
                                     const std::string& request);

}  // namespace lscp::tests
