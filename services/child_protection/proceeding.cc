#include "child_protection/proceeding.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/days.h"

namespace lscp::child_protection {
namespace {

using pb::Proceeding;

absl::Status TakeStep(Proceeding& proceeding, std::string_view verb) {
  ASSIGN_OR_RETURN(const Proceeding::State next,
                   Next(kProceedingTransitions, verb, proceeding.state(), proceeding.name()));
  proceeding.set_state(next);
  return absl::OkStatus();
}

// In court since this day, for 26 weeks.
void GoToCourt(Proceeding& proceeding, absl::CivilDay day) {
  *proceeding.mutable_issue_date() = DateToProto(day);
  *proceeding.mutable_court_due_date() = DateToProto(day + kCareProceedings.due_after.count);
}

int DaysBetween(const google::type::Date& from, absl::CivilDay to) {
  return static_cast<int>(to - *ProtoToDate(from));
}

bool StandsAlone(int order) {
  return order == pb::COURT_ORDER_NO_PUBLIC_LAW_ORDER || order == pb::COURT_ORDER_WITHDRAWN;
}

}  // namespace

std::vector<TimescaleRule> ProceedingRules(const Settings::Borough& borough) {
  return {{kPreProceedings, "Pre-proceedings decided", "pre-proceedings begun",
           Days(static_cast<int>(borough.child_in_need().pre_proceedings_days())),
           "Public Law Working Group, best practice guidance (16 weeks); days are the borough's"},
          kCareProceedings};
}

Proceeding StartPre(const pb::StartPreProceedingsRequest& request, const Step& step) {
  Proceeding proceeding;
  proceeding.set_state(Proceeding::STATE_PRE_PROCEEDINGS);
  proceeding.set_child(request.child());
  *proceeding.mutable_start_date() =
      DateToProto(DayOrToday(request.has_start_date(), request.start_date(), step.now));
  proceeding.set_concerns(request.concerns());
  proceeding.set_team(request.team());
  proceeding.set_worker(request.worker());
  return proceeding;
}

Proceeding IssueAtOnce(const pb::IssueWithoutPreProceedingsRequest& request, const Step& step) {
  Proceeding proceeding;
  proceeding.set_state(Proceeding::STATE_CARE_PROCEEDINGS);
  proceeding.set_child(request.child());
  proceeding.set_concerns(request.concerns());
  proceeding.set_team(request.team());
  proceeding.set_worker(request.worker());
  proceeding.set_court_reference(request.court_reference());
  GoToCourt(proceeding, DayOrToday(request.has_issue_date(), request.issue_date(), step.now));
  return proceeding;
}

absl::Status SendLetter(Proceeding& proceeding,
                        const pb::SendLetterBeforeProceedingsRequest& request, const Step& step) {
  RETURN_IF_ERROR(TakeStep(proceeding, "SendLetterBeforeProceedings"));
  const absl::CivilDay day = DayOrToday(request.has_letter_date(), request.letter_date(), step.now);
  if (day < *ProtoToDate(proceeding.start_date())) {
    return InvalidField("letter_date", "lies before the first day");
  }
  *proceeding.mutable_letter_date() = DateToProto(day);
  return absl::OkStatus();
}

absl::Status FamilyMeeting(Proceeding& proceeding, const pb::RecordFamilyMeetingRequest& request) {
  RETURN_IF_ERROR(TakeStep(proceeding, "RecordFamilyMeeting"));
  if (request.has_meeting_date() &&
      *ProtoToDate(request.meeting_date()) < *ProtoToDate(request.offer_date())) {
    return InvalidField("meeting_date", "lies before the offer");
  }
  *proceeding.mutable_family_meeting_offer_date() = request.offer_date();
  if (request.has_meeting_date()) {
    *proceeding.mutable_family_meeting_date() = request.meeting_date();
  }
  return absl::OkStatus();
}

absl::Status HoldMeeting(Proceeding& proceeding,
                         const pb::HoldPreProceedingsMeetingRequest& request, const Step& step) {
  RETURN_IF_ERROR(TakeStep(proceeding, "HoldPreProceedingsMeeting"));
  // Public law outline (Practice Direction 12A): the letter tells the parents of the meeting.
  if (!proceeding.has_letter_date()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "letter_sent", proceeding.name(),
                              "no letter before proceedings was sent");
  }
  const bool initial = proceeding.meetings().empty();
  const absl::CivilDay day = *ProtoToDate(request.meeting_date());
  if (initial ? day < *ProtoToDate(proceeding.letter_date())
              : day <= *ProtoToDate(proceeding.meetings().rbegin()->meeting_date())) {
    return InvalidField("meeting_date", "is not after what happened before");
  }
  pb::PreProceedingsMeeting& meeting = *proceeding.add_meetings();
  *meeting.mutable_meeting_date() = request.meeting_date();
  meeting.set_initial(initial);
  meeting.set_legal_advice(request.legal_advice());
  meeting.set_agreed(request.agreed());
  meeting.set_recorded_by(step.person);
  proceeding.set_review_meetings(proceeding.meetings_size() - 1);
  return absl::OkStatus();
}

