#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/methods.h"
#include "referrals/assessment_store.h"
#include "referrals/referral_store.h"
#include "referrals/settings.h"
#include "referrals/strategy_discussion.h"
#include "safeguarding/referrals/v1/referrals_service.pb.h"

namespace lscp::referrals {

// What the handlers of referrals and assessments work with.
struct CaseParts {
  const ReferralStore* referrals;
  const AssessmentStore* assessments;
  const StrategyDiscussions* strategy;
  const Settings* settings;
};

// Handlers of ReferralsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class Referrals {
 public:
  explicit Referrals(const CaseParts& parts) : parts_(parts) {}

  absl::StatusOr<pb::GetReferralResponse> Get(const pb::GetReferralRequest& request,
                                              Reading& reading);
  absl::StatusOr<pb::ListReferralsResponse> List(const pb::ListReferralsRequest& request,
                                                 Reading& reading);
  absl::StatusOr<pb::DecideReferralResponse> Decide(const pb::DecideReferralRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::AllocateReferralResponse> Allocate(const pb::AllocateReferralRequest& request,
                                                        Transaction& tx);
  absl::StatusOr<pb::CloseReferralResponse> Close(const pb::CloseReferralRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::ReopenReferralResponse> Reopen(const pb::ReopenReferralRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<rpc::WatchFilter> Watch(const pb::WatchReferralsRequest& request,
                                         const Call& call);

 private:
  // The assessment that is being written goes where its referral goes; one that waits for
  // authorisation stays with its author.
  absl::Status AllocateAssessments(Transaction& tx, const pb::Referral& referral) const;

  const CaseParts parts_;
};

// Starts the clock of a referral that is to be assessed. It runs until an assessment is started,
// which then has the clock.
absl::Status ExpectAssessment(Transaction& tx, const pb::Referral& referral);

}  // namespace lscp::referrals
