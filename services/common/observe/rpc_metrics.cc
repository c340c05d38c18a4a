#include "common/observe/rpc_metrics.h"

namespace lscp {
namespace {

constexpr int kUnknown = 2;

constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

int KnownCode(int code) {
  return code >= 0 && code < static_cast<int>(kCodeNames.size()) ? code : kUnknown;
}

// Names and help texts of go-grpc-middleware's providers/prometheus, version 2.
struct Names {
  const char *started, *started_help, *handled, *handled_help, *received, *received_help, *sent,
      *sent_help, *seconds, *seconds_help;
};

constexpr Names kServerNames = {
    "grpc_server_started_total",
    "Total number of RPCs started on the server.",
    "grpc_server_handled_total",
    "Total number of RPCs completed on the server, regardless of success or failure.",
    "grpc_server_msg_received_total",
    "Total number of RPC stream messages received on the server.",
    "grpc_server_msg_sent_total",
    "Total number of gRPC stream messages sent by the server.",
    "grpc_server_handling_seconds",
    "Histogram of response latency (seconds) of gRPC that had been application-level handled by "
    "the server."};

constexpr Names kClientNames = {
    "grpc_client_started_total",
    "Total number of RPCs started on the client.",
    "grpc_client_handled_total",
    "Total number of RPCs completed by the client, regardless of success or failure.",
    "grpc_client_msg_received_total",
    "Total number of RPC stream messages received by the client.",
    "grpc_client_msg_sent_total",
    "Total number of gRPC stream messages sent by the client.",
    "grpc_client_handling_seconds",
    "Histogram of response latency (seconds) of the gRPC until it is finished by the "
    "application."};

}  // namespace

std::string_view GoCodeName(int code) { return kCodeNames[KnownCode(code)]; }

void RpcMetrics::Method::Handled(int code, double seconds) {
  handled_[KnownCode(code)]->Increment();
  seconds_->Observe(seconds);
}

RpcMetrics::RpcMetrics(Metrics& metrics, Side side, std::span<const RpcMethod> methods) {
  const Names& names = side == Side::kServer ? kServerNames : kClientNames;
  for (const RpcMethod& rpc : methods) {
    prometheus::Labels labels = {
        {"grpc_type", rpc.type}, {"grpc_service", rpc.service}, {"grpc_method", rpc.method}};
    Method method;
    method.started_ = &metrics.Counter(names.started, names.started_help, labels);
    method.received_ = &metrics.Counter(names.received, names.received_help, labels);
    method.sent_ = &metrics.Counter(names.sent, names.sent_help, labels);
    method.seconds_ = &metrics.Durations(names.seconds, names.seconds_help, labels);
    for (size_t code = 0; code < kCodeNames.size(); ++code) {
      labels["grpc_code"] = kCodeNames[code];
      method.handled_[code] = &metrics.Counter(names.handled, names.handled_help, labels);
    }
    methods_["/" + rpc.service + "/" + rpc.method] = method;
  }
}

RpcMetrics::Method* RpcMetrics::Find(std::string_view path) {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace lscp
