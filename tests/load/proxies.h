#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/testing/process.h"
#include "common/testing/reserved_port.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::tests {

// A process that takes calls on a port of 127.0.0.1.
struct Backend {
  std::unique_ptr<testing::ReservedPort> reserved;  // of those that are told their port
  std::unique_ptr<testing::ChildProcess> process;
  int port = 0;
};

// What stands in the gateway's place: mutual TLS towards clients, with `server` as its certificate,
// and towards the backend, with `client`.
struct ProxyPlan {
  std::string directory;  // for configuration, logs and pid files
  safeguarding::config::v1::TlsConfig server;
  safeguarding::config::v1::TlsConfig client;
  int backend_port = 0;
};

// nginx with grpc_pass, and HAProxy with HTTP/2 on both sides: as many workers as cores, no log of
// calls, no checks but TLS. NOT_FOUND when the machine has no such program; UNAVAILABLE with its
// log when it doesn't start.
absl::StatusOr<Backend> StartNginx(const ProxyPlan& plan);
absl::StatusOr<Backend> StartHaproxy(const ProxyPlan& plan);

// The gateway, configured as the one of `config_file` (GatewayConfig), in front of another backend.
absl::StatusOr<Backend> StartGatewayTo(const std::string& config_file, const ProxyPlan& plan);

// Writes a file. FAILED_PRECONDITION when that fails.
absl::Status WriteText(const std::string& file, const std::string& text);

// Waits until the process has written its port. UNAVAILABLE when it ends before, or takes too long.
absl::StatusOr<int> PortFrom(testing::ChildProcess& process, const std::string& file);

}  // namespace lscp::tests
