#include "child_protection/conference.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::Conference;

absl::Status TakeStep(Conference& conference, std::string_view verb) {
  ASSIGN_OR_RETURN(const Conference::State next,
                   Next(kConferenceTransitions, verb, conference.state(), conference.name()));
  conference.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(std::string_view rule, std::string_view subject,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, subject, description);
}

absl::CivilDay DayOf(const google::protobuf::Timestamp& time) {
  return LondonDay(*ProtoToTime(time));
}

bool FollowsEnquiry(Conference::Type type) {
  return type == Conference::TYPE_INITIAL || type == Conference::TYPE_PRE_BIRTH;
}

bool FollowsNotice(Conference::Type type) {
  return type == Conference::TYPE_TRANSFER_IN || type == Conference::TYPE_RECEIVING_IN;
}

// Collects what is wrong with a request.
struct Violations {
  std::vector<FieldViolation> found;
  void Need(bool met, const std::string& field, const char* description) {
    if (!met) found.push_back({field, description});
  }
  absl::Status ToStatus() const { return found.empty() ? absl::OkStatus() : InvalidFields(found); }
};

void CheckChild(const pb::ConveneConferenceRequest& request, int i, const ChildFacts& facts,
                Violations& violations) {
  const std::string child = absl::StrCat("children[", i, "]");
  const bool enquiry = !request.children(i).enquiry().empty();
  violations.Need(enquiry || !FollowsEnquiry(request.type()), child + ".enquiry",
                  "is required: the conference follows an enquiry");
  violations.Need(!enquiry || FollowsEnquiry(request.type()), child + ".enquiry",
                  "does not go with this kind of conference");
  violations.Need(request.type() != Conference::TYPE_PRE_BIRTH || !facts.birth_date, "type",
                  "a child is born already");
  const auto same = std::count_if(
      request.children().begin(), request.children().end(),
      [&](const auto& other) { return other.child() == request.children(i).child(); });
  violations.Need(same == 1, child + ".child", "occurs twice");
}

// Whether each child may be considered by such a conference now.
absl::Status AllowChild(Conference::Type type, const std::string& child, const ChildFacts& facts) {
  if (facts.convened) {
    return RuleNotMet("one_conference", child, "another conference is to consider the child");
  }
  if (type == Conference::TYPE_REVIEW) {
    if (facts.plan.empty()) return RuleNotMet("plan_to_review", child, "the child has no plan");
    return absl::OkStatus();
  }
  if (!facts.plan.empty()) {
    return RuleNotMet("no_plan_yet", child, "the child has a plan, which a review considers");
  }
  if (FollowsEnquiry(type) && !facts.enquiry_started) {
    return RuleNotMet("enquiry_asks", child, "the enquiry does not ask for a conference");
  }
  return absl::OkStatus();
}

// The day on which the clock of a child started.
absl::CivilDay StartOf(const pb::ConveneConferenceRequest& request, const ChildFacts& facts) {
  if (FollowsNotice(request.type())) return *ProtoToDate(request.notice_date());
  return FollowsEnquiry(request.type()) ? *facts.enquiry_started : *facts.last_conference;
}

// Working Together to Safeguard Children: a conference takes place when all can attend. It is never
// on a weekend or a bank holiday, nor later than due, without somebody saying why.
void CheckDay(absl::CivilDay day, absl::CivilDay due, std::string_view non_working_day_reason,
              std::string_view late_reason, Violations& violations) {
  violations.Need(WorkingDayCalendar().IsWorkingDay(day) || !non_working_day_reason.empty(),
                  "non_working_day_reason", "is required: the day is not a working day");
  violations.Need(day <= due || !late_reason.empty(), "late_reason",
                  "is required: the day is later than due");
}

