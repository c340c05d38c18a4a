#include "children_in_care/care_clocks.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "children_in_care/care_record.h"
#include "children_in_care/care_rules.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

using pb::CareEpisode;
using pb::ChildInCare;
using pb::Placement;
using timescales::NewClock;

// Children Act 1989, section 46(6).
constexpr TimescaleRule kPoliceProtectionRule = {kPoliceProtection, "Police protection ended",
                                                 "police protection began", Hours(72),
                                                 "Children Act 1989, section 46(6)"};
constexpr TimescaleRule kEmergencyOrderRule = {
    kEmergencyOrder, "Emergency protection order ended", "order made", Days(8),
    "Children Act 1989, section 45; another last day as the court ordered"};
constexpr TimescaleRule kAssessmentOrderRule = {
    kAssessmentOrder, "Child assessment order ended", "order made", Days(kMostAssessmentOrderDays),
    "Children Act 1989, section 43(5); another last day as the court ordered"};
constexpr TimescaleRule kShortBreakRule = {
    kShortBreak, "Short break ended", "short break began", Days(kMostShortBreakDays),
    "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 48"};
constexpr TimescaleRule kTemporaryMoveRule = {
    kTemporaryMove, "Back in the placement after a temporary move", "child moved", Days(7),
    "Children looked after return (SSDA903), rules 375, 376 and 379: 7 days; hospital 42, "
    "holiday of the carer 21"};
constexpr TimescaleRule kAreaNoticeRule = {
    kAreaNotice, "Authority of the area told of the placement", "placement out of area began",
    WorkingDays(5),
    "Care Planning, Placement and Case Review (England) Regulations 2010, regulations 11 to 13: "
    "five working days in an emergency, else before the placement"};
constexpr TimescaleRule kPlacementApprovalRule = {
    kPlacementApproval, "Placement at a distance approved", "placement at a distance began",
    WorkingDays(5),
    "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 11; five "
    "working days in an emergency, else before the placement"};

absl::CivilDay DayOf(const google::type::Date& date) { return *ProtoToDate(date); }

// When something ended of which only the day is known: in time on the day on which it is due.
absl::Time EndedOn(absl::CivilDay day, absl::Time due) {
  return std::min(std::max(StartOfDay(day), due), EndOfDay(day) - absl::Microseconds(1));
}

NewClock ClockFrom(const ChildInCare& record, const TimescaleRule& rule, absl::Time start,
                   std::optional<absl::CivilDay> last_day) {
  return {
      .subject = record.name(),
      .rule = rule.id,
      .started_at = start,
      .due_at = last_day ? EndOfDay(*last_day) : DueAt(start, rule.due_after, WorkingDayCalendar()),
      .team = record.team(),
      .owner = record.worker()};
}

// Of the last time that the child had a legal status, whatever placements it had in it.
void AddLegal(const ChildInCare& record, const TimescaleRule& rule, pb::LegalStatus status,
              std::vector<NewClock>& clocks) {
  const CareEpisode* first = nullptr;
  const CareEpisode* last = nullptr;
  for (const CareEpisode& episode : record.episodes()) {
    if (episode.legal().status() != status) continue;
    const bool goes_on = last != nullptr && DayOf(last->end_date()) == DayOf(episode.start_date());
    if (!goes_on) first = &episode;
    last = &episode;
  }
  if (first == nullptr) return;
  const pb::LegalBasis& legal = first->legal();
  const absl::Time start = legal.has_begin_time() ? *ProtoToTime(legal.begin_time())
                                                  : StartOfDay(DayOf(first->start_date()));
  NewClock clock =
      ClockFrom(record, rule, start,
                legal.has_expiry_date() ? ProtoToDate(legal.expiry_date()) : std::nullopt);
  if (last->has_end_date()) clock.met_at = EndedOn(DayOf(last->end_date()), clock.due_at);
  clocks.push_back(std::move(clock));
}

void AddTemporaryMove(const ChildInCare& record, std::vector<NewClock>& clocks) {
  const auto found = std::find_if(
      record.placements().rbegin(), record.placements().rend(),
      [](const Placement& placement) { return MostTemporaryDays(placement.type()) > 0; });
  if (found == record.placements().rend()) return;
  const absl::CivilDay start = DayOf(found->start_date());
  NewClock clock = ClockFrom(record, kTemporaryMoveRule, StartOfDay(start),
                             start + MostTemporaryDays(found->type()));
  if (found->has_end_date()) clock.met_at = StartOfDay(DayOf(found->end_date()));
  clocks.push_back(std::move(clock));
}

