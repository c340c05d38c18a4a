#include "children_in_care/care_now.h"

#include "children_in_care/care_record.h"
#include "common/time/convert.h"

namespace lscp::children_in_care {
namespace {

// The placement and the legal status of the period's last days.
void SetHome(const pb::ChildInCare& record, CareNow& care) {
  for (const pb::Placement& placement : record.placements()) {
    const absl::CivilDay start = *ProtoToDate(placement.start_date());
    if (IsTemporary(placement.type()) || start < care.start || (care.end && start >= *care.end)) {
      continue;
    }
    care.home = {placement.id(), start, placement.type(), placement.until_adulthood()};
  }
  for (const pb::CareEpisode& episode : record.episodes()) {
    const absl::CivilDay start = *ProtoToDate(episode.start_date());
    if (start < care.start || (care.end && start >= *care.end)) continue;
    if (episode.legal().status() != care.legal) care.legal_start = start;
    care.legal = episode.legal().status();
  }
}

}  // namespace

std::optional<CareNow> LastCare(const pb::ChildInCare& record) {
  std::optional<CareNow> last;
  for (const pb::CarePeriod& period : record.periods()) {
    if (period.short_breaks() && last) continue;
    const absl::CivilDay start = *ProtoToDate(period.start_date());
    last = CareNow{.name = record.name(),
                   .child = record.child(),
                   .team = record.team(),
                   .worker = record.worker(),
                   .start = start,
                   .end = period.has_end_date() ? ProtoToDate(period.end_date()) : std::nullopt};
    if (period.short_breaks()) last->end = start;
  }
  if (last) SetHome(record, *last);
  return last;
}

}  // namespace lscp::children_in_care
