#include "child_protection/looked_after.h"

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "child_protection/child_status.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"
#include "safeguarding/children_in_care/v1/events.pb.h"

namespace lscp::child_protection {
namespace {

namespace care = safeguarding::children_in_care::v1;

struct CareNames {
  ResourceName record;
  ResourceName child;
};

template <typename Content>
absl::StatusOr<CareNames> NamesIn(const Content& content) {
  const auto record = ResourceName::Parse(content.child_in_care());
  const auto child = ResourceName::Parse(content.child());
  if (!record || !child || record->borough != child->borough || child->collection != "children") {
    return InvalidField("events.content", "names no child in care");
  }
  return CareNames{*record, *child};
}

absl::Status AddPeriod(db::Connection& db, const CareNames& names, absl::CivilDay start,
                       std::optional<absl::CivilDay> end, bool short_breaks) {
  return db
      .Execute(
          "REPLACE INTO care_periods (borough, record, started_on, ended_on, child, "
          "short_breaks) VALUES (?, ?, ?, ?, ?, ?)",
          {names.record.borough, names.record.id, start, end, names.child.id, short_breaks})
      .status();
}

absl::StatusOr<absl::CivilDay> DayIn(const google::type::Date& date) {
  const auto day = ProtoToDate(date);
  if (!day) return InvalidField("events.content", "lacks a date");
  return *day;
}

absl::Status Started(Transaction& tx, const care::CareStarted& started) {
  ASSIGN_OR_RETURN(const CareNames names, NamesIn(started));
  ASSIGN_OR_RETURN(const absl::CivilDay start, DayIn(started.start_date()));
  RETURN_IF_ERROR(AddPeriod(tx.db(), names, start, std::nullopt, started.short_breaks()));
  return BeginStatus(tx.db(), started.child(), pb::CHILD_STATUS_LOOKED_AFTER,
                     started.child_in_care(), start);
}

absl::Status Ended(Transaction& tx, const care::CareEnded& ended) {
  ASSIGN_OR_RETURN(const CareNames names, NamesIn(ended));
  ASSIGN_OR_RETURN(const absl::CivilDay end, DayIn(ended.end_date()));
  RETURN_IF_ERROR(tx.db()
                      .Execute("UPDATE care_periods SET ended_on = ? WHERE borough = ? AND "
                               "record = ? AND ended_on IS NULL",
                               {end, names.record.borough, names.record.id})
                      .status());
  return EndStatus(tx.db(), ended.child(), pb::CHILD_STATUS_LOOKED_AFTER, ended.child_in_care(),
                   end);
}

// Everything anew, whatever was told before.
absl::Status Corrected(Transaction& tx, const care::CareCorrected& corrected) {
  ASSIGN_OR_RETURN(const CareNames names, NamesIn(corrected));
  RETURN_IF_ERROR(tx.db()
                      .Execute("DELETE FROM care_periods WHERE borough = ? AND record = ?",
                               {names.record.borough, names.record.id})
                      .status());
  RETURN_IF_ERROR(RemoveStatus(tx.db(), corrected.child(), pb::CHILD_STATUS_LOOKED_AFTER,
                               corrected.child_in_care()));
  for (const care::CarePeriod& period : corrected.periods()) {
    ASSIGN_OR_RETURN(const absl::CivilDay start, DayIn(period.start_date()));
    const auto end = period.has_end_date() ? ProtoToDate(period.end_date()) : std::nullopt;
    RETURN_IF_ERROR(AddPeriod(tx.db(), names, start, end, period.short_breaks()));
    // The last is where the child stands.
    RETURN_IF_ERROR(BeginStatus(tx.db(), corrected.child(), pb::CHILD_STATUS_LOOKED_AFTER,
                                corrected.child_in_care(), start));
    if (end) {
      RETURN_IF_ERROR(EndStatus(tx.db(), corrected.child(), pb::CHILD_STATUS_LOOKED_AFTER,
                                corrected.child_in_care(), *end));
    }
  }
  return absl::OkStatus();
}

}  // namespace

void FollowCare(ServiceContext& context) {
  context.OnEvent<care::CareStarted>("children_in_care.care_started",
                                     [](const DeliveredEvent&, const care::CareStarted& started,
                                        Transaction& tx) { return Started(tx, started); });
  context.OnEvent<care::CareEnded>("children_in_care.care_ended",
                                   [](const DeliveredEvent&, const care::CareEnded& ended,
                                      Transaction& tx) { return Ended(tx, ended); });
  context.OnEvent<care::CareCorrected>(
      "children_in_care.care_corrected",
      [](const DeliveredEvent&, const care::CareCorrected& corrected, Transaction& tx) {
        return Corrected(tx, corrected);
      });
}

}  // namespace lscp::child_protection
