#include "child_protection/seam_episode.h"

#include <string_view>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/days.h"

namespace lscp::child_protection {
namespace {

using pb::SeamEpisode;

absl::Status TakeStep(SeamEpisode& episode, std::string_view verb) {
  ASSIGN_OR_RETURN(const SeamEpisode::State next,
                   Next(kSeamTransitions, verb, episode.state(), episode.name()));
  episode.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const SeamEpisode& episode, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, episode.name(), description);
}

bool NotesOutstanding(const SeamEpisode& episode) {
  return !episode.meetings().empty() && !episode.meetings().rbegin()->has_sign_off_time();
}

absl::CivilDay WorkingDaysAfter(absl::CivilDay day, uint32_t days) {
  return WorkingDayCalendar().Add(day, static_cast<int>(days));
}

}  // namespace

std::vector<TimescaleRule> SeamEpisodeRules(const Settings::Borough& borough) {
  const auto& settings = borough.exploitation();
  const char* const source = "Local SEAM procedure; days are the borough's";
  return {
      {kSeamInitialMeeting, "Initial SEAM meeting held", "SEAM episode opened",
       WorkingDays(static_cast<int>(settings.seam_initial_working_days())), source},
      {kSeamReview, "SEAM review held", "SEAM meeting before",
       Days(static_cast<int>(settings.seam_review_days())), source},
      {kSeamNotes, "Notes of a SEAM meeting signed off", "SEAM meeting held",
       WorkingDays(static_cast<int>(settings.seam_notes_working_days())), source},
  };
}

SeamEpisode OpenSeam(const pb::OpenSeamEpisodeRequest& request, const Step& step,
                     const Settings::Borough& borough) {
  const absl::CivilDay start = DayOrToday(request.has_start_date(), request.start_date(), step.now);
  SeamEpisode episode;
  episode.set_state(SeamEpisode::STATE_OPEN);
  episode.set_child(request.child());
  *episode.mutable_start_date() = DateToProto(start);
  episode.set_team(request.team());
  episode.set_worker(request.worker());
  episode.set_opening_reason(request.reason());
  *episode.mutable_meeting_due_date() =
      DateToProto(WorkingDaysAfter(start, borough.exploitation().seam_initial_working_days()));
  return episode;
}

absl::Status HoldMeeting(SeamEpisode& episode, const pb::HoldSeamMeetingRequest& request,
                         const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(episode, "HoldSeamMeeting"));
  const absl::CivilDay day = *ProtoToDate(request.meeting_date());
  const bool initial = episode.meetings().empty();
  const absl::CivilDay before = initial ? *ProtoToDate(episode.start_date())
                                        : *ProtoToDate(episode.meetings().rbegin()->meeting_date());
  if (initial ? day < before : day <= before) {
    return InvalidField("meeting_date", "is not after what happened before");
  }
  // A review works from what was agreed, which is what was signed off.
  if (NotesOutstanding(episode)) {
    return RuleNotMet(episode, "notes_signed_off",
                      "the notes of the meeting before are not signed off");
  }
  pb::SeamMeeting& meeting = *episode.add_meetings();
  meeting.set_type(initial ? pb::SEAM_MEETING_TYPE_INITIAL : pb::SEAM_MEETING_TYPE_REVIEW);
  *meeting.mutable_meeting_date() = request.meeting_date();
  meeting.set_score(request.score());
  meeting.set_chair(request.chair());
  *meeting.mutable_agencies() = request.agencies();
  meeting.set_notes(request.notes());
  if (!initial) meeting.set_days_since_last(static_cast<int>(day - before));
  const auto& settings = borough.exploitation();
  *episode.mutable_meeting_due_date() =
      DateToProto(day + static_cast<int>(settings.seam_review_days()));
  *episode.mutable_notes_due_date() =
      DateToProto(WorkingDaysAfter(day, settings.seam_notes_working_days()));
  return absl::OkStatus();
}

absl::Status SignOff(SeamEpisode& episode, const Step& step) {
  RETURN_IF_ERROR(TakeStep(episode, "SignOffSeamNotes"));
  if (!NotesOutstanding(episode)) {
    return RuleNotMet(episode, "notes_outstanding", "there are no notes to sign off");
  }
  pb::SeamMeeting& meeting = *episode.mutable_meetings()->rbegin();
  *meeting.mutable_sign_off_time() = TimeToProto(step.now);
  meeting.set_signed_off_by(step.person);
  meeting.set_sign_off_working_days(
      WorkingDayCalendar().Between(*ProtoToDate(meeting.meeting_date()), LondonDay(step.now)));
  episode.clear_notes_due_date();
  return absl::OkStatus();
}

absl::Status Close(SeamEpisode& episode, const pb::CloseSeamEpisodeRequest& request,
                   const Step& step) {
  RETURN_IF_ERROR(TakeStep(episode, "CloseSeamEpisode"));
  const absl::CivilDay end = DayOrToday(request.has_end_date(), request.end_date(), step.now);
  const absl::CivilDay last = episode.meetings().empty()
                                  ? *ProtoToDate(episode.start_date())
                                  : *ProtoToDate(episode.meetings().rbegin()->meeting_date());
  if (end < last) return InvalidField("end_date", "lies before what happened last");
  if (NotesOutstanding(episode)) {
    return RuleNotMet(episode, "notes_signed_off", "the notes of a meeting are not signed off");
  }
  *episode.mutable_end_date() = DateToProto(end);
  episode.set_close_reason(request.reason());
  episode.set_close_note(request.note());
  episode.clear_meeting_due_date();
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
