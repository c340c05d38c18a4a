#pragma once

#include "absl/status/statusor.h"
#include "child_protection/nrm_referral_store.h"
#include "child_protection/parts.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/nrm_referrals_service.pb.h"

namespace lscp::child_protection {

// Handlers of NrmReferralsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class NrmReferrals {
 public:
  explicit NrmReferrals(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::ReferToNrmResponse> Refer(const pb::ReferToNrmRequest& request,
                                               Transaction& tx);
  absl::StatusOr<pb::GetNrmReferralResponse> Get(const pb::GetNrmReferralRequest& request,
                                                 Reading& reading);
  absl::StatusOr<pb::ListNrmReferralsResponse> List(const pb::ListNrmReferralsRequest& request,
                                                    Reading& reading);
  absl::StatusOr<pb::RecordReasonableGroundsResponse> DecideReasonable(
      const pb::RecordReasonableGroundsRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordConclusiveGroundsResponse> DecideConclusive(
      const pb::RecordConclusiveGroundsRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReconsiderNrmDecisionResponse> Reconsider(
      const pb::ReconsiderNrmDecisionRequest& request, Transaction& tx);

 private:
  // The clock of the decision on reasonable grounds.
  static absl::Status ExpectReasonable(Transaction& tx, const pb::NrmReferral& referral,
                                       absl::Time from);

  const Settings::Borough& Borough(const Transaction& tx) const {
    return parts_.settings->Of(tx.call().borough);
  }

  const Parts parts_;
  const NrmReferralStore store_;
};

// Registers the methods.
void RegisterNrmReferrals(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
