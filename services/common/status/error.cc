#include "common/status/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace lscp {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com/";
constexpr size_t kMostViolations = 32;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

template <typename Detail>
std::string TypeUrl() {
  return absl::StrCat(kTypePrefix, Detail::descriptor()->full_name());
}

template <typename Detail>
void SetDetail(absl::Status& status, const Detail& detail) {
  status.SetPayload(TypeUrl<Detail>(), absl::Cord(detail.SerializeAsString()));
}

template <typename Detail>
std::optional<Detail> GetDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(TypeUrl<Detail>());
  Detail detail;
  if (!payload || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

// An error raised without a reason (by a library, say) still tells a machine something.
Reason DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return reason::ERROR_REASON_INVALID_FIELDS;
    case absl::StatusCode::kUnauthenticated:
      return reason::ERROR_REASON_TOKEN_INVALID;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kNotFound:
      return reason::ERROR_REASON_PERMISSION_DENIED;
    case absl::StatusCode::kAlreadyExists:
      return reason::ERROR_REASON_DUPLICATE_RECORD;
    case absl::StatusCode::kAborted:
      return reason::ERROR_REASON_ETAG_MISMATCH;
    case absl::StatusCode::kFailedPrecondition:
      return reason::ERROR_REASON_RULE_NOT_MET;
    case absl::StatusCode::kOutOfRange:
      return reason::ERROR_REASON_CURSOR_UNKNOWN;
    case absl::StatusCode::kResourceExhausted:
      return reason::ERROR_REASON_OVERLOADED;
    case absl::StatusCode::kUnavailable:
      return reason::ERROR_REASON_BACKEND_UNAVAILABLE;
    case absl::StatusCode::kUnimplemented:
      return reason::ERROR_REASON_NO_ROUTE;
    case absl::StatusCode::kDeadlineExceeded:
      return reason::ERROR_REASON_TOO_LATE;
    case absl::StatusCode::kCancelled:
      return reason::ERROR_REASON_CALLER_CANCELLED;
    default:
      return reason::ERROR_REASON_INTERNAL_FAULT;
  }
}

google::rpc::ErrorInfo MakeInfo(Reason reason, const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonName(reason));
  info.mutable_metadata()->insert(metadata.begin(), metadata.end());
  return info;
}

}  // namespace

absl::Status Error(absl::StatusCode code, Reason reason, std::string_view message,
                   const std::map<std::string, std::string>& metadata) {
  absl::Status status(code, View(message));
  SetDetail(status, MakeInfo(reason, metadata));
  return status;
}

absl::Status InvalidFields(const std::vector<FieldViolation>& violations) {
  std::string text;
  google::rpc::BadRequest bad_request;
  for (const FieldViolation& violation : violations) {
    if (bad_request.field_violations_size() == kMostViolations) break;
    absl::StrAppend(&text, text.empty() ? "" : "; ", violation.field, ": ", violation.description);
    auto* entry = bad_request.add_field_violations();
    entry->set_field(violation.field);
    entry->set_description(violation.description);
  }
  if (violations.size() > kMostViolations) {
    absl::StrAppend(&text, "; and ", violations.size() - kMostViolations, " more");
  }
  absl::Status status =
      Error(absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_INVALID_FIELDS, text);
  SetDetail(status, bad_request);
  return status;
}

absl::Status InvalidField(std::string_view field, std::string_view description) {
  return InvalidFields({{std::string(field), std::string(description)}});
}

absl::Status PermissionDenied(std::string_view permission, std::string_view resource) {
  return Error(absl::StatusCode::kPermissionDenied, reason::ERROR_REASON_PERMISSION_DENIED,
               absl::StrCat("Permission '", View(permission), "' denied on resource '",
                            View(resource), "' (or it might not exist)"),
               {{"permission", std::string(permission)}});
}

absl::Status PreconditionFailed(Reason reason, std::string_view type, std::string_view subject,
                                std::string_view description) {
  absl::Status status = Error(absl::StatusCode::kFailedPrecondition, reason, description);
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_type(std::string(type));
  violation->set_subject(std::string(subject));
  violation->set_description(std::string(description));
  SetDetail(status, failure);
  return status;
}

absl::Status EtagMismatch(std::string_view resource, std::string_view current_etag) {
  return Error(absl::StatusCode::kAborted, reason::ERROR_REASON_ETAG_MISMATCH,
               absl::StrCat("'", View(resource), "' changed since it was read; read it again"),
               {{"currentEtag", std::string(current_etag)}});
}

absl::Status WithRetryAfter(absl::Status status, absl::Duration delay) {
  google::rpc::RetryInfo retry;
  const int64_t nanoseconds = absl::ToInt64Nanoseconds(delay);
  retry.mutable_retry_delay()->set_seconds(nanoseconds / 1'000'000'000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanoseconds % 1'000'000'000));
  SetDetail(status, retry);
  return status;
}

absl::Status BackendUnavailable(std::string_view message) {
  return WithRetryAfter(
      Error(absl::StatusCode::kUnavailable, reason::ERROR_REASON_BACKEND_UNAVAILABLE, message),
      absl::Seconds(1));
}

std::optional<Reason> ReasonOf(const absl::Status& status) {
  const auto info = GetDetail<google::rpc::ErrorInfo>(status);
  Reason reason;
  if (!info || !reason::ErrorReason_Parse("ERROR_REASON_" + info->reason(), &reason)) {
    return std::nullopt;
  }
  return reason;
}

std::string ReasonName(Reason reason) {
  constexpr size_t kPrefix = sizeof("ERROR_REASON_") - 1;
  return reason::ErrorReason_Name(reason).substr(kPrefix);
}

google::rpc::Status ToRpcStatus(const absl::Status& status, std::string_view domain) {
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  auto info = GetDetail<google::rpc::ErrorInfo>(status).value_or(
      MakeInfo(DefaultReason(status.code()), {}));
  if (info.domain().empty()) info.set_domain(std::string(domain));
  wire.add_details()->PackFrom(info);
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    if (type_url == TypeUrl<google::rpc::ErrorInfo>()) return;
    auto* detail = wire.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  return wire;
}

absl::Status FromRpcStatus(const google::rpc::Status& wire) {
  absl::Status status(static_cast<absl::StatusCode>(wire.code()), wire.message());
  for (const auto& detail : wire.details()) {
    status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return status;
}

absl::Status Masked(const absl::Status& status, std::string_view fault_id) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return Error(
          absl::StatusCode::kInternal, reason::ERROR_REASON_INTERNAL_FAULT,
          absl::StrCat("Internal fault ", View(fault_id), "; quote this id to the operators"),
          {{"faultId", std::string(fault_id)}});
    default:
      return status;
  }
}

}  // namespace lscp
