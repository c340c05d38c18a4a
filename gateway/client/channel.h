#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace lscp::client {

// Where and as whom the command line calls.
struct Target {
  std::string endpoint;          // "127.0.0.1:8443"
  std::string certificate_file;  // PEM
  std::string key_file;
  std::string ca_file;
  std::string tls_server_name;  // when the certificate names another host than the endpoint
  std::string token;            // of a person; empty: the agency's system
  std::string purpose;          // lawful basis or purpose, for calls on personal data
  absl::Duration timeout = absl::Seconds(10);
};

using Headers = std::map<std::string, std::string>;

// A connection to a gateway. Not thread-safe.
class Channel {
 public:
  // FAILED_PRECONDITION when a certificate file cannot be read. Does not connect yet.
  static absl::StatusOr<std::unique_ptr<Channel>> Open(Target target);
  virtual ~Channel() = default;

  // Calls a unary method, "/package.Service/Method". Errors: those of the callee with their
  // details; UNAVAILABLE when nobody answers.
  virtual absl::StatusOr<std::string> Call(const std::string& path, const std::string& request,
                                           const Headers& headers) = 0;

  // Calls a method that streams replies; `on_reply` says whether to go on. OK when it said no or
  // the stream ended by itself.
  virtual absl::Status Stream(const std::string& path, const std::string& request,
                              const Headers& headers,
                              const std::function<bool(const std::string&)>& on_reply) = 0;

  // Typed: fills `reply`.
  absl::Status Call(const std::string& path, const google::protobuf::Message& request,
                    const Headers& headers, google::protobuf::Message* reply);
};

}  // namespace lscp::client
