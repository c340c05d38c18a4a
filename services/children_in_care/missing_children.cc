#include "children_in_care/missing_children.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"
#include "safeguarding/child_protection/v1/events.pb.h"

namespace lscp::children_in_care {
namespace {

namespace protection = safeguarding::child_protection::v1;

absl::StatusOr<ResourceName> NameIn(const std::string& text, const char* collection) {
  auto name = ResourceName::Parse(text);
  if (!name || name->collection != collection) {
    return InvalidField("events.content", "names no missing episode of a child");
  }
  return *std::move(name);
}

absl::Status Reported(Transaction& tx, const protection::MissingReported& reported) {
  ASSIGN_OR_RETURN(const ResourceName episode,
                   NameIn(reported.missing_episode(), "missingEpisodes"));
  ASSIGN_OR_RETURN(const ResourceName child, NameIn(reported.child(), "children"));
  return tx.db()
      .Execute(
          "INSERT INTO missing_children (borough, episode, child, kind, from_care, missing_at)"
          " VALUES (?, ?, ?, ?, ?, ?)",
          {episode.borough, episode.id, child.id, static_cast<int>(reported.kind()),
           reported.missing_from() == protection::MISSING_FROM_CARE,
           ProtoToTime(reported.missing_time())})
      .status();
}

absl::Status Found(Transaction& tx, const protection::MissingFound& found) {
  ASSIGN_OR_RETURN(const ResourceName episode, NameIn(found.missing_episode(), "missingEpisodes"));
  return tx.db()
      .Execute("UPDATE missing_children SET found_at = ? WHERE borough = ? AND episode = ?",
               {ProtoToTime(found.found_time()), episode.borough, episode.id})
      .status();
}

absl::Status Voided(Transaction& tx, const protection::MissingVoided& voided) {
  ASSIGN_OR_RETURN(const ResourceName episode, NameIn(voided.missing_episode(), "missingEpisodes"));
  return tx.db()
      .Execute("DELETE FROM missing_children WHERE borough = ? AND episode = ?",
               {episode.borough, episode.id})
      .status();
}

absl::Status FindIn(db::Connection& db, const std::string& borough,
                    const std::vector<std::string>& ids,
                    std::map<std::string, MissingChild>& found) {
  db::Args args = {borough};
  args.insert(args.end(), ids.begin(), ids.end());
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat("SELECT own.id, m.episode, m.kind, m.missing_at FROM children own "
                            "JOIN children other ON other.borough = own.borough AND "
                            "other.survivor = own.survivor "
                            "JOIN missing_children m ON m.borough = other.borough AND "
                            "m.child = other.id AND m.found_at IS NULL "
                            "WHERE own.borough = ? AND own.id IN (",
                            db::Placeholders(ids.size()), ") ORDER BY m.kind DESC, m.missing_at"),
               args));
  // Missing comes after away without leave, so that it is what stays.
  for (const db::Row& row : rows) {
    found[ResourceName{borough, "children", row.Text(0)}.ToString()] = {
        .episode = ResourceName{borough, "missingEpisodes", row.Text(1)}.ToString(),
        .away_without_leave = row.Int(2) == protection::MISSING_KIND_AWAY_WITHOUT_LEAVE,
        .since = row.Time(3)};
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::map<std::string, MissingChild>> FindMissing(
    db::Connection& db, const std::vector<std::string>& children) {
  std::map<std::string, std::vector<std::string>> ids_by_borough;
  for (const std::string& text : children) {
    const auto name = ResourceName::Parse(text);
    if (name) ids_by_borough[name->borough].push_back(name->id);
  }
  std::map<std::string, MissingChild> found;
  for (const auto& [borough, ids] : ids_by_borough) {
    RETURN_IF_ERROR(FindIn(db, borough, ids, found));
  }
  return found;
}

std::string IsMissingSql() {
  return "EXISTS (SELECT 1 FROM children own JOIN children other ON other.borough = own.borough "
         "AND other.survivor = own.survivor JOIN missing_children m ON m.borough = other.borough "
         "AND m.child = other.id AND m.found_at IS NULL WHERE own.borough = "
         "children_in_care.borough AND own.id = children_in_care.child)";
}

void FollowMissing(ServiceContext& context) {
  context.OnEvent<protection::MissingReported>(
      "child_protection.missing_reported",
      [](const DeliveredEvent&, const protection::MissingReported& reported, Transaction& tx) {
        return Reported(tx, reported);
      });
  context.OnEvent<protection::MissingFound>(
      "child_protection.missing_found",
      [](const DeliveredEvent&, const protection::MissingFound& found, Transaction& tx) {
        return Found(tx, found);
      });
  context.OnEvent<protection::MissingVoided>(
      "child_protection.missing_voided",
      [](const DeliveredEvent&, const protection::MissingVoided& voided, Transaction& tx) {
        return Voided(tx, voided);
      });
}

}  // namespace lscp::children_in_care
