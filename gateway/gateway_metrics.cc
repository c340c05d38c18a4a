#include "gateway/gateway_metrics.h"

#include <mutex>

#include "absl/strings/str_cat.h"
#include "common/observe/log.h"
#include "common/status/error.h"

namespace lscp::gateway {
namespace {

std::string TypeOf(const Method& method) {
  if (method.client_streams) return method.server_streams ? "bidi_stream" : "client_stream";
  return method.server_streams ? "server_stream" : "unary";
}

std::vector<RpcMethod> AllOf(const MethodTable& methods) {
  std::vector<RpcMethod> all;
  for (const auto& method : methods.methods()) {
    all.push_back({TypeOf(*method), method->service, method->name});
  }
  return all;
}

}  // namespace

GatewayMetrics::GatewayMetrics(Metrics& metrics, const MethodTable& methods)
    : metrics_(metrics), rpc_(metrics, RpcMetrics::Side::kServer, AllOf(methods)) {
  // Made beforehand: of a counter that begins with its first increment, no rate shows that one.
  const auto* reasons = reason::ErrorReason_descriptor();
  for (int i = 0; i < reasons->value_count(); ++i) {
    RejectedFor(static_cast<Reason>(reasons->value(i)->number()));
  }
}

void GatewayMetrics::Ended(const Method& method, const CallRecord& record, int code,
                           double seconds) {
  Of(method).Handled(code, seconds);
  const std::string key =
      absl::StrCat(record.agency, " ", record.borough, " ", code, " ", method.path);
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = calls_.find(key); found != calls_.end()) {
      return found->second->Increment();
    }
  }
  prometheus::Counter& counter =
      metrics_.Counter("lscp_gateway_calls_total", "Calls by who made them and how they ended",
                       {{"agency", record.agency},
                        {"borough", record.borough},
                        {"service", method.service},
                        {"method", method.name},
                        {"code", std::string(GoCodeName(code))}});
  counter.Increment();
  const std::lock_guard lock(mutex_);
  calls_[key] = &counter;
}

void GatewayMetrics::Rejected(const absl::Status& why) {
  RejectedFor(ReasonOf(why).value_or(reason::ERROR_REASON_UNSPECIFIED)).Increment();
}

prometheus::Counter& GatewayMetrics::RejectedFor(Reason reason) {
  return metrics_.Counter("lscp_gateway_rejected_total",
                          "Calls that the gateway refused, by reason",
                          {{"reason", ReasonName(reason)}});
}

void GatewayMetrics::Retried(const std::string& service) {
  metrics_
      .Counter("lscp_gateway_retries_total", "Further attempts at calls of a service",
               {{"service", service}})
      .Increment();
}

CallAccount::CallAccount(GatewayMetrics& metrics, const Method& method, absl::Time now)
    : metrics_(metrics), method_(method), rpc_(metrics.Of(method)), start_(now) {
  rpc_.Started();
}

void CallAccount::End(int code) {
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start_);
  metrics_.Ended(method_, record_, code, seconds);
  LogInfo("call", {{"agency", record_.agency},
                   {"borough", record_.borough},
                   {"method", absl::StrCat(method_.service, "/", method_.name)},
                   {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))},
                   {"duration_ms", seconds * 1000},
                   {"trace_id", record_.trace_id},
                   {"attempts", attempts_}});
}

}  // namespace lscp::gateway
