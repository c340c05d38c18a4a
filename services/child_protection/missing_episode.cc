#include "child_protection/missing_episode.h"

#include <algorithm>
#include <string_view>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::MissingEpisode;

absl::Status TakeStep(MissingEpisode& episode, std::string_view verb) {
  ASSIGN_OR_RETURN(const MissingEpisode::State next,
                   Next(kMissingTransitions, verb, episode.state(), episode.name()));
  episode.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const MissingEpisode& episode, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, episode.name(), description);
}

// The time of a request, or now; nothing when it lies before `earliest`.
std::optional<absl::Time> TimeOrNow(bool set, const google::protobuf::Timestamp& given,
                                    absl::Time now, const google::protobuf::Timestamp& earliest) {
  const absl::Time time = set ? *ProtoToTime(given) : now;
  if (time < *ProtoToTime(earliest)) return std::nullopt;
  return time;
}

std::vector<FieldViolation> ReportFaults(const pb::ReportMissingRequest& request,
                                         const Step& step) {
  std::vector<FieldViolation> faults;
  const auto need = [&faults](bool met, const char* field, const char* description) {
    if (!met) faults.push_back({field, description});
  };
  const absl::Time missing = *ProtoToTime(request.missing_time());
  const absl::Time reported =
      request.has_report_time() ? *ProtoToTime(request.report_time()) : step.now;
  const bool from_care = request.missing_from() == pb::MISSING_FROM_CARE;
  need(missing <= reported, "report_time", "lies before the child was missing");
  need(request.kind() != pb::MISSING_KIND_AWAY_WITHOUT_LEAVE || from_care, "kind",
       "only a child in care can be away from a placement");
  need(request.placing_authority().empty() || from_care, "placing_authority",
       "only a child in care is placed by an authority");
  need(request.host_authority().empty() || from_care, "host_authority",
       "only a child in care is placed elsewhere");
  need(request.placing_authority().empty() || request.host_authority().empty(), "host_authority",
       "a child is placed here by another authority or placed elsewhere by this one, not both");
  need((request.risk() == pb::MISSING_RISK_UNSPECIFIED) == request.risk_reason().empty(),
       "risk_reason", "is required with risk, and only then");
  return faults;
}

// The same protocol that says how often is too often starts counting afresh after a meeting.
bool IsOneTooMany(const std::vector<OtherMissing>& others, absl::Time missing,
                  const Settings::Borough& borough) {
  const bool owed = std::any_of(others.begin(), others.end(), [](const OtherMissing& other) {
    return other.strategy_meeting_owed;
  });
  if (owed) return false;
  absl::Time since = CountedSince(borough, missing);
  for (const OtherMissing& other : others) {
    if (other.last_strategy_meeting) since = std::max(since, *other.last_strategy_meeting);
  }
  const auto counted = std::count_if(others.begin(), others.end(), [&](const OtherMissing& other) {
    return other.kind == pb::MISSING_KIND_MISSING && other.missing >= since &&
           other.missing <= missing;
  });
  return counted + 1 >= static_cast<int64_t>(borough.missing().repeated_episodes());
}

void OweStrategyMeeting(MissingEpisode& episode, pb::StrategyMeetingReason reason, absl::Time now,
                        const Settings::Borough& borough) {
  const auto& known = episode.strategy_meeting_reasons();
  if (std::find(known.begin(), known.end(), reason) == known.end()) {
    episode.add_strategy_meeting_reasons(reason);
  }
  if (episode.has_strategy_meeting_due_time()) return;
  *episode.mutable_strategy_meeting_due_time() =
      TimeToProto(DueAt(now, MissingStrategyMeetingRule(borough).due_after, WorkingDayCalendar()));
}

