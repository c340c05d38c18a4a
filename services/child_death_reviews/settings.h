#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/config/by_borough.h"
#include "safeguarding/child_death_reviews/v1/settings.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// What the boroughs may choose. Immutable and thread-safe.
class Settings {
 public:
  using Borough = pb::BoroughSettings;

  // INVALID_ARGUMENT listing everything that is wrong: an entry that contradicts itself, or a
  // borough of `served` that has none.
  static absl::StatusOr<Settings> Create(pb::ChildDeathReviewSettings proto,
                                         const std::vector<std::string>& served);

  // A borough's settings; where the file leaves something open, the documented default stands in
  // it. A borough that is not served has nothing but defaults.
  const Borough& Of(std::string_view borough) const { return boroughs_.Of(borough); }
  // The borough has settings of its own.
  bool Serves(std::string_view borough) const { return Of(borough).id() == borough; }

 private:
  explicit Settings(ByBorough<Borough> boroughs) : boroughs_(std::move(boroughs)) {}

  ByBorough<Borough> boroughs_;
};

}  // namespace lscp::child_death_reviews
