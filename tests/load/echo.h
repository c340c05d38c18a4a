#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "safeguarding/config/v1/config.pb.h"
#include "tests/load/proxies.h"

namespace lscp::tests {

// A method that answers whatever it is asked with this many bytes.
struct EchoMethod {
  std::string path;
  size_t reply_bytes = 0;
};

// The whole of `lscp-load --echo SERVER_CONFIG PATH=BYTES...`: the suite's server and transport
// with nothing behind it. Serves until it is killed. Result: the exit code.
int RunEcho(const std::vector<std::string>& arguments);

// Starts such a process from this same binary; ready when this returns. It shows `tls`.
absl::StatusOr<Backend> StartEcho(const std::string& directory,
                                  const safeguarding::config::v1::TlsConfig& tls,
                                  const std::vector<EchoMethod>& methods);

}  // namespace lscp::tests
