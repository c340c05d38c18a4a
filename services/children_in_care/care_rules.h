#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

// What the children looked after return (SSDA903) allows of legal statuses, placements and reasons
// at one time; the numbers are those of the Department for Education's validation rules. Used by
// the care chain. No SQL, no gRPC, no clock.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// Years of age on a day.
int AgeOn(absl::CivilDay birth, absl::CivilDay day);

// A placement as it is told, whose fields are at `path`: provider and type belong together.
absl::Status CheckPlacement(const pb::Placement& placement, const std::string& path);

// A legal status from `day` on, whose fields are at `path`: an order does not last longer than it
// may.
absl::Status CheckLegal(const pb::LegalBasis& legal, absl::CivilDay day, const std::string& path);

// Legal status and placement of one episode. RULE_NOT_MET; `subject` is the record's name.
absl::Status CheckTogether(pb::LegalStatus status, pb::PlacementType type,
                           const std::string& subject);

// Legal status and placement of a child of this age.
absl::Status CheckAge(pb::LegalStatus status, pb::PlacementType type, int age,
                      const std::string& subject);

// Care that ends for a reason, from the last placement; of a child of this age.
absl::Status CheckEnd(pb::EpisodeEndReason reason, pb::PlacementType last,
                      const std::string& subject);
absl::Status CheckEndAge(pb::EpisodeEndReason reason, int age, const std::string& subject);

// After which the child is never looked after again: it died, or is not a child.
bool IsFinal(pb::EpisodeEndReason reason);

// Foster care, U1 to U6; placed for adoption, A3 to A6, and of these with the current foster carer.
bool IsFoster(pb::PlacementType type);
bool IsForAdoption(pb::PlacementType type);
bool IsForAdoptionByCarer(pb::PlacementType type);

// The most days that a temporary move of this kind lasts; 0 when there is no limit.
int MostTemporaryDays(pb::PlacementType type);

// The Care Planning, Placement and Case Review (England) Regulations 2010, regulation 48.
inline constexpr int kMostShortBreakDays = 17;
inline constexpr int kMostShortBreakDaysInAYear = 75;
// Rule 362: eight days and the court's extensions. Children Act 1989, section 43(5).
inline constexpr int kMostEmergencyOrderDays = 21;
inline constexpr int kMostAssessmentOrderDays = 7;

// A rule that is not met.
absl::Status RuleNotMet(std::string_view rule, const std::string& subject,
                        std::string_view description);

}  // namespace lscp::children_in_care
