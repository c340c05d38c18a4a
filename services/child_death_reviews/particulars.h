#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "safeguarding/child_death_reviews/v1/death_notifications_service.pb.h"

// What is known of a child who died: whether it can be, whether it is in scope, and by what two
// notifications are recognised as one child's. No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// That birth and death can be as they are told.
absl::Status CheckParticulars(const pb::Particulars& particulars);

// The day on which somebody is eighteen. Who was born on 29 February is on 1 March.
absl::CivilDay EighteenthBirthday(absl::CivilDay birth);

// Whether the death is one that the area with this code reviews.
pb::ScopeFinding ScopeOf(const pb::Particulars& particulars, std::string_view area_code);
// IN_SCOPE in one of its ways; out of scope in one of its ways. Neither when it cannot be told.
bool IsInScope(pb::ScopeFinding finding);
bool IsOutOfScope(pb::ScopeFinding finding);

// When the child died, as well as it is known by now: the time told, or the end of the day.
absl::Time TimeOfDeath(const pb::Particulars& particulars, absl::Time now);

// By what the child is recognised, the surest first: the NHS number; the names with the days of
// birth and death, in a form that accents, spaces and capitals do not change. Empty when too little
// is known.
std::vector<std::string> KeysOf(const pb::Particulars& particulars);
// Family name in that form.
std::string FamilyKey(const pb::Particulars& particulars);
// Both have an NHS number, and not the same: whatever else agrees, they are two children.
bool AreTwo(const pb::Particulars& one, const pb::Particulars& other);

// Fills in what `known` leaves open and `told` tells. Result: the names of the fields in which they
// contradict each other, where `known` stays as it is; accounts in free text may differ.
std::vector<std::string> FillIn(pb::Particulars& known, const pb::Particulars& told);

}  // namespace lscp::child_death_reviews