pb::ConferenceChild ToConsider(const pb::ConveneConferenceRequest& request,
                               const pb::ConsideredChild& named, const ChildFacts& facts) {
  pb::ConferenceChild child;
  child.set_child(named.child());
  child.set_given_name(named.given_name());
  child.set_family_name(named.family_name());
  child.set_enquiry(named.enquiry());
  child.set_plan(facts.plan);
  const absl::CivilDay start = StartOf(request, facts);
  *child.mutable_start_date() = DateToProto(start);
  *child.mutable_due_date() = DateToProto(
      request.type() == Conference::TYPE_REVIEW ? *facts.review_due : ConferenceDue(start));
  return child;
}

absl::CivilDay Earliest(const Conference& conference,
                        const google::type::Date& (pb::ConferenceChild::*date)() const) {
  absl::CivilDay earliest = absl::CivilDay::max();
  for (const pb::ConferenceChild& child : conference.considered()) {
    earliest = std::min(earliest, *ProtoToDate((child.*date)()));
  }
  return earliest;
}

// SSDA903, participation: PN0 is for children under four.
bool IsUnderFour(const std::optional<absl::CivilDay>& birth_date, absl::CivilDay day) {
  if (!birth_date) return true;
  return absl::CivilDay(birth_date->year() + 4, birth_date->month(), birth_date->day()) > day;
}

void CheckParticipation(const Conference& conference, const pb::HoldConferenceRequest& request,
                        const std::vector<std::optional<absl::CivilDay>>& birth_dates,
                        Violations& violations) {
  const absl::CivilDay day = DayOf(request.hold_time());
  std::set<std::string> told;
  for (int i = 0; i < request.participation_size(); ++i) {
    const pb::ChildParticipation& part = request.participation(i);
    const std::string field = absl::StrCat("participation[", i, "]");
    const auto child =
        std::find(conference.children().begin(), conference.children().end(), part.child());
    violations.Need(child != conference.children().end() && told.insert(part.child()).second,
                    field + ".child", "is not one of the conference's children, or occurs twice");
    if (child == conference.children().end()) continue;
    const auto& born = birth_dates[child - conference.children().begin()];
    violations.Need(
        part.participation() != pb::PARTICIPATION_CODE_UNDER_FOUR || IsUnderFour(born, day),
        field + ".participation", "the child is four or older");
  }
  violations.Need(told.size() == static_cast<size_t>(conference.children_size()), "participation",
                  "a child is missing");
}

pb::ConferenceChild* Find(Conference& conference, std::string_view child) {
  for (pb::ConferenceChild& entry : *conference.mutable_considered()) {
    if (entry.child() == child) return &entry;
  }
  return nullptr;
}

void CheckDecision(const pb::ChildDecision& decision, bool review, const std::string& field,
                   Violations& violations) {
  const bool reviews = decision.decision() == pb::CONFERENCE_DECISION_CONTINUE ||
                       decision.decision() == pb::CONFERENCE_DECISION_END;
  violations.Need(reviews == review, field + ".decision",
                  review ? "a review has a plan go on or end" : "there is no plan to go on or end");
  const bool category = decision.category() != pb::PLAN_CATEGORY_UNSPECIFIED;
  violations.Need(category || decision.decision() != pb::CONFERENCE_DECISION_PLAN,
                  field + ".category", "is required with PLAN");
  violations.Need(!category || decision.decision() == pb::CONFERENCE_DECISION_PLAN ||
                      decision.decision() == pb::CONFERENCE_DECISION_CONTINUE,
                  field + ".category", "there is no plan to have a category");
  const bool destination = decision.destination() != pb::PLAN_DESTINATION_UNSPECIFIED;
  violations.Need(destination == (decision.decision() == pb::CONFERENCE_DECISION_END),
                  field + ".destination", "is required with END, and only then");
}

