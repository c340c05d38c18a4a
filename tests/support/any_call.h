#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gateway/client/channel.h"
#include "tests/contract/contract.h"

namespace lscp::tests {

// The method is for all boroughs together and for none by itself.
bool IsOfAllBoroughs(const MethodDescriptor& method);

// Metadata with which the method is called in a borough; it says which service is meant where
// several serve the method.
client::Headers HeadersFor(const MethodDescriptor& method, const std::string& borough);

// Calls any method; of a stream only the first message is awaited.
absl::Status CallAny(client::Channel& channel, const MethodDescriptor& method,
                     const std::string& request, const client::Headers& headers);

// A call's failure as a partner's program sees it.
struct Failure {
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string reason;               // name of the ErrorReason
  std::vector<std::string> fields;  // violated, by path, each once

  static Failure Of(const absl::Status& status);

  bool operator==(const Failure&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Failure& failure);
};

// INVALID_ARGUMENT INVALID_FIELDS at this field alone.
Failure InvalidAt(const std::string& field);

}  // namespace lscp::tests
