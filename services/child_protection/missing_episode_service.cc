#include "child_protection/missing_episode_service.h"

#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "child_protection/child_status.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::MissingEpisode;

template <typename Response>
Response ReplyWith(MissingEpisode episode) {
  Response response;
  *response.mutable_missing_episode() = std::move(episode);
  return response;
}

void ClearTexts(MissingEpisode& episode) {
  episode.clear_circumstances();
  episode.clear_risk_reason();
  episode.clear_found_note();
  episode.clear_interview_offers();
  episode.clear_close_note();
  episode.clear_void_reason();
  if (episode.has_interview()) {
    episode.mutable_interview()->clear_account();
    episode.mutable_interview()->clear_actions();
  }
  for (pb::MissingStrategyMeeting& meeting : *episode.mutable_strategy_meetings()) {
    meeting.clear_decisions();
  }
}

// The clock of a strategy meeting that is owed since this call.
absl::Status StartMeetingClock(Transaction& tx, const MissingEpisode& episode) {
  return timescales::Start(
      tx.db(), tx.call().borough,
      {{episode.name(), kMissingStrategyMeeting, tx.now(),
        *ProtoToTime(episode.strategy_meeting_due_time()), episode.team(), episode.worker()}});
}

// Two reports of one child at the same time: the second finds the first.
absl::Status ReportedTwice(const absl::Status& status, const std::string& child) {
  if (db::DuplicateKeyName(status) != "one_open") return status;
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_open_episode", child,
                            "the child is missing already");
}

}  // namespace

absl::StatusOr<pb::ReportMissingResponse> MissingEpisodes::Report(
    const pb::ReportMissingRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  const absl::Time since = CountedSince(Borough(tx), *ProtoToTime(request.missing_time()));
  ASSIGN_OR_RETURN(const auto others, store_.Of(tx.db(), request.child(), since));
  ASSIGN_OR_RETURN(MissingEpisode episode,
                   child_protection::Report(request, others, StepOf(tx), Borough(tx)));
  episode.set_name(store_.NewName(tx.call().borough, tx.now()));
  const absl::Status stored = store_.Insert(
      tx, episode,
      MakeEvent("child_protection.missing_reported", episode.child(), ReportedOf(episode)));
  if (!stored.ok()) return ReportedTwice(stored, request.child());
  if (episode.has_strategy_meeting_due_time()) {
    RETURN_IF_ERROR(StartMeetingClock(tx, episode));
  }
  if (IsMissing(episode)) {
    RETURN_IF_ERROR(BeginStatus(tx.db(), episode.child(), pb::CHILD_STATUS_MISSING, episode.name(),
                                LondonDay(*ProtoToTime(episode.missing_time()))));
  }
  return ReplyWith<pb::ReportMissingResponse>(std::move(episode));
}

absl::StatusOr<pb::GetMissingEpisodeResponse> MissingEpisodes::Get(
    const pb::GetMissingEpisodeRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(MissingEpisode episode, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetMissingEpisodeResponse>(std::move(episode));
}

absl::StatusOr<pb::ListMissingEpisodesResponse> MissingEpisodes::List(
    const pb::ListMissingEpisodesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListMissingEpisodesResponse response;
  for (MissingEpisode& episode : page.resources) {
    ClearTexts(episode);
    *response.add_missing_episodes() = std::move(episode);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::ListMissingNowResponse> MissingEpisodes::ListNow(
    const pb::ListMissingNowRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Missing(reading, request));
  pb::ListMissingNowResponse response;
  response.mutable_missing_episodes()->Add(std::make_move_iterator(page.resources.begin()),
                                           std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  ASSIGN_OR_RETURN(*response.mutable_now(), store_.Count(reading));
  *response.mutable_report_time() = TimeToProto(reading.now());
  return response;
}

absl::StatusOr<pb::AssessMissingRiskResponse> MissingEpisodes::AssessRisk(
    const pb::AssessMissingRiskRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode, store_.Lock(tx, request.name(), request.etag()));
  const bool owed = episode.has_strategy_meeting_due_time();
  RETURN_IF_ERROR(child_protection::AssessRisk(episode, request, StepOf(tx), Borough(tx)));
  RETURN_IF_ERROR(store_.Update(tx, episode));
  if (!owed && episode.has_strategy_meeting_due_time()) {
    RETURN_IF_ERROR(StartMeetingClock(tx, episode));
  }
  return ReplyWith<pb::AssessMissingRiskResponse>(std::move(episode));
}

absl::StatusOr<pb::RecordFoundResponse> MissingEpisodes::Found(
    const pb::RecordFoundRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Found(episode, request, StepOf(tx)));
  RETURN_IF_ERROR(store_.Update(
      tx, episode, MakeEvent("child_protection.missing_found", episode.child(), FoundOf(episode))));
  if (episode.has_interview_due_time()) {
    RETURN_IF_ERROR(timescales::Start(
        tx.db(), tx.call().borough,
        {{episode.name(), kReturnInterview.id, *ProtoToTime(episode.found_time()),
          *ProtoToTime(episode.interview_due_time()), episode.team(), episode.worker()}}));
  }
  RETURN_IF_ERROR(EndStatus(tx.db(), episode.child(), pb::CHILD_STATUS_MISSING, episode.name(),
                            LondonDay(*ProtoToTime(episode.found_time()))));
  return ReplyWith<pb::RecordFoundResponse>(std::move(episode));
}

absl::StatusOr<pb::OfferReturnInterviewResponse> MissingEpisodes::Offer(
    const pb::OfferReturnInterviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode,
                   ChangeRecord(store_, tx, request, [&](MissingEpisode& e) {
                     return child_protection::Offer(e, request, StepOf(tx));
                   }));
  return ReplyWith<pb::OfferReturnInterviewResponse>(std::move(episode));
}

