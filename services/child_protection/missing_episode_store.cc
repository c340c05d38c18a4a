#include "child_protection/missing_episode_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::MissingEpisode;

std::optional<absl::Time> LastMeeting(const MissingEpisode& episode) {
  std::optional<absl::Time> last;
  for (const pb::MissingStrategyMeeting& meeting : episode.strategy_meetings()) {
    last = std::max(last, ProtoToTime(meeting.hold_time()));
  }
  return last;
}

Columns ColumnsOf(const MissingEpisode& episode) {
  const bool offered = !episode.interview_offers().empty();
  return {
      {"state", episode.state()},
      {"child", ResourceName::Parse(episode.child())->id},
      {"kind", episode.kind()},
      {"missing_from", episode.missing_from()},
      {"placed_here_by_other", !episode.placing_authority().empty()},
      {"placed_elsewhere", !episode.host_authority().empty()},
      {"risk", episode.risk()},
      {"team", episode.team()},
      {"worker", episode.worker()},
      {"missing_at", ProtoToTime(episode.missing_time())},
      {"found_at", episode.has_found_time() ? ProtoToTime(episode.found_time()) : std::nullopt},
      {"interview_due_at",
       episode.has_interview_due_time() ? ProtoToTime(episode.interview_due_time()) : std::nullopt},
      {"offered_at",
       offered ? ProtoToTime(episode.interview_offers(0).offer_time()) : std::nullopt},
      {"interviewed_at",
       episode.has_interview() ? ProtoToTime(episode.interview().interview_time()) : std::nullopt},
      {"strategy_meeting_due_at", episode.has_strategy_meeting_due_time()
                                      ? ProtoToTime(episode.strategy_meeting_due_time())
                                      : std::nullopt},
      {"last_strategy_meeting_at", LastMeeting(episode)},
  };
}

}  // namespace

MissingEpisodeStore::MissingEpisodeStore()
    : CaseStore("missingEpisodes", "missing_episodes", ColumnsOf) {}

absl::StatusOr<MissingEpisodeStore::Page> MissingEpisodeStore::Find(
    Reading& reading, const pb::ListMissingEpisodesRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (request.kind() != 0) where.Add("kind = ?", {request.kind()});
  if (request.missing_from() != 0) where.Add("missing_from = ?", {request.missing_from()});
  if (request.placed_here_by_others()) where.Add("placed_here_by_other");
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (request.interview_overdue()) {
    where.Add("state IN (?, ?, ?, ?) AND interview_due_at < ?",
              {MissingEpisode::STATE_FOUND, MissingEpisode::STATE_INTERVIEW_OFFERED,
               MissingEpisode::STATE_INTERVIEW_ACCEPTED, MissingEpisode::STATE_INTERVIEW_DECLINED,
               reading.now()});
  }
  if (request.strategy_meeting_owed()) where.Add("strategy_meeting_due_at IS NOT NULL");
  if (request.has_missing_time_from()) {
    where.Add("missing_at >= ?", {ProtoToTime(request.missing_time_from())});
  }
  if (request.has_missing_time_before()) {
    where.Add("missing_at < ?", {ProtoToTime(request.missing_time_before())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "missing_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<MissingEpisodeStore::Page> MissingEpisodeStore::Missing(
    Reading& reading, const pb::ListMissingNowRequest& request) const {
  Where where;
  where.Add("state = ?", {MissingEpisode::STATE_MISSING});
  if (request.placed_here_by_others()) where.Add("placed_here_by_other");
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "missing_at",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<pb::MissingNow> MissingEpisodeStore::Count(Reading& reading) const {
  Where where;
  where.In("borough", reading.call().boroughs)
      .Add("state = ?", {MissingEpisode::STATE_MISSING})
      .Add(domain::ChildIsVisible("missing_episodes.borough", "missing_episodes.child"),
           {reading.caller().person});
  const std::string missing = absl::StrCat("kind = ", int{pb::MISSING_KIND_MISSING});
  const auto of_missing = [&missing](const std::string& condition) {
    return absl::StrCat(", COALESCE(SUM(", missing, " AND ", condition, "), 0)");
  };
  // A child has one open episode at most, so these are children.
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      reading.db().Query(
          absl::StrCat("SELECT COALESCE(SUM(", missing, "), 0)",
                       of_missing(absl::StrCat("missing_from = ", int{pb::MISSING_FROM_HOME})),
                       of_missing(absl::StrCat("missing_from = ", int{pb::MISSING_FROM_CARE})),
                       of_missing("placed_here_by_other"), of_missing("placed_elsewhere"),
                       of_missing(absl::StrCat("risk = ", int{pb::MISSING_RISK_HIGH})),
                       of_missing("risk = 0"), ", COALESCE(SUM(NOT (", missing,
                       ")), 0) FROM missing_episodes WHERE ", where.sql()),
          where.args()));
  const db::Row& row = rows.at(0);
  pb::MissingNow now;
  now.set_children(static_cast<int>(row.Int(0)));
  now.set_from_home(static_cast<int>(row.Int(1)));
  now.set_from_care(static_cast<int>(row.Int(2)));
  now.set_placed_here_by_others(static_cast<int>(row.Int(3)));
  now.set_placed_elsewhere(static_cast<int>(row.Int(4)));
  now.set_high_risk(static_cast<int>(row.Int(5)));
  now.set_not_assessed(static_cast<int>(row.Int(6)));
  now.set_away_without_leave(static_cast<int>(row.Int(7)));
  return now;
}

absl::StatusOr<std::vector<OtherMissing>> MissingEpisodeStore::Of(db::Connection& db,
                                                                  std::string_view child,
                                                                  absl::Time since) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(db, child, where));
  where.Add("state <> ?", {MissingEpisode::STATE_VOID})
      .Add("missing_at >= ? OR state = ?", {since, MissingEpisode::STATE_MISSING});
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat("SELECT kind, missing_at, found_at, strategy_meeting_due_at IS NOT "
                            "NULL, last_strategy_meeting_at FROM missing_episodes WHERE ",
                            where.sql()),
               where.args()));
  std::vector<OtherMissing> others;
  for (const db::Row& row : rows) {
    others.push_back({.kind = static_cast<pb::MissingKind>(row.Int(0)),
                      .missing = row.Time(1),
                      .found = row.OptTime(2),
                      .strategy_meeting_owed = row.Int(3) != 0,
                      .last_strategy_meeting = row.OptTime(4)});
  }
  return others;
}

}  // namespace lscp::child_protection
