#include "children_in_care/health_record_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

using pb::HealthRecord;

std::string IdOf(const std::string& name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOf(const HealthRecord& record) {
  return {
      {"state", record.state()},
      {"child", IdOf(record.child())},
      {"child_in_care", IdOf(record.child_in_care())},
      {"care_started_on", ProtoToDate(record.care_start_date())},
      {"care_ended_on", ProtoToDate(record.care_end_date())},
      {"initial_due_on", ProtoToDate(record.initial_due_date())},
      {"initial_on", ProtoToDate(record.initial_date())},
      {"initial_refused", record.initial_standing() == pb::ASSESSMENT_STANDING_REFUSED},
      {"review_due_on", ProtoToDate(record.review_due_date())},
      {"last_dental_on", ProtoToDate(record.last_dental_date())},
      {"team", record.team()},
  };
}

// The condition of SetStandings (health_record.h), in SQL; one placeholder, today.
const char* StandingSql(int standing) {
  switch (standing) {
    case pb::ASSESSMENT_STANDING_NOT_DUE:
      return "initial_on IS NULL AND initial_due_on >= LEAST(?, IFNULL(care_ended_on, "
             "'9999-12-31'))";
    case pb::ASSESSMENT_STANDING_NO_RECORD:
      return "initial_on IS NULL AND initial_due_on < LEAST(?, IFNULL(care_ended_on, "
             "'9999-12-31'))";
    case pb::ASSESSMENT_STANDING_IN_TIME:
      return "NOT initial_refused AND initial_on <= initial_due_on AND ? IS NOT NULL";
    case pb::ASSESSMENT_STANDING_LATE:
      return "NOT initial_refused AND initial_on > initial_due_on AND ? IS NOT NULL";
    case pb::ASSESSMENT_STANDING_REFUSED:
      return "initial_refused AND ? IS NOT NULL";
    default:
      return "? IS NULL";
  }
}

}  // namespace

HealthRecordStore::HealthRecordStore() : CaseStore("healthRecords", "health_records", ColumnsOf) {}

absl::StatusOr<std::optional<HealthRecord>> HealthRecordStore::LockOf(Transaction& tx,
                                                                      const CareNow& care) const {
  const ResourceName child = *ResourceName::Parse(care.name);
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT id FROM health_records WHERE borough = ? AND child_in_care = ? AND"
                    " (state = ? OR care_started_on = ?) ORDER BY state, id DESC LIMIT 1",
                    {child.borough, child.id, HealthRecord::STATE_OPEN, care.start}));
  if (rows.empty()) return std::nullopt;
  const ResourceName name{child.borough, "healthRecords", rows[0].Text(0)};
  ASSIGN_OR_RETURN(HealthRecord record, LockUnseen(tx, name.ToString()));
  return record;
}

absl::StatusOr<HealthRecordStore::Page> HealthRecordStore::Find(
    Reading& reading, const pb::ListHealthRecordsRequest& request) const {
  const absl::CivilDay today = LondonDay(reading.now());
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  std::string standings;
  db::Args args;
  for (const int standing : request.initial_standings()) {
    standings += standings.empty() ? "(" : " OR (";
    standings.append(StandingSql(standing)).append(")");
    args.emplace_back(today);
  }
  if (!standings.empty()) where.Add(standings, args);
  if (request.review_overdue()) {
    where.Add("state = ? AND review_due_on < ?", {HealthRecord::STATE_OPEN, today});
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (request.dental_overdue()) {
    where.Add(
        "state = ? AND (last_dental_on IS NULL OR last_dental_on < DATE_SUB(?, INTERVAL 12 "
        "MONTH))",
        {HealthRecord::STATE_OPEN, today});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "care_started_on",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::children_in_care
