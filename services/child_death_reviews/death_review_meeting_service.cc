#include "child_death_reviews/death_review_meeting_service.h"

#include <memory>
#include <utility>

#include "child_death_reviews/death_panel_case.h"
#include "child_death_reviews/death_review.h"
#include "child_death_reviews/death_review_meeting.h"
#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/review_parts.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/journal/step.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReviewMeeting;

template <typename Response>
Response ReplyWith(DeathReviewMeeting meeting) {
  Response response;
  *response.mutable_death_review_meeting() = std::move(meeting);
  return response;
}

}  // namespace

absl::Status OwePanelReview(Transaction& tx, const Settings& settings,
                            const pb::DeathReview& review) {
  RETURN_IF_ERROR(timescales::Cancel(tx.db(), review.name(), kPanelReview, tx.now()).status());
  return timescales::Start(tx.db(), tx.call().borough,
                           {ClockOf(PanelReviewRule(settings.Of(tx.call().borough)), review.name(),
                                    tx.now(), review.coordinator())});
}

absl::StatusOr<pb::PlanDeathReviewMeetingResponse> DeathReviewMeetings::Plan(
    const pb::PlanDeathReviewMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::DeathReview review, reviews_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(TakeReviewStep(review, "PlanDeathReviewMeeting"));
  ASSIGN_OR_RETURN(const auto others, ReadMeetings(tx.db(), review.name()));
  ASSIGN_OR_RETURN(DeathReviewMeeting meeting, PlanMeeting(request, others));
  meeting.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, meeting));
  RETURN_IF_ERROR(reviews_.Update(tx, review));
  auto response = ReplyWith<pb::PlanDeathReviewMeetingResponse>(std::move(meeting));
  response.set_death_review_etag(review.etag());
  return response;
}

absl::StatusOr<pb::GetDeathReviewMeetingResponse> DeathReviewMeetings::Get(
    const pb::GetDeathReviewMeetingRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(DeathReviewMeeting meeting, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetDeathReviewMeetingResponse>(std::move(meeting));
}

absl::StatusOr<pb::ListDeathReviewMeetingsResponse> DeathReviewMeetings::List(
    const pb::ListDeathReviewMeetingsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListDeathReviewMeetingsResponse response;
  for (DeathReviewMeeting& meeting : page.resources) {
    ClearForList(meeting);
    *response.add_death_review_meetings() = std::move(meeting);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::HoldDeathReviewMeetingResponse> DeathReviewMeetings::Hold(
    const pb::HoldDeathReviewMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReviewMeeting meeting, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::DeathReview review, reviews_.Read(tx, meeting.death_review()));
  RETURN_IF_ERROR(HoldReviewMeeting(meeting, request, review.particulars()));
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), review.name(), kReviewMeeting, *ProtoToTime(meeting.meet_time()))
          .status());
  RETURN_IF_ERROR(store_.Update(tx, meeting));
  return ReplyWith<pb::HoldDeathReviewMeetingResponse>(std::move(meeting));
}

absl::StatusOr<pb::ReportDeathReviewMeetingResponse> DeathReviewMeetings::Report(
    const pb::ReportDeathReviewMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReviewMeeting meeting, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(pb::DeathReview review, reviews_.Lock(tx, meeting.death_review(), ""));
  RETURN_IF_ERROR(TakeReviewStep(review, "ReportDeathReviewMeeting"));
  RETURN_IF_ERROR(child_death_reviews::Report(meeting, request, review.particulars(), StepOf(tx)));
  ASSIGN_OR_RETURN(pb::DeathPanelCase record, cases_.LockOf(tx, review.name()));
  *record.mutable_paper()->mutable_draft() = request.analysis();
  ASSIGN_OR_RETURN(const pb::JointResponse response,
                   responses_.Read(tx, NameOfPart(review.name(), "jointResponses")));
  // Where the coroner investigates, the panel waits for the conclusion.
  if (meeting.drafts_size() == 1 && !CoronerPending(response)) {
    RETURN_IF_ERROR(OwePanelReview(tx, *settings_, review));
  }
  RETURN_IF_ERROR(cases_.Update(tx, record));
  RETURN_IF_ERROR(store_.Update(tx, meeting));
  return ReplyWith<pb::ReportDeathReviewMeetingResponse>(std::move(meeting));
}

absl::StatusOr<pb::RecordFamilyFeedbackResponse> DeathReviewMeetings::TellFamily(
    const pb::RecordFamilyFeedbackRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReviewMeeting meeting,
                   ChangeRecord(store_, tx, request, [&](DeathReviewMeeting& record) {
                     return child_death_reviews::TellFamily(record, request);
                   }));
  return ReplyWith<pb::RecordFamilyFeedbackResponse>(std::move(meeting));
}

absl::StatusOr<pb::CancelDeathReviewMeetingResponse> DeathReviewMeetings::Cancel(
    const pb::CancelDeathReviewMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReviewMeeting meeting,
                   ChangeRecord(store_, tx, request, [&](DeathReviewMeeting& record) {
                     return CancelMeeting(record, request);
                   }));
  return ReplyWith<pb::CancelDeathReviewMeetingResponse>(std::move(meeting));
}

void RegisterDeathReviewMeetings(ServiceContext& context, const Settings* settings) {
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.DeathReviewMeetingsService",
          context.Keep(std::make_unique<DeathReviewMeetings>(settings)))
      .Write("PlanDeathReviewMeeting", &DeathReviewMeetings::Plan)
      .Read("GetDeathReviewMeeting", &DeathReviewMeetings::Get)
      .Read("ListDeathReviewMeetings", &DeathReviewMeetings::List)
      .Write("HoldDeathReviewMeeting", &DeathReviewMeetings::Hold)
      .Write("ReportDeathReviewMeeting", &DeathReviewMeetings::Report)
      .Write("RecordFamilyFeedback", &DeathReviewMeetings::TellFamily)
      .Write("CancelDeathReviewMeeting", &DeathReviewMeetings::Cancel);
}

}  // namespace lscp::child_death_reviews
