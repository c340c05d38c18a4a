#include "gateway/transport.h"

#include "absl/time/clock.h"
#include "common/observe/log.h"
#include "common/observe/rpc_metrics.h"
#include "common/observe/trace.h"
#include "common/rpc/grpc_server.h"
#include "common/status/error.h"
#include "grpcpp/security/auth_context.h"

namespace lscp::gateway {
namespace {

constexpr char kDomain[] = "gateway.safeguarding";

std::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }

// gRPC's own words for a status that no service wrote, in ours.
absl::Status Reworded(const grpc::Status& status, const CallRecord& record) {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return BackendUnavailable("the service cannot be reached right now");
    case absl::StatusCode::kDeadlineExceeded:
      return Error(code, reason::ERROR_REASON_TOO_LATE,
                   "the deadline passed before the service answered");
    case absl::StatusCode::kCancelled:
      return Error(code, reason::ERROR_REASON_CALLER_CANCELLED, "the call was cancelled");
    case absl::StatusCode::kResourceExhausted:
      return Error(code, reason::ERROR_REASON_TOO_LARGE,
                   "the message or its metadata is larger than allowed");
    case absl::StatusCode::kUnimplemented:
      return Error(code, reason::ERROR_REASON_NO_ROUTE, "the service does not know the method");
    default: {
      const std::string fault_id = NewHexId();
      LogError("a service answered without details", {{"fault_id", fault_id},
                                                      {"trace_id", record.trace_id},
                                                      {"code", GoCodeName(status.error_code())},
                                                      {"error", status.error_message()}});
      return Masked(absl::InternalError(""), fault_id);
    }
  }
}

}  // namespace

Arrival ReadArrival(const grpc::CallbackServerContext& context, absl::Time now) {
  Arrival arrival;
  arrival.now = now;
  const auto deadline = context.deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) {
    arrival.deadline = absl::FromChrono(deadline);
  }
  const auto ids = context.auth_context()->FindPropertyValues("peer_spiffe_id");
  if (ids.size() == 1) arrival.spiffe_id = std::string(View(ids.front()));
  arrival.metadata.reserve(context.client_metadata().size());
  for (const auto& [key, value] : context.client_metadata()) {
    arrival.metadata.emplace_back(View(key), View(value));
  }
  return arrival;
}

void Prepare(const Decision& decision, grpc::ClientContext& context) {
  for (const auto& [key, value] : decision.metadata) context.AddMetadata(key, value);
  if (decision.deadline != absl::InfiniteFuture()) {
    context.set_deadline(absl::ToChronoTime(decision.deadline));
  }
}

void CopyInitialMetadata(const grpc::ClientContext& from, grpc::CallbackServerContext& to) {
  for (const auto& [key, value] : from.GetServerInitialMetadata()) {
    if (TravelsBack(View(key))) {
      to.AddInitialMetadata(std::string(View(key)), std::string(View(value)));
    }
  }
}

void CopyTrailers(const grpc::ClientContext& from, grpc::CallbackServerContext& to) {
  for (const auto& [key, value] : from.GetServerTrailingMetadata()) {
    if (TravelsBack(View(key))) {
      to.AddTrailingMetadata(std::string(View(key)), std::string(View(value)));
    }
  }
}

grpc::Status ToWire(const absl::Status& status) { return rpc::ToGrpc(status, kDomain); }

grpc::Status FromService(const grpc::Status& status, const CallRecord& record) {
  if (status.ok() || !status.error_details().empty()) return status;
  return ToWire(Reworded(status, record));
}

}  // namespace lscp::gateway
