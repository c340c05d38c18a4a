#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/sibling_referral.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The referrals of brothers and sisters of the database. Immutable and thread-safe; errors as of
// CaseStore.
class SiblingReferralStore : public domain::CaseStore<pb::SiblingReferral> {
 public:
  SiblingReferralStore();

  // Sets for each child that is referred who on the borough's register may be meant, without whom
  // the reader may not see. The reading discloses them.
  absl::Status FindCandidates(Reading& reading, pb::SiblingReferral& referral) const;

  // What is due first before what is due later.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListSiblingReferralsRequest& request) const;
};

}  // namespace lscp::child_protection
