#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/observe/metrics.h"

namespace lscp {

// A method as the metrics name it.
struct RpcMethod {
  std::string type;     // "unary", "client_stream", "server_stream" or "bidi_stream"
  std::string service;  // full name, e.g. "safeguarding.referrals.v1.ContactsService"
  std::string method;   // e.g. "SubmitContact"
};

// Counters and latencies of gRPC calls under the names of go-grpc-middleware, so that existing
// dashboards and alerts work unchanged: grpc_server_started_total, _handled_total,
// _msg_received_total, _msg_sent_total and _handling_seconds; grpc_client_* on the client's side.
// Every series exists from the start. Thread-safe.
class RpcMetrics {
 public:
  enum class Side { kServer, kClient };

  // What happens to one method's calls.
  class Method {
   public:
    void Started() { started_->Increment(); }
    void Received() { received_->Increment(); }
    void Sent() { sent_->Increment(); }
    // `code` is a gRPC status code; anything else counts as Unknown.
    void Handled(int code, double seconds);

   private:
    friend class RpcMetrics;
    prometheus::Counter* started_ = nullptr;
    prometheus::Counter* received_ = nullptr;
    prometheus::Counter* sent_ = nullptr;
    prometheus::Histogram* seconds_ = nullptr;
    std::array<prometheus::Counter*, 17> handled_ = {};
  };

  // `metrics` must outlive this.
  RpcMetrics(Metrics& metrics, Side side, std::span<const RpcMethod> methods);
  RpcMetrics(const RpcMetrics&) = delete;
  RpcMetrics& operator=(const RpcMetrics&) = delete;

  // Handle of a method by its path ("/package.Service/Method"), valid as long as this; nullptr for
  // one that was not listed, so that callers cannot invent label values. Takes no lock.
  Method* Find(std::string_view path);

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Method, Hash, std::equal_to<>> methods_;
};

// A gRPC status code as Go spells it, e.g. "InvalidArgument"; "Unknown" for what is none.
std::string_view GoCodeName(int code);

}  // namespace lscp
