#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/nrm_referrals_service.pb.h"

// The rules of a referral to the National Referral Mechanism. No SQL, no gRPC, no clock. Errors are
// those that the contract documents; after one, the referral is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// Two decisions, the second after the first was positive; a refusal may be made again.
inline constexpr Transition<pb::NrmReferral::State> kNrmTransitions[] = {
    {"ReferToNrm", {pb::NrmReferral::STATE_UNSPECIFIED}, pb::NrmReferral::STATE_REFERRED},
    {"RecordReasonableGrounds positive",
     {pb::NrmReferral::STATE_REFERRED},
     pb::NrmReferral::STATE_REASONABLE_GROUNDS},
    {"RecordReasonableGrounds negative",
     {pb::NrmReferral::STATE_REFERRED},
     pb::NrmReferral::STATE_REASONABLE_GROUNDS_REFUSED},
    {"RecordConclusiveGrounds positive",
     {pb::NrmReferral::STATE_REASONABLE_GROUNDS},
     pb::NrmReferral::STATE_CONCLUSIVE_GROUNDS},
    {"RecordConclusiveGrounds negative",
     {pb::NrmReferral::STATE_REASONABLE_GROUNDS},
     pb::NrmReferral::STATE_CONCLUSIVE_GROUNDS_REFUSED},
    {"ReconsiderNrmDecision",
     {pb::NrmReferral::STATE_REASONABLE_GROUNDS_REFUSED},
     pb::NrmReferral::STATE_REFERRED},
    {"ReconsiderNrmDecision",
     {pb::NrmReferral::STATE_CONCLUSIVE_GROUNDS_REFUSED},
     pb::NrmReferral::STATE_REASONABLE_GROUNDS},
};

// The competent authority decides on reasonable grounds, in its own time. Who waits for it asks
// after as many working days as the borough has set.
inline constexpr char kNrmReasonableGrounds[] = "nrm_reasonable_grounds";
std::vector<TimescaleRule> NrmReferralRules(const Settings::Borough& borough);

// A referral as it starts, without a name yet.
pb::NrmReferral Refer(const pb::ReferToNrmRequest& request, const Step& step,
                      const Settings::Borough& borough);

absl::Status DecideReasonable(pb::NrmReferral& referral,
                              const pb::RecordReasonableGroundsRequest& request, const Step& step);

absl::Status DecideConclusive(pb::NrmReferral& referral,
                              const pb::RecordConclusiveGroundsRequest& request, const Step& step);

absl::Status Reconsider(pb::NrmReferral& referral, const pb::ReconsiderNrmDecisionRequest& request,
                        const Step& step, const Settings::Borough& borough);

}  // namespace lscp::child_protection
