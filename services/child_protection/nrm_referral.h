#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/step.h"
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

// Modern Slavery Act 2015, statutory guidance for England and Wales: the competent authority
// decides on reasonable grounds within five working days of the referral, where possible. Its
// clock, not the borough's; who waits for it wants to ask.
inline constexpr TimescaleRule kNrmReasonableGrounds = {
    "nrm_reasonable_grounds", "Reasonable grounds decided", "referral to the NRM", WorkingDays(5),
    "Modern Slavery Act 2015, statutory guidance for England and Wales"};
std::vector<TimescaleRule> NrmReferralRules();

// A referral as it starts, without a name yet.
pb::NrmReferral Refer(const pb::ReferToNrmRequest& request, const Step& step);

absl::Status DecideReasonable(pb::NrmReferral& referral,
                              const pb::RecordReasonableGroundsRequest& request, const Step& step);

absl::Status DecideConclusive(pb::NrmReferral& referral,
                              const pb::RecordConclusiveGroundsRequest& request, const Step& step);

absl::Status Reconsider(pb::NrmReferral& referral, const pb::ReconsiderNrmDecisionRequest& request,
                        const Step& step);

}  // namespace lscp::child_protection
