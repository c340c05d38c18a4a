#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/config/by_borough.h"
#include "safeguarding/referrals/v1/codes.pb.h"
#include "safeguarding/referrals/v1/settings.pb.h"

namespace lscp::referrals {

// What the boroughs may choose. Immutable and thread-safe.
class Settings {
 public:
  using Borough = safeguarding::referrals::v1::BoroughSettings;

  // INVALID_ARGUMENT listing everything that is wrong: an entry that contradicts itself, or a
  // borough of `served` that has none.
  static absl::StatusOr<Settings> Create(safeguarding::referrals::v1::ReferralsSettings proto,
                                         const std::vector<std::string>& served);

  // A borough's settings; where the file leaves something open, the documented default stands in
  // it. A borough that is not served has nothing but defaults.
  const Borough& Of(std::string_view borough) const { return boroughs_.Of(borough); }

 private:
  explicit Settings(ByBorough<Borough> boroughs) : boroughs_(std::move(boroughs)) {}

  ByBorough<Borough> boroughs_;
};

// Time in which a contact of this rating must be decided.
struct DecisionTime {
  absl::Duration duration;
  bool working;  // counted in the hub's opening hours of working days only
};
DecisionTime DecisionTimeOf(const Settings::Borough& borough,
                            safeguarding::referrals::v1::Brag rating);

// The team exists and has not ended before that day.
bool HasTeam(const Settings::Borough& borough, std::string_view team, absl::CivilDay day);

}  // namespace lscp::referrals