// Something that is owed before a placement, or within the rule's time in an emergency. What was
// never done is not owed once the placement has ended.
void AddOfPlacement(const ChildInCare& record, const TimescaleRule& rule,
                    std::optional<absl::CivilDay> done, std::vector<NewClock>& clocks) {
  const Placement& placement = LastLastingPlacement(record);
  if (!done && placement.has_end_date()) return;
  const absl::CivilDay start = DayOf(placement.start_date());
  const bool emergency = placement.urgency() == pb::PLACEMENT_URGENCY_EMERGENCY;
  NewClock clock =
      ClockFrom(record, rule, StartOfDay(start), emergency ? std::nullopt : std::optional(start));
  if (done) clock.met_at = std::max(StartOfDay(*done), clock.started_at);
  clocks.push_back(std::move(clock));
}

const NewClock* Find(const std::vector<NewClock>& clocks, const std::string& rule) {
  const auto found = std::find_if(clocks.begin(), clocks.end(),
                                  [&](const NewClock& clock) { return clock.rule == rule; });
  return found == clocks.end() ? nullptr : &*found;
}

absl::Status FollowClock(Transaction& tx, const std::string& subject, const std::string& rule,
                         const NewClock* before, const NewClock* after) {
  const bool same =
      before != nullptr && after != nullptr && before->started_at == after->started_at;
  if (before != nullptr && !same) {
    RETURN_IF_ERROR(timescales::Cancel(tx.db(), subject, rule, tx.now()).status());
  }
  if (after == nullptr) return absl::OkStatus();
  if (!same) {
    const absl::Status started = timescales::Start(tx.db(), tx.call().borough, {*after});
    // A correction back to what was corrected before: that clock has had its time.
    return absl::IsAlreadyExists(started) ? absl::OkStatus() : started;
  }
  if (before->due_at != after->due_at) {
    RETURN_IF_ERROR(timescales::Extend(tx.db(), subject, rule, after->due_at).status());
  }
  if (!after->met_at) return absl::OkStatus();
  return timescales::Meet(tx.db(), subject, rule, *after->met_at).status();
}

}  // namespace

std::vector<TimescaleRule> CareRules() {
  return {kPoliceProtectionRule, kEmergencyOrderRule, kAssessmentOrderRule,  kShortBreakRule,
          kTemporaryMoveRule,    kAreaNoticeRule,     kPlacementApprovalRule};
}

std::vector<NewClock> ClocksOf(const ChildInCare& record) {
  std::vector<NewClock> clocks;
  if (record.episodes().empty()) return clocks;
  AddLegal(record, kPoliceProtectionRule, pb::LEGAL_STATUS_POLICE_PROTECTION, clocks);
  AddLegal(record, kEmergencyOrderRule, pb::LEGAL_STATUS_EMERGENCY_PROTECTION_ORDER, clocks);
  AddLegal(record, kAssessmentOrderRule, pb::LEGAL_STATUS_CHILD_ASSESSMENT_ORDER, clocks);
  AddLegal(record, kShortBreakRule, pb::LEGAL_STATUS_SHORT_BREAK, clocks);
  AddTemporaryMove(record, clocks);
  const Placement& placement = LastLastingPlacement(record);
  if (placement.out_of_area()) {
    AddOfPlacement(
        record, kAreaNoticeRule,
        placement.has_notice() ? ProtoToDate(placement.notice().notify_date()) : std::nullopt,
        clocks);
  }
  if (placement.at_a_distance()) {
    AddOfPlacement(
        record, kPlacementApprovalRule,
        placement.has_approval() ? ProtoToDate(placement.approval().decide_date()) : std::nullopt,
        clocks);
  }
  return clocks;
}

absl::Status FollowClocks(Transaction& tx, const ChildInCare& before, const ChildInCare& after) {
  const auto had = ClocksOf(before);
  const auto has = ClocksOf(after);
  for (const TimescaleRule& rule : CareRules()) {
    RETURN_IF_ERROR(FollowClock(tx, after.name(), rule.id, Find(had, rule.id), Find(has, rule.id)));
  }
  return absl::OkStatus();
}

}  // namespace lscp::children_in_care
