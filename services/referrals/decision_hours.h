#pragma once

#include "absl/time/time.h"
#include "referrals/settings.h"
#include "safeguarding/referrals/v1/codes.pb.h"

namespace lscp::referrals {

// By when a contact must be decided that was received at `received` and is rated so (UNSPECIFIED:
// not yet). Hubs differ both in the hours and in how they count them, so it is the borough's
// choice.
absl::Time DecisionDue(absl::Time received, safeguarding::referrals::v1::Brag rating,
                       const Settings::Borough& borough);

}  // namespace lscp::referrals
