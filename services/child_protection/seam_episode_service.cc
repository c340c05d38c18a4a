#include "child_protection/seam_episode_service.h"

#include <memory>
#include <string>
#include <utility>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/days.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::SeamEpisode;

template <typename Response>
Response ReplyWith(SeamEpisode episode) {
  Response response;
  *response.mutable_seam_episode() = std::move(episode);
  return response;
}

void ClearTexts(SeamEpisode& episode) {
  episode.clear_opening_reason();
  episode.clear_close_note();
  for (pb::SeamMeeting& meeting : *episode.mutable_meetings()) meeting.clear_notes();
}

timescales::NewClock ClockUntil(const SeamEpisode& episode, const char* rule, absl::Time start,
                                const google::type::Date& last_day) {
  return {episode.name(),  rule, start, EndOfDay(*ProtoToDate(last_day)), episode.team(),
          episode.worker()};
}

absl::Status OneOpen(const std::string& child) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_open_episode", child,
                            "the child has an open SEAM episode");
}

}  // namespace

absl::StatusOr<pb::OpenSeamEpisodeResponse> SeamEpisodes::Open(
    const pb::OpenSeamEpisodeRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(const bool open, store_.HasOpen(tx.db(), request.child()));
  if (open) return OneOpen(request.child());
  SeamEpisode episode = OpenSeam(request, StepOf(tx), Borough(tx));
  episode.set_name(store_.NewName(tx.call().borough, tx.now()));
  const absl::Status stored = store_.Insert(tx, episode);
  // Two people open one at the same time: the second finds the first.
  if (db::DuplicateKeyName(stored) == "one_open") return OneOpen(request.child());
  RETURN_IF_ERROR(stored);
  const absl::Time start = InstantOn(*ProtoToDate(episode.start_date()), tx.now());
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {ClockUntil(episode, kSeamInitialMeeting, start, episode.meeting_due_date())}));
  return ReplyWith<pb::OpenSeamEpisodeResponse>(std::move(episode));
}

absl::StatusOr<pb::GetSeamEpisodeResponse> SeamEpisodes::Get(
    const pb::GetSeamEpisodeRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(SeamEpisode episode, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetSeamEpisodeResponse>(std::move(episode));
}

absl::StatusOr<pb::ListSeamEpisodesResponse> SeamEpisodes::List(
    const pb::ListSeamEpisodesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListSeamEpisodesResponse response;
  for (SeamEpisode& episode : page.resources) {
    ClearTexts(episode);
    *response.add_seam_episodes() = std::move(episode);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::HoldSeamMeetingResponse> SeamEpisodes::Hold(
    const pb::HoldSeamMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeamEpisode episode, store_.Lock(tx, request.name(), request.etag()));
  const char* const owed = episode.meetings().empty() ? kSeamInitialMeeting : kSeamReview;
  RETURN_IF_ERROR(HoldMeeting(episode, request, Borough(tx)));
  RETURN_IF_ERROR(store_.UpdateMeeting(tx, episode));
  const absl::Time held = InstantOn(*ProtoToDate(request.meeting_date()), tx.now());
  RETURN_IF_ERROR(timescales::Meet(tx.db(), episode.name(), owed, held).status());
  RETURN_IF_ERROR(
      timescales::Start(tx.db(), tx.call().borough,
                        {ClockUntil(episode, kSeamReview, held, episode.meeting_due_date()),
                         ClockUntil(episode, kSeamNotes, held, episode.notes_due_date())}));
  return ReplyWith<pb::HoldSeamMeetingResponse>(std::move(episode));
}

absl::StatusOr<pb::SignOffSeamNotesResponse> SeamEpisodes::SignOff(
    const pb::SignOffSeamNotesRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeamEpisode episode, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::SignOff(episode, StepOf(tx)));
  RETURN_IF_ERROR(store_.UpdateMeeting(tx, episode));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), episode.name(), kSeamNotes, tx.now()).status());
  return ReplyWith<pb::SignOffSeamNotesResponse>(std::move(episode));
}

absl::StatusOr<pb::CloseSeamEpisodeResponse> SeamEpisodes::Close(
    const pb::CloseSeamEpisodeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeamEpisode episode, ChangeRecord(store_, tx, request, [&](SeamEpisode& e) {
                     return child_protection::Close(e, request, StepOf(tx));
                   }));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), episode.name(), tx.now()).status());
  return ReplyWith<pb::CloseSeamEpisodeResponse>(std::move(episode));
}

void RegisterSeamEpisodes(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.SeamEpisodesService",
          context.Keep(std::make_unique<SeamEpisodes>(parts)))
      .Write("OpenSeamEpisode", &SeamEpisodes::Open)
      .Read("GetSeamEpisode", &SeamEpisodes::Get)
      .Read("ListSeamEpisodes", &SeamEpisodes::List)
      .Write("HoldSeamMeeting", &SeamEpisodes::Hold)
      .Write("SignOffSeamNotes", &SeamEpisodes::SignOff)
      .Write("CloseSeamEpisode", &SeamEpisodes::Close);
}

}  // namespace lscp::child_protection
