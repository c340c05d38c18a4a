#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "referrals/contact.h"
#include "referrals/settings.h"
#include "safeguarding/referrals/v1/assessments_service.pb.h"
#include "safeguarding/referrals/v1/events.pb.h"
#include "safeguarding/referrals/v1/referrals_service.pb.h"

// The rules of a referral to social care. No SQL, no gRPC, no clock. Errors are those that the
// contract documents; after one, the referral is not to be stored.
namespace lscp::referrals {

// What is done to a referral, and in which states. What a decision leads to depends on what is
// decided, and where a reopened referral goes on how it was closed.
inline constexpr Transition<pb::Referral::State> kReferralTransitions[] = {
    {"OpenReferral", {pb::Referral::STATE_UNSPECIFIED}, pb::Referral::STATE_RECEIVED},
    {"DecideReferral on assessment",
     {pb::Referral::STATE_RECEIVED},
     pb::Referral::STATE_IN_PROGRESS},
    {"DecideReferral on strategy discussion",
     {pb::Referral::STATE_RECEIVED, pb::Referral::STATE_IN_PROGRESS},
     pb::Referral::STATE_IN_PROGRESS},
    {"DecideReferral on anything else", {pb::Referral::STATE_RECEIVED}, pb::Referral::STATE_CLOSED},
    {"AllocateReferral", {pb::Referral::STATE_RECEIVED}, pb::Referral::STATE_RECEIVED},
    {"AllocateReferral", {pb::Referral::STATE_IN_PROGRESS}, pb::Referral::STATE_IN_PROGRESS},
    {"CloseReferral", {pb::Referral::STATE_IN_PROGRESS}, pb::Referral::STATE_CLOSED},
    {"ReopenReferral", {pb::Referral::STATE_CLOSED}, pb::Referral::STATE_IN_PROGRESS},
    {"ReopenReferral closed by its decision",
     {pb::Referral::STATE_CLOSED},
     pb::Referral::STATE_RECEIVED},
};

// Working Together to Safeguard Children: a social work manager decides within one working day of
// receipt how to respond.
inline constexpr TimescaleRule kReferralDecision = {
    "referral_decision", "Referral decided", "referral received", WorkingDays(1),
    "Working Together to Safeguard Children, chapter 3; CIN census guide, section 4.9"};

// What a referral is made of.
struct ReferralFacts {
  const pb::Contact* contact;  // that it comes from
  std::string child;           // of the register
  pb::PrimaryNeed primary_need;
  std::string team;  // empty: to be allocated
};

// The last referral of a child before another one.
struct PreviousReferral {
  std::string name;
  absl::Time received;
};

// A referral as it starts, RECEIVED when its contact was; it has no name yet.
pb::Referral ReceiveReferral(const ReferralFacts& facts,
                             const std::optional<PreviousReferral>& previous, absl::Time now);

// An earlier referral was received on a day whose anniversary is the London day of this one or
// later (CIN census guide: within 12 months).
bool IsReReferral(absl::Time previous, absl::Time received);

absl::Status Decide(pb::Referral& referral, const pb::DecideReferralRequest& request,
                    const Step& step);

absl::Status Allocate(pb::Referral& referral, const pb::AllocateReferralRequest& request,
                      const Step& step, const Settings::Borough& borough);

// `assessments` are all of the referral.
absl::Status Close(pb::Referral& referral, const pb::CloseReferralRequest& request,
                   const Step& step, const std::vector<pb::Assessment>& assessments);

absl::Status Reopen(pb::Referral& referral, const pb::ReopenReferralRequest& request,
                    const Step& step);

// What other services are told of a decision.
pb::ReferralDecided DecidedOf(const pb::Referral& referral);

// By when a referral that is to be decided from `start` must be.
absl::Time DecisionDue(absl::Time start);

}  // namespace lscp::referrals
