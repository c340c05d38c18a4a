#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/sibling_referral_store.h"
#include "child_protection/strategy_discussion_store.h"
#include "common/events/sink.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of SiblingReferralsService. The contract says what they answer. Thread-safe.
class SiblingReferrals {
 public:
  absl::StatusOr<pb::DecideSiblingReferralResponse> Decide(
      const pb::DecideSiblingReferralRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetSiblingReferralResponse> Get(const pb::GetSiblingReferralRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::ListSiblingReferralsResponse> List(
      const pb::ListSiblingReferralsRequest& request, Reading& reading);

  // Whoever coordinates a death review asks.
  absl::Status OnReferred(const DeliveredEvent& event,
                          const safeguarding::child_death_reviews::v1::SiblingsReferred& referred,
                          Transaction& tx);

 private:
  const SiblingReferralStore store_;
  const StrategyDiscussionStore discussions_;
};

// Registers the methods and what is done about the child death reviews service's event.
void RegisterSiblingReferrals(ServiceContext& context);

}  // namespace lscp::child_protection
