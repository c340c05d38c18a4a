#include "child_protection/seam_episode_store.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::SeamEpisode;

Columns ColumnsOf(const SeamEpisode& episode) {
  return {
      {"state", episode.state()},
      {"child", ResourceName::Parse(episode.child())->id},
      {"team", episode.team()},
      {"started_on", ProtoToDate(episode.start_date())},
      {"meeting_due_on",
       episode.has_meeting_due_date() ? ProtoToDate(episode.meeting_due_date()) : std::nullopt},
      {"notes_due_on",
       episode.has_notes_due_date() ? ProtoToDate(episode.notes_due_date()) : std::nullopt},
      {"ended_on", episode.has_end_date() ? ProtoToDate(episode.end_date()) : std::nullopt},
      {"close_reason", episode.close_reason()},
  };
}

}  // namespace

SeamEpisodeStore::SeamEpisodeStore() : CaseStore("seamEpisodes", "seam_episodes", ColumnsOf) {}

absl::StatusOr<SeamEpisodeStore::Page> SeamEpisodeStore::Find(
    Reading& reading, const pb::ListSeamEpisodesRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (request.meeting_overdue()) where.Add("meeting_due_on < ?", {LondonDay(reading.now())});
  if (request.notes_overdue()) where.Add("notes_due_on < ?", {LondonDay(reading.now())});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "started_on",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::Status SeamEpisodeStore::UpdateMeeting(Transaction& tx, SeamEpisode& episode) const {
  RETURN_IF_ERROR(Update(tx, episode));
  const ResourceName name = *ResourceName::Parse(episode.name());
  const pb::SeamMeeting& meeting = *episode.meetings().rbegin();
  return tx.db()
      .Execute(
          "REPLACE INTO seam_meetings (borough, episode, held_on, type, score, signed_off_on,"
          " sign_off_working_days) VALUES (?, ?, ?, ?, ?, ?, ?)",
          {name.borough, name.id, ProtoToDate(meeting.meeting_date()), meeting.type(),
           meeting.score(),
           meeting.has_sign_off_time()
               ? std::optional(LondonDay(*ProtoToTime(meeting.sign_off_time())))
               : std::nullopt,
           meeting.sign_off_working_days()})
      .status();
}

absl::StatusOr<bool> SeamEpisodeStore::HasOpen(db::Connection& db, std::string_view child) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(db, child, where));
  where.Add("state = ?", {SeamEpisode::STATE_OPEN});
  ASSIGN_OR_RETURN(const db::Rows rows, db.Query(absl::StrCat("SELECT 1 FROM seam_episodes WHERE ",
                                                              where.sql(), " LIMIT 1"),
                                                 where.args()));
  return !rows.empty();
}

}  // namespace lscp::child_protection
