#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/emergency_protections_service.pb.h"

// The rules of police protection and emergency protection orders. No SQL, no gRPC, no clock. Errors
// are those that the contract documents; after one, the record is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

inline constexpr Transition<pb::EmergencyProtection::State> kEmergencyProtectionTransitions[] = {
    {"RecordPoliceProtection",
     {pb::EmergencyProtection::STATE_UNSPECIFIED},
     pb::EmergencyProtection::STATE_IN_FORCE},
    {"RecordEmergencyProtectionOrder",
     {pb::EmergencyProtection::STATE_UNSPECIFIED},
     pb::EmergencyProtection::STATE_IN_FORCE},
    {"ExtendEmergencyProtectionOrder",
     {pb::EmergencyProtection::STATE_IN_FORCE},
     pb::EmergencyProtection::STATE_IN_FORCE},
    {"EndEmergencyProtection",
     {pb::EmergencyProtection::STATE_IN_FORCE},
     pb::EmergencyProtection::STATE_ENDED},
};

inline constexpr TimescaleRule kPoliceProtection = {"police_protection", "Police protection ended",
                                                    "child taken into police protection", Hours(72),
                                                    "Children Act 1989, section 46(6)"};

// An order may last less; its clock is due when the order says that it ends.
inline constexpr TimescaleRule kEmergencyProtectionOrder = {
    "emergency_protection_order", "Emergency protection order ended", "order made", Days(8),
    "Children Act 1989, section 45: eight days at most, extended once by seven at most"};

// The last instant to which an order may last that is made then (section 45(1) and (2)): eight days
// on, or, where the last of them is a Sunday or a holiday, noon of the first later day that is not.
absl::Time LatestEndOfOrder(absl::Time made);

// New records, IN_FORCE; they have no name yet.
pb::EmergencyProtection StartPoliceProtection(const pb::RecordPoliceProtectionRequest& request,
                                              const Step& step);
absl::StatusOr<pb::EmergencyProtection> StartOrder(
    const pb::RecordEmergencyProtectionOrderRequest& request, const Step& step);

absl::Status Extend(pb::EmergencyProtection& protection,
                    const pb::ExtendEmergencyProtectionOrderRequest& request);
absl::Status End(pb::EmergencyProtection& protection,
                 const pb::EndEmergencyProtectionRequest& request, const Step& step);

// An order that was made then takes the place of police protection that is IN_FORCE, which ended
// then, or when its time ran out before.
absl::Status GiveWay(pb::EmergencyProtection& police_protection, absl::Time order_made);

// Of the rule that holds for it.
std::string_view ClockRuleOf(const pb::EmergencyProtection& protection);

}  // namespace lscp::child_protection
