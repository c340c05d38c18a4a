#include "children_in_care/care_record.h"

#include <algorithm>

namespace lscp::children_in_care {

using pb::CareEpisode;
using pb::Placement;

bool IsTemporary(pb::PlacementType type) {
  return type >= pb::PLACEMENT_TYPE_TEMPORARY && type <= pb::PLACEMENT_TYPE_TEMPORARY_SHORT;
}

bool IsShortBreak(pb::LegalStatus status) {
  return status == pb::LEGAL_STATUS_SHORT_BREAK || status == pb::LEGAL_STATUS_SHORT_BREAK_AGREEMENT;
}

const pb::CarePeriod& LastPeriod(const pb::ChildInCare& record) {
  return *record.periods().rbegin();
}

const CareEpisode& LastEpisode(const pb::ChildInCare& record) {
  return *record.episodes().rbegin();
}

const Placement& PlacementOf(const pb::ChildInCare& record, const CareEpisode& episode) {
  const auto found = std::find_if(
      record.placements().begin(), record.placements().end(),
      [&](const Placement& placement) { return placement.id() == episode.placement(); });
  return found == record.placements().end() ? Placement::default_instance() : *found;
}

const Placement& LastPlacement(const pb::ChildInCare& record) {
  return PlacementOf(record, LastEpisode(record));
}

const Placement& LastLastingPlacement(const pb::ChildInCare& record) {
  const auto found =
      std::find_if(record.placements().rbegin(), record.placements().rend(),
                   [](const Placement& placement) { return !IsTemporary(placement.type()); });
  return found == record.placements().rend() ? Placement::default_instance() : *found;
}

}  // namespace lscp::children_in_care
