#include "gateway/transport.h"

#include "absl/strings/str_cat.h"
#include "common/observe/log.h"
#include "common/observe/rpc_metrics.h"
#include "common/observe/trace.h"
#include "common/status/error.h"
#include "gateway/wire/grpc_words.h"

namespace lscp::gateway {
namespace {

using wire::HeaderBlock;

constexpr char kDomain[] = "gateway.safeguarding";
constexpr std::string_view kStatus = "grpc-status";
constexpr std::string_view kMessage = "grpc-message";
constexpr std::string_view kDetails = "grpc-status-details-bin";
constexpr std::string_view kContentType = "application/grpc";

// What the gateway reads itself, or the library.
bool IsProtocol(std::string_view name) {
  return name.starts_with(':') || name.starts_with("grpc-") || name == "te" ||
         name == "content-type";
}

void AddTravelling(const HeaderBlock& from, HeaderBlock& to) {
  for (size_t i = 0; i < from.size(); ++i) {
    if (TravelsBack(from.Name(i))) to.Add(from.Name(i), from.ValueAt(i));
  }
}

}  // namespace

absl::StatusOr<Incoming> ReadArrival(const HeaderBlock& headers, const std::string& spiffe_id,
                                     absl::Time now) {
  Incoming incoming;
  incoming.arrival.now = now;
  incoming.arrival.spiffe_id = spiffe_id;
  incoming.arrival.metadata.reserve(headers.size());
  incoming.decoded.reserve(headers.size());  // so that they stay where they are
  for (size_t i = 0; i < headers.size(); ++i) {
    const std::string_view name = headers.Name(i);
    std::string_view value = headers.ValueAt(i);
    if (name == "grpc-timeout") {
      const std::optional<absl::Duration> timeout = wire::ParseTimeout(value);
      if (!timeout) return InvalidField(name, "metadata is not a timeout of gRPC");
      incoming.arrival.deadline = now + *timeout;
    }
    if (IsProtocol(name)) continue;
    if (name.ends_with("-bin")) {
      std::optional<std::string> bytes = wire::DecodeBinary(value);
      if (!bytes) return InvalidField(name, "metadata is not base64");
      value = incoming.decoded.emplace_back(*std::move(bytes));
    }
    incoming.arrival.metadata.emplace_back(name, value);
  }
  return incoming;
}

HeaderBlock RequestTo(const std::string& authority, std::string_view path,
                      const MetadataList& metadata, absl::Duration timeout) {
  HeaderBlock request;
  request.Add(":method", "POST");
  request.Add(":scheme", "https");
  request.Add(":path", path);
  request.Add(":authority", authority);
  request.Add("te", "trailers");
  request.Add("content-type", kContentType);
  if (timeout != absl::InfiniteDuration()) {
    request.Add("grpc-timeout", wire::FormatTimeout(timeout), HeaderBlock::Value::kVaries);
  }
  for (const auto& [key, value] : metadata) {
    const bool varies = key == kTraceparent || key == kTracestate || key == kAuthorization;
    request.Add(key, key.ends_with("-bin") ? wire::EncodeBinary(value) : value,
                varies ? HeaderBlock::Value::kVaries : HeaderBlock::Value::kRepeats);
  }
  return request;
}

HeaderBlock Answer() {
  HeaderBlock answer;
  answer.Add(":status", "200");
  answer.Add("content-type", kContentType);
  return answer;
}

HeaderBlock AnswerWith(const HeaderBlock& from_service) {
  HeaderBlock answer = Answer();
  AddTravelling(from_service, answer);
  return answer;
}

void AddTrailers(const HeaderBlock& from_service, HeaderBlock& to) {
  AddTravelling(from_service, to);
}

void AddStatusOf(const HeaderBlock& from_service, HeaderBlock& to) {
  for (const std::string_view name : {kStatus, kMessage, kDetails}) {
    const std::string_view value = from_service.Find(name);
    if (!value.empty()) {
      to.Add(name, value,
             name == kStatus ? HeaderBlock::Value::kRepeats : HeaderBlock::Value::kVaries);
    }
  }
}

void AddStatus(const absl::Status& status, HeaderBlock& to) {
  const google::rpc::Status wire = ToRpcStatus(status, kDomain);
  to.Add(kStatus, absl::StrCat(wire.code()));
  to.Add(kMessage, wire::EncodeMessage(wire.message()), HeaderBlock::Value::kVaries);
  to.Add(kDetails, wire::EncodeBinary(wire.SerializeAsString()), HeaderBlock::Value::kVaries);
}

bool IsServicesOwn(const HeaderBlock& trailers) { return !trailers.Find(kDetails).empty(); }

absl::Status Reworded(absl::StatusCode code, std::string_view text, const CallRecord& record) {
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
                                                      {"code", GoCodeName(static_cast<int>(code))},
                                                      {"error", wire::DecodeMessage(text)}});
      return Masked(absl::InternalError(""), fault_id);
    }
  }
}

}  // namespace lscp::gateway
