#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/config/by_borough.h"
#include "safeguarding/children_in_care/v1/settings.pb.h"

namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// What the boroughs may choose. Immutable and thread-safe.
class Settings {
 public:
  using Borough = pb::BoroughSettings;

  // INVALID_ARGUMENT listing everything that is wrong: an entry that contradicts itself, or a
  // borough of `served` that has none.
  static absl::StatusOr<Settings> Create(pb::ChildrenInCareSettings proto,
                                         const std::vector<std::string>& served);

  // A borough's settings; those of one that is not served are empty.
  const Borough& Of(std::string_view borough) const { return boroughs_.Of(borough); }

 private:
  explicit Settings(ByBorough<Borough> boroughs) : boroughs_(std::move(boroughs)) {}

  ByBorough<Borough> boroughs_;
};

}  // namespace lscp::children_in_care
