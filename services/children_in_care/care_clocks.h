#pragma once

#include <vector>

#include "absl/status/status.h"
#include "children_in_care/parts.h"
#include "common/journal/transaction.h"
#include "common/timescales/rule.h"
#include "common/timescales/store.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

// What is owed of a care chain: that short legal statuses and temporary moves end in time, and that
// placements outside the borough are noticed and approved.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

inline constexpr char kPoliceProtection[] = "care_police_protection";
inline constexpr char kEmergencyOrder[] = "care_emergency_order";
inline constexpr char kAssessmentOrder[] = "care_assessment_order";
inline constexpr char kShortBreak[] = "care_short_break";
inline constexpr char kTemporaryMove[] = "temporary_move";
inline constexpr char kAreaNotice[] = "area_notice";
inline constexpr char kPlacementApproval[] = "placement_approval";
std::vector<TimescaleRule> CareRules();

// The clocks that the chain of a record has: of each rule the last one, with when it was met. No
// SQL, no clock.
std::vector<timescales::NewClock> ClocksOf(const pb::ChildInCare& record);

// Has the clocks of a record follow its change: starts, meets, moves and cancels what differs.
// Errors: the database's.
absl::Status FollowClocks(Transaction& tx, const pb::ChildInCare& before,
                          const pb::ChildInCare& after);

}  // namespace lscp::children_in_care
