#pragma once

#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/observe/metrics.h"
#include "common/observe/rpc_metrics.h"
#include "common/status/error.h"
#include "gateway/decision.h"
#include "gateway/method_table.h"

namespace lscp::gateway {

// What the gateway counts beside the metrics of every gRPC server. Thread-safe.
class GatewayMetrics {
 public:
  // Makes all series whose labels are known beforehand. Both must outlive this.
  GatewayMetrics(Metrics& metrics, const MethodTable& methods);

  RpcMetrics::Method& Of(const Method& method) { return *rpc_.Find(method.path); }

  // A call ended with this gRPC status code.
  void Ended(const Method& method, const CallRecord& record, int code, double seconds);
  // The gateway itself refused a call.
  void Rejected(const absl::Status& why);
  // A call of a service is attempted again.
  void Retried(const std::string& service);

  Metrics& metrics() { return metrics_; }

 private:
  prometheus::Counter& RejectedFor(Reason reason);

  Metrics& metrics_;
  RpcMetrics rpc_;
  std::shared_mutex mutex_;  // guards the map; counters are looked up at every call
  std::unordered_map<std::string, prometheus::Counter*> calls_;
};

// One call from its arrival to its end: counts it and writes its line of the access log, once. Not
// thread-safe.
class CallAccount {
 public:
  // Both must outlive this.
  CallAccount(GatewayMetrics& metrics, const Method& method, absl::Time now);

  CallRecord& record() { return record_; }
  RpcMetrics::Method& rpc() { return rpc_; }
  void Attempted() { ++attempts_; }
  int attempts() const { return attempts_; }

  // Ends it with a gRPC status code.
  void End(int code);

 private:
  GatewayMetrics& metrics_;
  const Method& method_;
  RpcMetrics::Method& rpc_;
  const absl::Time start_;
  CallRecord record_;
  int attempts_ = 0;
};

}  // namespace lscp::gateway
