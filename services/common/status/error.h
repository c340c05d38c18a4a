#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "safeguarding/errors/v1/error_reason.pb.h"

// Errors that a machine can act on. Inside the code an error is an absl::Status whose details ride
// along as payloads; on the wire it is a google.rpc.Status with exactly one ErrorInfo. All
// functions are thread-safe and their texts must hold no personal data: they reach the caller and
// the log.
namespace lscp {

namespace reason = safeguarding::errors::v1;
using Reason = reason::ErrorReason;

// An error with its reason and facts about it (keys in lowerCamelCase).
absl::Status Error(absl::StatusCode code, Reason reason, std::string_view message,
                   const std::map<std::string, std::string>& metadata = {});

// A field that breaks a rule: its path in the request (`contact.children[0].birth_date`) and the
// rule.
struct FieldViolation {
  std::string field;
  std::string description;
};

// INVALID_ARGUMENT listing the violations, of which there must be one at least. At most 32 are
// listed, so that the details fit into a trailer, and the text says when there are more.
absl::Status InvalidFields(const std::vector<FieldViolation>& violations);
absl::Status InvalidField(std::string_view field, std::string_view description);

// PERMISSION_DENIED in words that don't tell whether the resource exists (AIP-211).
absl::Status PermissionDenied(std::string_view permission, std::string_view resource);

// FAILED_PRECONDITION with one google.rpc.PreconditionFailure violation: `type` is "STATE" for a
// transition and the rule's id otherwise, `subject` the resource's name.
absl::Status PreconditionFailed(Reason reason, std::string_view type, std::string_view subject,
                                std::string_view description);

// ABORTED: the record is at another revision than the caller has read.
absl::Status EtagMismatch(std::string_view resource, std::string_view current_etag);

// The same error, telling the caller when to try again.
absl::Status WithRetryAfter(absl::Status status, absl::Duration delay);

// UNAVAILABLE with RetryInfo: something behind us cannot be reached right now.
absl::Status BackendUnavailable(std::string_view message);

// Reason carried by the error, if it has one.
std::optional<Reason> ReasonOf(const absl::Status& status);

// Reason's name without its prefix, e.g. "INVALID_FIELDS".
std::string ReasonName(Reason reason);

// The error as it is sent. `domain` is "<service>.safeguarding". An error without a reason gets
// the one that its code suggests.
google::rpc::Status ToRpcStatus(const absl::Status& status, std::string_view domain);

// The error as it was received, details as payloads.
absl::Status FromRpcStatus(const google::rpc::Status& wire);

// What may be shown to the caller: INTERNAL, UNKNOWN and DATA_LOSS are replaced by a fixed text
// with `fault_id`, under which the original stands in the log.
absl::Status Masked(const absl::Status& status, std::string_view fault_id);

}  // namespace lscp