void CopyReport(const pb::ReportMissingRequest& request, const Step& step,
                MissingEpisode& episode) {
  episode.set_child(request.child());
  episode.set_kind(request.kind());
  episode.set_missing_from(request.missing_from());
  *episode.mutable_missing_time() = request.missing_time();
  *episode.mutable_report_time() =
      request.has_report_time() ? request.report_time() : TimeToProto(step.now);
  episode.set_reported_by(request.reported_by());
  episode.set_police_reference(request.police_reference());
  episode.set_placing_authority(request.placing_authority());
  episode.set_host_authority(request.host_authority());
  episode.set_circumstances(request.circumstances());
  episode.set_team(request.team());
  episode.set_worker(request.worker());
  if (request.risk() == pb::MISSING_RISK_UNSPECIFIED) return;
  episode.set_risk(request.risk());
  episode.set_risk_reason(request.risk_reason());
  *episode.mutable_risk_time() = TimeToProto(step.now);
}

// Nothing is asked of a child who did not answer, nor of one whom another authority hears.
bool Fits(const MissingEpisode& episode, MissingEpisode::State before,
          pb::MissingCloseReason reason) {
  switch (reason) {
    case pb::MISSING_CLOSE_REASON_DECLINED:
      return before == MissingEpisode::STATE_INTERVIEW_DECLINED;
    case pb::MISSING_CLOSE_REASON_PLACING_AUTHORITY:
      return !episode.placing_authority().empty();
    case pb::MISSING_CLOSE_REASON_NOT_OWED:
      return episode.kind() == pb::MISSING_KIND_AWAY_WITHOUT_LEAVE;
    default:
      return true;
  }
}

}  // namespace

TimescaleRule MissingStrategyMeetingRule(const Settings::Borough& borough) {
  return {kMissingStrategyMeeting, "Strategy meeting about a missing child held",
          "repeated episode or high risk",
          WorkingDays(static_cast<int>(borough.missing().strategy_meeting_working_days())),
          "London Safeguarding Children Procedures, missing children; days are the borough's"};
}

std::vector<TimescaleRule> MissingEpisodeRules(const Settings::Borough& borough) {
  return {kReturnInterview, MissingStrategyMeetingRule(borough)};
}

absl::Time CountedSince(const Settings::Borough& borough, absl::Time missing) {
  return StartOfDay(LondonDay(missing) - static_cast<int>(borough.missing().repeated_days()));
}

absl::StatusOr<MissingEpisode> Report(const pb::ReportMissingRequest& request,
                                      const std::vector<OtherMissing>& others, const Step& step,
                                      const Settings::Borough& borough) {
  std::vector<FieldViolation> faults = ReportFaults(request, step);
  const absl::Time missing = *ProtoToTime(request.missing_time());
  if (std::any_of(others.begin(), others.end(), [&](const OtherMissing& other) {
        return other.missing <= missing && other.found && missing < *other.found;
      })) {
    faults.push_back({"missing_time", "lies within another episode of the child"});
  }
  if (!faults.empty()) return InvalidFields(faults);
  if (std::any_of(others.begin(), others.end(),
                  [](const OtherMissing& other) { return !other.found; })) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_open_episode",
                              request.child(), "the child is missing already");
  }
  MissingEpisode episode;
  RETURN_IF_ERROR(TakeStep(episode, "ReportMissing"));
  CopyReport(request, step, episode);
  const absl::Time since = CountedSince(borough, missing);
  episode.set_recent_episodes(
      1 + static_cast<int>(std::count_if(others.begin(), others.end(), [&](const auto& other) {
        return other.missing >= since && other.missing <= missing;
      })));
  if (request.kind() == pb::MISSING_KIND_MISSING && IsOneTooMany(others, missing, borough)) {
    OweStrategyMeeting(episode, pb::STRATEGY_MEETING_REASON_REPEATED, step.now, borough);
  }
  if (request.risk() == pb::MISSING_RISK_HIGH) {
    OweStrategyMeeting(episode, pb::STRATEGY_MEETING_REASON_HIGH_RISK, step.now, borough);
  }
  return episode;
}

