#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/observe/metrics.h"

namespace lscp {

// A listening address.
struct HostPort {
  std::string host;  // without brackets
  int port = 0;
};

// Parses "host:port", "[v6]:port" or ":port" (every interface). Nothing for anything else.
std::optional<HostPort> ParseHostPort(std::string_view text);

// The admin HTTP server of a process, for the orchestrator and monitoring:
//   /metrics            Prometheus text format
//   /livez, /healthz    200 as long as the process answers
//   /readyz             200, or 503 with the names of the checks that fail
//   /version            service, version and revision as JSON
// Anything else is 404, any method but GET and HEAD 405. It is plaintext and tells no personal
// data. Has two threads of its own; the destructor stops them and waits.
class AdminServer {
 public:
  struct Options {
    std::string address;  // "host:port", host an IPv4 address; port 0 takes a free one
    std::string service;
    // Names of the checks that fail right now. Called on the server's threads; must not block for
    // longer than a probe waits.
    std::function<std::vector<std::string>()> failed_checks;
  };

  // Starts to serve. `metrics` must outlive the server. INVALID_ARGUMENT for a malformed address
  // or one of IPv6 (Debian's CivetWeb lacks it), UNAVAILABLE when it cannot be listened on.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(Options options, Metrics& metrics);
  ~AdminServer();

  // Port listened on.
  int port() const;

 private:
  class Impl;
  explicit AdminServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lscp
