#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"

// What all requests to agencies have in common. No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

// Name of the n-th record that belongs to another; its id is the other's with the number, so that
// it leads back.
std::string NumberedName(std::string_view whole, std::string_view collection, int number);
std::string WholeOf(std::string_view numbered, std::string_view collection);

// That these agencies may be asked beside those that `asked` are, of which a withdrawn one does not
// count. `Request` has agencies, `Record` an agency and a state.
template <typename Record, typename Request>
absl::Status AllowAgencies(const Request& request, const std::vector<Record>& asked) {
  std::set<std::string> known;
  for (const Record& record : asked) {
    if (record.state() != Record::STATE_WITHDRAWN) known.insert(record.agency());
  }
  std::vector<FieldViolation> violations;
  for (int i = 0; i < request.agencies_size(); ++i) {
    if (known.insert(request.agencies(i).agency()).second) continue;
    violations.push_back({absl::StrCat("agencies[", i, "].agency"), "has been asked already"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace lscp::child_death_reviews
