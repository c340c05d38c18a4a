#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "referrals/referral.h"

namespace lscp::referrals {

// The referrals of the database. Immutable and thread-safe; errors as of CaseStore.
class ReferralStore : public domain::CaseStore<pb::Referral> {
 public:
  ReferralStore();

  // The latest received first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListReferralsRequest& request) const;

  // The last referral of a child, under whatever record of the child, that was received before.
  absl::StatusOr<std::optional<PreviousReferral>> Previous(db::Connection& db,
                                                           std::string_view child,
                                                           absl::Time received) const;
};

// Makes a referral of one child of a contact that is being decided, and starts the clock of its
// decision, which runs from the receipt of the contact. The caller may see the child.
//
// Result: the referral as stored. Errors: the database's.
absl::StatusOr<pb::Referral> OpenReferral(Transaction& tx, const ReferralFacts& facts);

}  // namespace lscp::referrals