absl::StatusOr<pb::AnswerInterviewOfferResponse> MissingEpisodes::Answer(
    const pb::AnswerInterviewOfferRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode,
                   ChangeRecord(store_, tx, request, [&](MissingEpisode& e) {
                     return child_protection::Answer(e, request, StepOf(tx));
                   }));
  return ReplyWith<pb::AnswerInterviewOfferResponse>(std::move(episode));
}

absl::StatusOr<pb::RecordReturnInterviewResponse> MissingEpisodes::Interview(
    const pb::RecordReturnInterviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode,
                   ChangeRecord(store_, tx, request, [&](MissingEpisode& e) {
                     return child_protection::Interview(e, request);
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), episode.name(), kReturnInterview.id,
                                   *ProtoToTime(episode.interview().interview_time()))
                      .status());
  return ReplyWith<pb::RecordReturnInterviewResponse>(std::move(episode));
}

absl::StatusOr<pb::RecordMissingStrategyMeetingResponse> MissingEpisodes::Meet(
    const pb::RecordMissingStrategyMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode,
                   ChangeRecord(store_, tx, request, [&](MissingEpisode& e) {
                     return child_protection::Meet(e, request, Borough(tx));
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), episode.name(), kMissingStrategyMeeting,
                                   *ProtoToTime(request.hold_time()))
                      .status());
  return ReplyWith<pb::RecordMissingStrategyMeetingResponse>(std::move(episode));
}

absl::StatusOr<pb::CloseMissingEpisodeResponse> MissingEpisodes::Close(
    const pb::CloseMissingEpisodeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode,
                   ChangeRecord(store_, tx, request, [&](MissingEpisode& e) {
                     return child_protection::Close(e, request);
                   }));
  RETURN_IF_ERROR(
      timescales::Cancel(tx.db(), episode.name(), kReturnInterview.id, tx.now()).status());
  return ReplyWith<pb::CloseMissingEpisodeResponse>(std::move(episode));
}

absl::StatusOr<pb::VoidMissingEpisodeResponse> MissingEpisodes::Void(
    const pb::VoidMissingEpisodeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(MissingEpisode episode, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Void(episode, request));
  RETURN_IF_ERROR(store_.Update(
      tx, episode,
      MakeEvent("child_protection.missing_voided", episode.child(), VoidedOf(episode))));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), episode.name(), tx.now()).status());
  RETURN_IF_ERROR(RemoveStatus(tx.db(), episode.child(), pb::CHILD_STATUS_MISSING, episode.name()));
  return ReplyWith<pb::VoidMissingEpisodeResponse>(std::move(episode));
}

void RegisterMissingEpisodes(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.MissingEpisodesService",
          context.Keep(std::make_unique<MissingEpisodes>(parts)))
      .Write("ReportMissing", &MissingEpisodes::Report)
      .Read("GetMissingEpisode", &MissingEpisodes::Get)
      .Read("ListMissingEpisodes", &MissingEpisodes::List)
      .Read("ListMissingNow", &MissingEpisodes::ListNow)
      .Write("AssessMissingRisk", &MissingEpisodes::AssessRisk)
      .Write("RecordFound", &MissingEpisodes::Found)
      .Write("OfferReturnInterview", &MissingEpisodes::Offer)
      .Write("AnswerInterviewOffer", &MissingEpisodes::Answer)
      .Write("RecordReturnInterview", &MissingEpisodes::Interview)
      .Write("RecordMissingStrategyMeeting", &MissingEpisodes::Meet)
      .Write("CloseMissingEpisode", &MissingEpisodes::Close)
      .Write("VoidMissingEpisode", &MissingEpisodes::Void);
}

}  // namespace lscp::child_protection