absl::Status AssessRisk(MissingEpisode& episode, const pb::AssessMissingRiskRequest& request,
                        const Step& step, const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(episode, "AssessMissingRisk"));
  if (request.risk() == pb::MISSING_RISK_HIGH && episode.risk() != pb::MISSING_RISK_HIGH) {
    OweStrategyMeeting(episode, pb::STRATEGY_MEETING_REASON_HIGH_RISK, step.now, borough);
  }
  episode.set_risk(request.risk());
  episode.set_risk_reason(request.reason());
  *episode.mutable_risk_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status Found(MissingEpisode& episode, const pb::RecordFoundRequest& request,
                   const Step& step) {
  const bool dead = request.found_how() == pb::FOUND_HOW_DECEASED;
  RETURN_IF_ERROR(TakeStep(episode, dead ? "RecordFound dead" : "RecordFound"));
  const auto found =
      TimeOrNow(request.has_found_time(), request.found_time(), step.now, episode.missing_time());
  if (!found) return InvalidField("found_time", "lies before the child was missing");
  *episode.mutable_found_time() = TimeToProto(*found);
  episode.set_found_how(request.found_how());
  episode.set_found_note(request.note());
  episode.set_length_hours(
      static_cast<int>(absl::ToInt64Hours(*found - *ProtoToTime(episode.missing_time()))));
  if (dead) {
    episode.set_close_reason(pb::MISSING_CLOSE_REASON_DECEASED);
  } else if (episode.kind() == pb::MISSING_KIND_MISSING) {
    *episode.mutable_interview_due_time() =
        TimeToProto(DueAt(*found, kReturnInterview.due_after, WorkingDayCalendar()));
  }
  return absl::OkStatus();
}

absl::Status Offer(MissingEpisode& episode, const pb::OfferReturnInterviewRequest& request,
                   const Step& step) {
  RETURN_IF_ERROR(TakeStep(episode, "OfferReturnInterview"));
  const auto offered =
      TimeOrNow(request.has_offer_time(), request.offer_time(), step.now, episode.found_time());
  if (!offered) return InvalidField("offer_time", "lies before the child was back");
  pb::InterviewOffer& offer = *episode.add_interview_offers();
  *offer.mutable_offer_time() = TimeToProto(*offered);
  offer.set_offered_by(step.person);
  offer.set_note(request.note());
  return absl::OkStatus();
}

absl::Status Answer(MissingEpisode& episode, const pb::AnswerInterviewOfferRequest& request,
                    const Step& step) {
  const bool accepted = request.answer() == pb::INTERVIEW_ANSWER_ACCEPTED;
  RETURN_IF_ERROR(TakeStep(
      episode, accepted ? "AnswerInterviewOffer accepted" : "AnswerInterviewOffer declined"));
  pb::InterviewOffer& offer = *episode.mutable_interview_offers()->rbegin();
  const auto answered =
      TimeOrNow(request.has_answer_time(), request.answer_time(), step.now, offer.offer_time());
  if (!answered) return InvalidField("answer_time", "lies before the offer");
  offer.set_answer(request.answer());
  *offer.mutable_answer_time() = TimeToProto(*answered);
  if (!request.note().empty()) offer.set_note(request.note());
  return absl::OkStatus();
}

absl::Status Interview(MissingEpisode& episode, const pb::RecordReturnInterviewRequest& request) {
  RETURN_IF_ERROR(TakeStep(episode, "RecordReturnInterview"));
  std::vector<FieldViolation> faults;
  if (*ProtoToTime(request.interview_time()) < *ProtoToTime(episode.found_time())) {
    faults.push_back({"interview_time", "lies before the child was back"});
  }
  // DfE guidance 2014: by an independent person, not involved in caring for the child.
  if (!request.independent()) {
    faults.push_back({"independent", "only somebody independent holds a return interview"});
  }
  if (!faults.empty()) return InvalidFields(faults);
  pb::ReturnInterview& interview = *episode.mutable_interview();
  *interview.mutable_interview_time() = request.interview_time();
  interview.set_interviewer(request.interviewer());
  interview.set_independent(true);
  interview.set_alone(request.alone());
  *interview.mutable_factors() = request.factors();
  interview.set_account(request.account());
  interview.set_harmed(request.harmed());
  interview.set_actions(request.actions());
  return absl::OkStatus();
}

