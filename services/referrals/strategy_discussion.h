#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/journal/transaction.h"
#include "referrals/agency_check_store.h"
#include "referrals/contact_store.h"
#include "safeguarding/referrals/v1/referrals_service.pb.h"

namespace lscp::referrals {

// How child protection is asked to hold a strategy discussion. Immutable and thread-safe; what is
// given must outlive this.
class StrategyDiscussions {
 public:
  StrategyDiscussions(const ContactStore* contacts, const AgencyCheckStore* checks)
      : contacts_(contacts), checks_(checks) {}

  // What to tell of a child's referral; `assessment` is the name of the one whose outcome it is, if
  // any. The agencies that know something are those that sent the contact or answered a check.
  absl::StatusOr<Event> Request(Transaction& tx, const pb::Referral& referral,
                                std::string_view assessment) const;

 private:
  const ContactStore* const contacts_;
  const AgencyCheckStore* const checks_;
};

}  // namespace lscp::referrals