absl::Status CheckDecisions(Conference& conference, const pb::DecideConferenceRequest& request,
                            const std::vector<pb::Invitation>& invitations) {
  Violations violations;
  std::set<std::string> told;
  for (int i = 0; i < request.decisions_size(); ++i) {
    const std::string field = absl::StrCat("decisions[", i, "]");
    const std::string& child = request.decisions(i).child();
    violations.Need(Find(conference, child) != nullptr && told.insert(child).second,
                    field + ".child", "is not one of the conference's children, or occurs twice");
    CheckDecision(request.decisions(i), conference.type() == Conference::TYPE_REVIEW, field,
                  violations);
  }
  violations.Need(told.size() == static_cast<size_t>(conference.considered_size()), "decisions",
                  "a child is missing");
  for (int i = 0; i < request.dissents_size(); ++i) {
    violations.Need(std::any_of(invitations.begin(), invitations.end(),
                                [&](const pb::Invitation& invitation) {
                                  return invitation.attended() &&
                                         invitation.agency() == request.dissents(i).agency();
                                }),
                    absl::StrCat("dissents[", i, "].agency"), "did not attend");
  }
  return violations.ToStatus();
}

}  // namespace

absl::CivilDay ConferenceDue(absl::CivilDay start) {
  // Working Together to Safeguard Children: within 15 working days of the strategy discussion at
  // which the enquiry was begun; London procedures: of the notice of a transfer.
  return WorkingDayCalendar().Add(start, kTransferConference.due_after.count);
}

absl::StatusOr<Conference> Convene(const pb::ConveneConferenceRequest& request,
                                   const std::vector<ChildFacts>& facts) {
  Violations violations;
  for (int i = 0; i < request.children_size(); ++i) CheckChild(request, i, facts[i], violations);
  violations.Need(request.has_notice_date() == FollowsNotice(request.type()), "notice_date",
                  "is required after a notice of transfer, and only then");
  RETURN_IF_ERROR(violations.ToStatus());
  // Working Together to Safeguard Children: the chair is independent of the case and of its line
  // of management.
  if (!request.worker().empty() && request.chair() == request.worker()) {
    return RuleNotMet("independent_chair", request.parent(), "the chair works with the family");
  }
  Conference conference;
  RETURN_IF_ERROR(TakeStep(conference, "ConveneConference"));
  conference.set_type(request.type());
  for (int i = 0; i < request.children_size(); ++i) {
    RETURN_IF_ERROR(AllowChild(request.type(), request.children(i).child(), facts[i]));
    conference.add_children(request.children(i).child());
    *conference.add_considered() = ToConsider(request, request.children(i), facts[i]);
  }
  const absl::CivilDay due = Earliest(conference, &pb::ConferenceChild::due_date);
  const absl::CivilDay day = DayOf(request.plan_time());
  CheckDay(day, due, request.non_working_day_reason(), request.late_reason(), violations);
  violations.Need(day >= Earliest(conference, &pb::ConferenceChild::start_date), "plan_time",
                  "lies before the clock started");
  RETURN_IF_ERROR(violations.ToStatus());
  *conference.mutable_plan_time() = request.plan_time();
  conference.set_place(request.place());
  *conference.mutable_due_date() = DateToProto(due);
  if (request.has_notice_date()) *conference.mutable_notice_date() = request.notice_date();
  conference.set_non_working_day_reason(request.non_working_day_reason());
  conference.set_late_reason(request.late_reason());
  conference.set_chair(request.chair());
  conference.set_team(request.team());
  conference.set_worker(request.worker());
  return conference;
}

absl::Status AllowInvitations(const Conference& conference, std::string_view verb) {
  return Next(kConferenceTransitions, verb, conference.state(), conference.name()).status();
}