absl::Status Decide(Proceeding& proceeding, const pb::DecidePreProceedingsRequest& request,
                    const Step& step) {
  const bool to_court = request.outcome() == pb::PRE_PROCEEDINGS_OUTCOME_ISSUE;
  RETURN_IF_ERROR(TakeStep(proceeding, to_court ? "DecidePreProceedings to court"
                                                : "DecidePreProceedings to step down"));
  const absl::CivilDay today = LondonDay(step.now);
  proceeding.set_outcome(request.outcome());
  *proceeding.mutable_decision_date() = DateToProto(today);
  proceeding.set_decided_by(step.person);
  proceeding.set_rationale(request.rationale());
  proceeding.set_pre_proceedings_days(DaysBetween(proceeding.start_date(), today));
  if (!to_court) *proceeding.mutable_end_date() = DateToProto(today);
  return absl::OkStatus();
}

absl::Status Issue(Proceeding& proceeding, const pb::IssueProceedingsRequest& request,
                   const Step& step) {
  RETURN_IF_ERROR(TakeStep(proceeding, "IssueProceedings"));
  const absl::CivilDay day = DayOrToday(request.has_issue_date(), request.issue_date(), step.now);
  const google::type::Date& before =
      proceeding.has_decision_date() ? proceeding.decision_date() : proceeding.start_date();
  if (day < *ProtoToDate(before)) {
    return InvalidField("issue_date", "lies before what was decided");
  }
  if (!proceeding.has_decision_date()) {
    proceeding.set_outcome(pb::PRE_PROCEEDINGS_OUTCOME_ISSUE);
    proceeding.set_pre_proceedings_days(DaysBetween(proceeding.start_date(), day));
  }
  proceeding.set_court_reference(request.court_reference());
  GoToCourt(proceeding, day);
  return absl::OkStatus();
}

absl::Status End(Proceeding& proceeding, const pb::EndProceedingsRequest& request,
                 const Step& step) {
  RETURN_IF_ERROR(TakeStep(proceeding, "EndProceedings"));
  const absl::CivilDay end = DayOrToday(request.has_end_date(), request.end_date(), step.now);
  if (end < *ProtoToDate(proceeding.issue_date())) {
    return InvalidField("end_date", "lies before the application to court");
  }
  const std::set<int> orders(request.orders().begin(), request.orders().end());
  if (orders.size() != static_cast<size_t>(request.orders_size())) {
    return InvalidField("orders", "an order occurs twice");
  }
  if (orders.size() > 1 && std::any_of(orders.begin(), orders.end(), StandsAlone)) {
    return InvalidField("orders", "NO_PUBLIC_LAW_ORDER and WITHDRAWN stand alone");
  }
  *proceeding.mutable_orders() = request.orders();
  *proceeding.mutable_end_date() = DateToProto(end);
  proceeding.set_court_days(DaysBetween(proceeding.issue_date(), end));
  proceeding.set_end_note(request.note());
  proceeding.clear_court_due_date();
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