absl::Status Meet(MissingEpisode& episode, const pb::RecordMissingStrategyMeetingRequest& request,
                  const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(episode, "RecordMissingStrategyMeeting"));
  if (*ProtoToTime(request.hold_time()) < *ProtoToTime(episode.missing_time())) {
    return InvalidField("hold_time", "lies before the child was missing");
  }
  // Local protocol for children missing from care: a meeting about a child at high risk is chaired
  // by somebody who does not manage the case.
  if (!borough.missing().any_chair() && episode.risk() == pb::MISSING_RISK_HIGH &&
      episode.missing_from() == pb::MISSING_FROM_CARE && !request.chair_independent()) {
    return RuleNotMet(episode, "independent_chair",
                      "a child at high risk is missing from care: the chair must be independent");
  }
  pb::MissingStrategyMeeting& meeting = *episode.add_strategy_meetings();
  *meeting.mutable_hold_time() = request.hold_time();
  meeting.set_chair(request.chair());
  meeting.set_chair_independent(request.chair_independent());
  meeting.set_strategy_discussion(request.strategy_discussion());
  meeting.set_decisions(request.decisions());
  episode.clear_strategy_meeting_due_time();
  return absl::OkStatus();
}

absl::Status Close(MissingEpisode& episode, const pb::CloseMissingEpisodeRequest& request) {
  const MissingEpisode::State before = episode.state();
  RETURN_IF_ERROR(TakeStep(episode, "CloseMissingEpisode"));
  if (request.reason() == pb::MISSING_CLOSE_REASON_OTHER && request.note().empty()) {
    return InvalidField("note", "is required with OTHER");
  }
  if (!Fits(episode, before, request.reason())) {
    return RuleNotMet(episode, "close_reason_fits", "the episode does not bear the reason out");
  }
  episode.set_close_reason(request.reason());
  episode.set_close_note(request.note());
  return absl::OkStatus();
}

absl::Status Void(MissingEpisode& episode, const pb::VoidMissingEpisodeRequest& request) {
  RETURN_IF_ERROR(TakeStep(episode, "VoidMissingEpisode"));
  episode.set_void_reason(request.reason());
  episode.clear_interview_due_time();
  episode.clear_strategy_meeting_due_time();
  return absl::OkStatus();
}

bool IsMissing(const MissingEpisode& episode) {
  return episode.state() == MissingEpisode::STATE_MISSING &&
         episode.kind() == pb::MISSING_KIND_MISSING;
}

pb::MissingReported ReportedOf(const MissingEpisode& episode) {
  pb::MissingReported reported;
  reported.set_missing_episode(episode.name());
  reported.set_child(episode.child());
  reported.set_kind(episode.kind());
  reported.set_missing_from(episode.missing_from());
  *reported.mutable_missing_time() = episode.missing_time();
  reported.set_placed_here_by_other(!episode.placing_authority().empty());
  return reported;
}

pb::MissingFound FoundOf(const MissingEpisode& episode) {
  pb::MissingFound found;
  found.set_missing_episode(episode.name());
  found.set_child(episode.child());
  *found.mutable_found_time() = episode.found_time();
  return found;
}

pb::MissingVoided VoidedOf(const MissingEpisode& episode) {
  pb::MissingVoided voided;
  voided.set_missing_episode(episode.name());
  voided.set_child(episode.child());
  return voided;
}

}  // namespace lscp::child_protection