absl::Status Reschedule(Conference& conference, const pb::RescheduleConferenceRequest& request) {
  RETURN_IF_ERROR(TakeStep(conference, "RescheduleConference"));
  Violations violations;
  CheckDay(DayOf(request.plan_time()), *ProtoToDate(conference.due_date()),
           request.non_working_day_reason(), request.late_reason(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  *conference.mutable_plan_time() = request.plan_time();
  if (!request.place().empty()) conference.set_place(request.place());
  conference.set_reschedule_reason(request.reason());
  conference.set_non_working_day_reason(request.non_working_day_reason());
  conference.set_late_reason(request.late_reason());
  return absl::OkStatus();
}

bool IsQuorate(const std::vector<pb::Invitation>& invitations) {
  bool social_care = false;
  std::set<std::string> others;
  for (const pb::Invitation& invitation : invitations) {
    if (!invitation.attended()) continue;
    if (invitation.kind() == pb::AGENCY_KIND_SOCIAL_CARE) {
      social_care = true;
    } else if (invitation.direct_contact()) {
      others.insert(invitation.agency());
    }
  }
  return social_care && others.size() >= 2;
}

absl::Status Hold(Conference& conference, const pb::HoldConferenceRequest& request,
                  const std::vector<std::optional<absl::CivilDay>>& birth_dates,
                  const std::vector<pb::Invitation>& invitations) {
  RETURN_IF_ERROR(TakeStep(conference, "HoldConference"));
  const absl::CivilDay day = DayOf(request.hold_time());
  const absl::CivilDay due = *ProtoToDate(conference.due_date());
  const absl::CivilDay start = Earliest(conference, &pb::ConferenceChild::start_date);
  Violations violations;
  violations.Need(day >= start, "hold_time", "lies before the clock started");
  CheckParticipation(conference, request, birth_dates, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const auto keep = [](const std::string& given, std::string* reason) {
    if (!given.empty()) *reason = given;
  };
  keep(request.non_working_day_reason(), conference.mutable_non_working_day_reason());
  keep(request.late_reason(), conference.mutable_late_reason());
  conference.set_quorate(IsQuorate(invitations));
  conference.set_inquorate_reason(conference.quorate() ? "" : request.inquorate_reason());
  if (!conference.quorate() && conference.inquorate_reason().empty()) {
    return RuleNotMet("quorate", conference.name(),
                      "social care and two other agencies with direct contact did not all attend");
  }
  if (!WorkingDayCalendar().IsWorkingDay(day) && conference.non_working_day_reason().empty()) {
    return RuleNotMet("working_day", conference.name(), "it was not held on a working day");
  }
  conference.set_in_time(day <= due);
  if (!conference.in_time() && conference.late_reason().empty()) {
    return RuleNotMet("delay_explained", conference.name(), "it was later than due");
  }
  for (const pb::ChildParticipation& part : request.participation()) {
    pb::ConferenceChild& child = *Find(conference, part.child());
    child.set_participation(part.participation());
    child.set_views(part.views());
    child.set_parents_attended(part.parents_attended());
  }
  *conference.mutable_hold_time() = request.hold_time();
  conference.set_working_days(WorkingDayCalendar().Between(start, day));
  return absl::OkStatus();
}

absl::Status Decide(Conference& conference, const pb::DecideConferenceRequest& request,
                    const std::vector<pb::Invitation>& invitations, const Step& step) {
  RETURN_IF_ERROR(TakeStep(conference, "DecideConference"));
  RETURN_IF_ERROR(CheckDecisions(conference, request, invitations));
  for (const pb::ChildDecision& decision : request.decisions()) {
    pb::ConferenceChild& child = *Find(conference, decision.child());
    child.set_decision(decision.decision());
    child.set_category(decision.category());
    child.set_rationale(decision.rationale());
  }
  *conference.mutable_dissents() = request.dissents();
  *conference.mutable_decide_time() = TimeToProto(step.now);
  conference.set_decided_by(step.person);
  return absl::OkStatus();
}

const pb::ChildDecision* DecisionOf(const pb::DecideConferenceRequest& request,
                                    std::string_view child) {
  for (const pb::ChildDecision& decision : request.decisions()) {
    if (decision.child() == child) return &decision;
  }
  return nullptr;
}

absl::Status Cancel(Conference& conference, const pb::CancelConferenceRequest& request) {
  RETURN_IF_ERROR(TakeStep(conference, "CancelConference"));
  conference.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
