#include "child_death_reviews/death_review_meeting.h"

#include <algorithm>

#include "child_death_reviews/death_analysis.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReviewMeeting;

absl::Status TakeStep(DeathReviewMeeting& meeting, std::string_view verb) {
  ASSIGN_OR_RETURN(const DeathReviewMeeting::State next,
                   Next(kReviewMeetingTransitions, verb, meeting.state(), meeting.name()));
  meeting.set_state(next);
  return absl::OkStatus();
}

template <typename Predicate>
bool Any(const std::vector<DeathReviewMeeting>& meetings, const Predicate& predicate) {
  return std::any_of(meetings.begin(), meetings.end(), predicate);
}

}  // namespace

absl::StatusOr<DeathReviewMeeting> PlanMeeting(const pb::PlanDeathReviewMeetingRequest& request,
                                               const std::vector<DeathReviewMeeting>& others) {
  RETURN_IF_ERROR(CheckAttendances(request.invitations(), "invitations"));
  if (Any(others,
          [](const auto& other) { return other.state() == DeathReviewMeeting::STATE_PLANNED; })) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_planned_meeting",
                              request.name(), "a meeting is planned already");
  }
  DeathReviewMeeting meeting;
  meeting.set_state(DeathReviewMeeting::STATE_PLANNED);
  meeting.set_death_review(request.name());
  *meeting.mutable_meet_time() = request.meet_time();
  meeting.set_chair(request.chair());
  for (const pb::Attendance& invitation : request.invitations()) {
    pb::Attendance& invited = *meeting.add_attendances();
    invited = invitation;
    invited.set_invited(true);
    invited.set_attended(false);
    invited.set_reported(false);
  }
  return meeting;
}

absl::Status HoldReviewMeeting(DeathReviewMeeting& meeting,
                               const pb::HoldDeathReviewMeetingRequest& request,
                               const pb::Particulars& particulars) {
  RETURN_IF_ERROR(TakeStep(meeting, "HoldDeathReviewMeeting"));
  RETURN_IF_ERROR(CheckAttendances(request.attendances(), "attendances"));
  if (std::none_of(request.attendances().begin(), request.attendances().end(),
                   [](const pb::Attendance& one) { return one.attended(); })) {
    return InvalidField("attendances", "say that nobody was there");
  }
  if (LondonDay(*ProtoToTime(request.meet_time())) < *ProtoToDate(particulars.death_date())) {
    return InvalidField("meet_time", "lies before the death");
  }
  *meeting.mutable_meet_time() = request.meet_time();
  if (!request.chair().empty()) meeting.set_chair(request.chair());
  *meeting.mutable_attendances() = request.attendances();
  meeting.set_minutes(request.minutes());
  return absl::OkStatus();
}

// Statutory guidance, chapter 4: the meeting drafts the analysis form for the panel.
absl::Status Report(DeathReviewMeeting& meeting, const pb::ReportDeathReviewMeetingRequest& request,
                    const pb::Particulars& particulars, const Step& step) {
  RETURN_IF_ERROR(TakeStep(meeting, "ReportDeathReviewMeeting"));
  RETURN_IF_ERROR(CheckDraft(request.analysis(), particulars));
  pb::DraftAnalysis& draft = *meeting.add_drafts();
  *draft.mutable_analysis() = request.analysis();
  draft.set_person(step.person);
  *draft.mutable_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

// Statutory guidance, chapters 4 and 6: the family is told afterwards, and its questions answered.
absl::Status TellFamily(DeathReviewMeeting& meeting,
                        const pb::RecordFamilyFeedbackRequest& request) {
  RETURN_IF_ERROR(TakeStep(meeting, "RecordFamilyFeedback"));
  if (*ProtoToTime(request.feedback().tell_time()) < *ProtoToTime(meeting.meet_time())) {
    return InvalidField("feedback.tell_time", "lies before the meeting");
  }
  if (request.feedback().questions_answered() && !request.feedback().open_questions().empty()) {
    return InvalidField("feedback.open_questions", "must be empty when all were answered");
  }
  *meeting.mutable_feedback() = request.feedback();
  return absl::OkStatus();
}

absl::Status CancelMeeting(DeathReviewMeeting& meeting,
                           const pb::CancelDeathReviewMeetingRequest& request) {
  RETURN_IF_ERROR(TakeStep(meeting, "CancelDeathReviewMeeting"));
  meeting.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

bool WasHeld(const std::vector<DeathReviewMeeting>& meetings) {
  return Any(meetings, [](const auto& meeting) {
    return meeting.state() == DeathReviewMeeting::STATE_HELD ||
           meeting.state() == DeathReviewMeeting::STATE_REPORTED;
  });
}

bool HasDraft(const std::vector<DeathReviewMeeting>& meetings) {
  return Any(meetings, [](const auto& meeting) { return !meeting.drafts().empty(); });
}

bool FamilyTold(const std::vector<DeathReviewMeeting>& meetings) {
  return Any(meetings, [](const auto& meeting) { return meeting.has_feedback(); });
}

void ClearForList(DeathReviewMeeting& meeting) {
  meeting.clear_minutes();
  meeting.clear_drafts();
  meeting.clear_feedback();
  meeting.clear_cancel_reason();
}

}  // namespace lscp::child_death_reviews
