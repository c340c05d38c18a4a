#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

// Metadata of a call, without the transport: keys are in lower case, as on the wire.
namespace lscp::gateway {

inline constexpr std::string_view kAuthorization = "authorization";
inline constexpr std::string_view kBorough = "lscp-borough";
inline constexpr std::string_view kPurpose = "lscp-purpose";
inline constexpr std::string_view kService = "lscp-service";
inline constexpr std::string_view kCaller = "lscp-caller-bin";
inline constexpr std::string_view kTraceparent = "traceparent";
inline constexpr std::string_view kTracestate = "tracestate";

// As received. Refers to the transport's memory.
using MetadataView = std::vector<std::pair<std::string_view, std::string_view>>;
// As sent on.
using MetadataList = std::vector<std::pair<std::string, std::string>>;

// Bytes that callers may send, counted as HTTP/2 does (RFC 7540 §6.5.2). The transport allows more,
// since beyond its limit it drops the connection with everybody's calls on it.
inline constexpr size_t kMostMetadataBytes = 8 << 10;

// RESOURCE_EXHAUSTED (TOO_LARGE) when there is more of it.
absl::Status CheckSize(const MetadataView& metadata);

// The value of a key, empty when absent. INVALID_ARGUMENT when it is given more than once: which of
// them counts must not depend on who reads it.
absl::StatusOr<std::string_view> Single(const MetadataView& metadata, std::string_view key);

// What of a caller's metadata travels on. Left behind: what the transport writes itself, what we
// write (caller, trace), every `lscp-` key that is not part of the contract, and what gRPC cannot
// send: odd letters in keys, controls and non-ASCII in values. The bearer token travels to other
// gateways only.
MetadataList Forwarded(const MetadataView& metadata, bool to_gateway);

// What of a service's metadata (initial or trailing) travels back. The transport writes the status
// and its details itself.
bool TravelsBack(std::string_view key);

}  // namespace lscp::gateway
