#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/decision.h"
#include "gateway/wire/header_block.h"

// Between HTTP/2's header fields and what the decisions deal in.
namespace lscp::gateway {

// A call as the decisions see it; refers to the headers' memory and its own.
struct Incoming {
  Arrival arrival;
  std::vector<std::string> decoded;  // binary values
};

// INVALID_ARGUMENT when the timeout or a binary value is malformed.
absl::StatusOr<Incoming> ReadArrival(const wire::HeaderBlock& headers, const std::string& spiffe_id,
                                     absl::Time now);

// The request that goes to a service.
wire::HeaderBlock RequestTo(const std::string& authority, std::string_view path,
                            const MetadataList& metadata, absl::Duration timeout);

// The fields of an answer, with what of a service's initial metadata travels back.
wire::HeaderBlock AnswerWith(const wire::HeaderBlock& from_service);
// An answer without a body begins like this.
wire::HeaderBlock Answer();

// What of a service's trailers travels back, without the status.
void AddTrailers(const wire::HeaderBlock& from_service, wire::HeaderBlock& to);
// The status as the service wrote it.
void AddStatusOf(const wire::HeaderBlock& from_service, wire::HeaderBlock& to);
// An error of the gateway.
void AddStatus(const absl::Status& status, wire::HeaderBlock& to);

// The service itself wrote the status: it has details.
bool IsServicesOwn(const wire::HeaderBlock& trailers);
// A status that no service wrote but its transport, in words of ours, since its text may hold
// addresses; what is INTERNAL is logged under an id.
absl::Status Reworded(absl::StatusCode code, std::string_view text, const CallRecord& record);

}  // namespace lscp::gateway
