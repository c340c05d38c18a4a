#include "children_in_care/care_visit_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

using pb::CareVisit;
using pb::VisitSchedule;

std::string IdOf(const std::string& name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOfVisit(const CareVisit& visit) {
  return {
      {"state", visit.state()},
      {"child", IdOf(visit.child())},
      {"visit_schedule", IdOf(visit.visit_schedule())},
      {"visited_at", ProtoToTime(visit.visit_time())},
      {"due_on", ProtoToDate(visit.due_date())},
      {"timeliness", visit.timeliness()},
      {"seen_alone", visit.seen_alone()},
  };
}

Columns ColumnsOfSchedule(const VisitSchedule& schedule) {
  return {
      {"state", schedule.state()},
      {"child", IdOf(schedule.child())},
      {"child_in_care", IdOf(schedule.child_in_care())},
      {"care_started_on", ProtoToDate(schedule.care_start_date())},
      {"terms", schedule.terms()},
      {"due_on", ProtoToDate(schedule.due_date())},
      {"attempt_on", ProtoToDate(schedule.attempt_date())},
      {"team", schedule.team()},
      {"worker", schedule.worker()},
  };
}

// The condition of StandingOfVisits (care_visit.h), in SQL; one placeholder, today.
const char* StandingSql(int standing) {
  switch (standing) {
    case pb::CARE_VISIT_STANDING_NOT_DUE:
      return "due_on >= ?";
    case pb::CARE_VISIT_STANDING_UNSUCCESSFUL_IN_TIME:
      return "due_on < ? AND attempt_on <= due_on";
    case pb::CARE_VISIT_STANDING_UNSUCCESSFUL_LATE:
      return "due_on < ? AND attempt_on > due_on";
    case pb::CARE_VISIT_STANDING_NO_RECORD:
      return "due_on < ? AND attempt_on IS NULL";
    default:
      return "? IS NULL";
  }
}

absl::StatusOr<std::optional<VisitSchedule>> LockFirst(const VisitScheduleStore& store,
                                                       Transaction& tx, const ResourceName& child,
                                                       const Where& where) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query("SELECT id FROM visit_schedules WHERE " + where.sql() +
                                     " ORDER BY state, id DESC LIMIT 1",
                                 where.args()));
  if (rows.empty()) return std::nullopt;
  const ResourceName name{child.borough, "visitSchedules", rows[0].Text(0)};
  ASSIGN_OR_RETURN(VisitSchedule schedule, store.LockUnseen(tx, name.ToString()));
  return schedule;
}

}  // namespace

CareVisitStore::CareVisitStore() : CaseStore("careVisits", "care_visits", ColumnsOfVisit) {}

absl::StatusOr<std::optional<absl::Time>> CareVisitStore::LastSeen(Transaction& tx,
                                                                   std::string_view schedule,
                                                                   absl::Time before) const {
  const ResourceName name = *ResourceName::Parse(schedule);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query("SELECT MAX(visited_at) FROM care_visits WHERE borough = ? AND"
                                 " visit_schedule = ? AND state = ? AND visited_at < ?",
                                 {name.borough, name.id, CareVisit::STATE_SEEN, before}));
  return rows[0].OptTime(0);
}

absl::StatusOr<CareVisitStore::Page> CareVisitStore::Find(
    Reading& reading, const pb::ListCareVisitsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "visited_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

VisitScheduleStore::VisitScheduleStore()
    : CaseStore("visitSchedules", "visit_schedules", ColumnsOfSchedule) {}

absl::StatusOr<std::optional<VisitSchedule>> VisitScheduleStore::LockOf(Transaction& tx,
                                                                        const CareNow& care) const {
  const ResourceName child = *ResourceName::Parse(care.name);
  Where where;
  where.Add("borough = ? AND child_in_care = ?", {child.borough, child.id})
      .Add("state = ? OR care_started_on = ?", {VisitSchedule::STATE_OPEN, care.start});
  return LockFirst(*this, tx, child, where);
}

absl::StatusOr<std::optional<VisitSchedule>> VisitScheduleStore::LockOpen(
    Transaction& tx, std::string_view child_in_care) const {
  const ResourceName child = *ResourceName::Parse(child_in_care);
  Where where;
  where.Add("borough = ? AND child_in_care = ? AND state = ?",
            {child.borough, child.id, VisitSchedule::STATE_OPEN});
  return LockFirst(*this, tx, child, where);
}

absl::StatusOr<VisitScheduleStore::Page> VisitScheduleStore::Find(
    Reading& reading, const pb::ListVisitSchedulesRequest& request) const {
  Where where;
  where.Add("state = ?", {VisitSchedule::STATE_OPEN});
  std::string standings;
  db::Args args;
  for (const int standing : request.standings()) {
    standings += standings.empty() ? "(" : " OR (";
    standings.append(StandingSql(standing)).append(")");
    args.emplace_back(LondonDay(reading.now()));
  }
  if (!standings.empty()) where.Add(standings, args);
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.worker().empty()) where.Add("worker = ?", {request.worker()});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "due_on",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::children_in_care
