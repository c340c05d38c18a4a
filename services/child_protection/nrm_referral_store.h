#pragma once

#include "absl/status/statusor.h"
#include "child_protection/nrm_referral.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The referrals to the National Referral Mechanism of the database. Immutable and thread-safe;
// errors as of CaseStore.
class NrmReferralStore : public domain::CaseStore<pb::NrmReferral> {
 public:
  NrmReferralStore();

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListNrmReferralsRequest& request) const;
};

}  // namespace lscp::child_protection
