#include "children_in_care/chain_rows.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "children_in_care/care_record.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::children_in_care {
namespace {

using pb::ChildInCare;

template <typename Span>
std::optional<absl::CivilDay> EndOf(const Span& span) {
  return span.has_end_date() ? ProtoToDate(span.end_date()) : std::nullopt;
}

// A statement for several rows at once.
class Rows {
 public:
  explicit Rows(std::string head) : sql_(std::move(head)) {}

  void Add(const db::Args& values) {
    absl::StrAppend(&sql_, args_.empty() ? "" : ", ", "(", db::Placeholders(values.size()), ")");
    args_.insert(args_.end(), values.begin(), values.end());
  }
  absl::Status Insert(db::Connection& db) const {
    return args_.empty() ? absl::OkStatus() : db.Execute(sql_, args_).status();
  }

 private:
  std::string sql_;
  db::Args args_;
};

pb::LegalStatus FirstLegalStatus(const ChildInCare& record, const pb::CarePeriod& period) {
  const absl::CivilDay start = *ProtoToDate(period.start_date());
  for (const pb::CareEpisode& episode : record.episodes()) {
    if (*ProtoToDate(episode.start_date()) == start) return episode.legal().status();
  }
  return pb::LEGAL_STATUS_UNSPECIFIED;
}

absl::Status WritePeriods(db::Connection& db, const ResourceName& name, const ChildInCare& record) {
  Rows rows(
      "INSERT INTO care_periods (borough, record, started_on, ended_on, child, need, end_reason, "
      "short_breaks, first_legal_status) VALUES ");
  const std::string child = ResourceName::Parse(record.child())->id;
  for (const pb::CarePeriod& period : record.periods()) {
    rows.Add({name.borough, name.id, ProtoToDate(period.start_date()), EndOf(period), child,
              static_cast<int>(period.need()), static_cast<int>(period.end_reason()),
              period.short_breaks(), static_cast<int>(FirstLegalStatus(record, period))});
  }
  return rows.Insert(db);
}

absl::Status WriteEpisodes(db::Connection& db, const ResourceName& name,
                           const ChildInCare& record) {
  Rows rows(
      "INSERT INTO care_episodes (borough, record, started_on, ended_on, legal_status, placement) "
      "VALUES ");
  for (const pb::CareEpisode& episode : record.episodes()) {
    rows.Add({name.borough, name.id, ProtoToDate(episode.start_date()), EndOf(episode),
              static_cast<int>(episode.legal().status()), episode.placement()});
  }
  return rows.Insert(db);
}

absl::Status WritePlacements(db::Connection& db, const ResourceName& name,
                             const ChildInCare& record) {
  Rows rows(
      "INSERT INTO care_placements (borough, record, placement, started_on, ended_on, type, "
      "lasting, out_of_area, at_a_distance, distance_tenths) VALUES ");
  for (const pb::Placement& placement : record.placements()) {
    const int distance = placement.distance_tenths_of_mile();
    rows.Add({name.borough, name.id, placement.id(), ProtoToDate(placement.start_date()),
              EndOf(placement), static_cast<int>(placement.type()), !IsTemporary(placement.type()),
              placement.out_of_area(), placement.at_a_distance(),
              distance > 0 ? db::Value(distance) : db::Value(nullptr)});
  }
  return rows.Insert(db);
}

}  // namespace

absl::Status WriteChainRows(db::Connection& db, const ChildInCare& record) {
  const ResourceName name = *ResourceName::Parse(record.name());
  for (const char* table : {"care_periods", "care_episodes", "care_placements"}) {
    RETURN_IF_ERROR(
        db.Execute(absl::StrCat("DELETE FROM ", table, " WHERE borough = ? AND record = ?"),
                   {name.borough, name.id})
            .status());
  }
  RETURN_IF_ERROR(WritePeriods(db, name, record));
  RETURN_IF_ERROR(WriteEpisodes(db, name, record));
  return WritePlacements(db, name, record);
}

}  // namespace lscp::children_in_care
