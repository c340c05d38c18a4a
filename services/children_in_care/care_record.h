#pragma once

#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

// Reading the record of a child in care. No SQL, no gRPC, no clock.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// A place to which a child goes for a time and keeps its placement, T0 to T4.
bool IsTemporary(pb::PlacementType type);
// Short breaks, V3 and V4.
bool IsShortBreak(pb::LegalStatus status);

// The last of a record that has steps.
const pb::CarePeriod& LastPeriod(const pb::ChildInCare& record);
const pb::CareEpisode& LastEpisode(const pb::ChildInCare& record);
// Where the child of an episode is; the last episode's, unless another is given.
const pb::Placement& PlacementOf(const pb::ChildInCare& record, const pb::CareEpisode& episode);
const pb::Placement& LastPlacement(const pb::ChildInCare& record);
// The placement that the child has, also while it is somewhere else for a time.
const pb::Placement& LastLastingPlacement(const pb::ChildInCare& record);

}  // namespace lscp::children_in_care
