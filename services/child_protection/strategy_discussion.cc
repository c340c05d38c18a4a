#include "child_protection/strategy_discussion.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::StrategyDiscussion;
using pb::StrategyParticipant;

// Working Together to Safeguard Children 2023, chapter 3: a social worker, health practitioners and
// a police representative should be involved, as a minimum.
constexpr pb::AgencyKind kMustBeThere[] = {pb::AGENCY_KIND_SOCIAL_CARE, pb::AGENCY_KIND_POLICE,
                                           pb::AGENCY_KIND_HEALTH};

absl::Status TakeStep(StrategyDiscussion& discussion, std::string_view verb) {
  ASSIGN_OR_RETURN(
      const StrategyDiscussion::State next,
      Next(kStrategyDiscussionTransitions, verb, discussion.state(), discussion.name()));
  discussion.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const StrategyDiscussion& discussion, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, discussion.name(),
                            description);
}

void StartClock(StrategyDiscussion& discussion, absl::Time requested,
                const Settings::Borough& borough) {
  *discussion.mutable_request_time() = TimeToProto(requested);
  *discussion.mutable_due_time() =
      TimeToProto(DueAt(requested, RuleOf(discussion, borough).due_after, WorkingDayCalendar()));
}

// Two entries that mean one agency: the same id, or the same kind where one of them has no id.
bool IsSame(const StrategyParticipant& a, const StrategyParticipant& b) {
  if (!a.agency().empty() && !b.agency().empty()) return a.agency() == b.agency();
  return a.kind() == b.kind();
}

// The entry of the agency among the participants, added if there is none.
StrategyParticipant& EntryOf(StrategyDiscussion& discussion, const StrategyParticipant& agency) {
  auto& all = *discussion.mutable_participants();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& p) { return IsSame(p, agency); });
  StrategyParticipant& entry = found == all.end() ? *all.Add() : *found;
  entry.set_kind(agency.kind());
  if (!agency.agency().empty()) entry.set_agency(agency.agency());
  return entry;
}

bool WasThere(const StrategyDiscussion& discussion, pb::AgencyKind kind) {
  return std::any_of(discussion.participants().begin(), discussion.participants().end(),
                     [kind](const StrategyParticipant& p) {
                       return p.kind() == kind && (p.attended() || p.sent_information());
                     });
}

absl::Status CheckHeldWithAll(const StrategyDiscussion& discussion) {
  for (const pb::AgencyKind kind : kMustBeThere) {
    if (WasThere(discussion, kind) || !discussion.absence_reason().empty()) continue;
    return RuleNotMet(discussion, "minimum_agencies",
                      "social care, police and health must each take part or send information, "
                      "unless absence_reason says why not");
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<TimescaleRule> StrategyDiscussionRules(const Settings::Borough& borough) {
  return {
      {"strategy_discussion_urgent", "Urgent strategy discussion held",
       "strategy discussion requested", Days(0),
       "London safeguarding children procedures, part A: the same day where a child may be in "
       "danger"},
      {"strategy_discussion", "Strategy discussion held", "strategy discussion requested",
       WorkingDays(static_cast<int>(borough.strategy_discussion_working_days())),
       "London safeguarding children procedures, part A: three working days; days are the "
       "borough's"},
  };
}

TimescaleRule RuleOf(const StrategyDiscussion& discussion, const Settings::Borough& borough) {
  return StrategyDiscussionRules(borough)[discussion.urgent() ? 0 : 1];
}

absl::StatusOr<StrategyDiscussion> OpenDiscussion(const pb::OpenStrategyDiscussionRequest& request,
                                                  const Step& step,
                                                  const Settings::Borough& borough) {
  if (request.high_risk_missing_from_care() && request.reason() != pb::STRATEGY_REASON_MISSING) {
    return InvalidField("high_risk_missing_from_care", "is for reason MISSING only");
  }
  if (request.requester() == pb::STRATEGY_REQUESTER_FRONT_DOOR) {
    return InvalidField("requester", "the front door asks by its own decision");
  }
  StrategyDiscussion discussion;
  RETURN_IF_ERROR(TakeStep(discussion, "OpenStrategyDiscussion"));
  discussion.set_requester(request.requester());
  const std::set<std::string> children(request.children().begin(), request.children().end());
  discussion.mutable_children()->Assign(children.begin(), children.end());
  discussion.set_requesting_agency(step.agency);
  discussion.set_requested_by(step.person);
  discussion.set_referral(request.referral());
  discussion.set_reason(request.reason());
  discussion.set_concerns(request.concerns());
  discussion.set_urgent(request.urgent());
  // Practice where a child is missing from care: whoever answers for the placement does not chair.
  discussion.set_independent_chair_required(request.high_risk_missing_from_care());
  discussion.set_team(request.team());
  StartClock(discussion,
             request.has_request_time() ? *ProtoToTime(request.request_time()) : step.now, borough);
  return discussion;
}

StrategyDiscussion OpenDiscussion(
    const safeguarding::referrals::v1::StrategyDiscussionRequested& request,
    const Settings::Borough& borough) {
  StrategyDiscussion discussion;
  discussion.set_state(StrategyDiscussion::STATE_OPEN);
  discussion.add_children(request.child());
  discussion.set_requester(pb::STRATEGY_REQUESTER_FRONT_DOOR);
  discussion.set_requested_by(request.requested_by());
  discussion.set_referral(request.referral());
  discussion.set_assessment(request.assessment());
  discussion.set_reason(pb::STRATEGY_REASON_HARM);
  discussion.set_urgent(request.immediate_danger());
  discussion.set_team(request.team());
  // Those that know something are asked to come; of which kind they are is said when they do.
  for (const std::string& agency : request.agencies()) {
    StrategyParticipant& participant = *discussion.add_participants();
    participant.set_agency(agency);
    participant.set_invited(true);
  }
  StartClock(discussion, *ProtoToTime(request.request_time()), borough);
  return discussion;
}

absl::Status AddChildren(StrategyDiscussion& discussion, const pb::AddChildrenRequest& request) {
  RETURN_IF_ERROR(TakeStep(discussion, "AddChildren"));
  std::set<std::string> children(discussion.children().begin(), discussion.children().end());
  children.insert(request.children().begin(), request.children().end());
  discussion.mutable_children()->Assign(children.begin(), children.end());
  return absl::OkStatus();
}

absl::Status Invite(StrategyDiscussion& discussion, const pb::InviteAgenciesRequest& request) {
  RETURN_IF_ERROR(TakeStep(discussion, "InviteAgencies"));
  for (const StrategyParticipant& agency : request.agencies()) {
    EntryOf(discussion, agency).set_invited(true);
  }
  return absl::OkStatus();
}

absl::Status Hold(StrategyDiscussion& discussion, const pb::HoldStrategyDiscussionRequest& request,
                  const Step& step) {
  RETURN_IF_ERROR(TakeStep(discussion, "HoldStrategyDiscussion"));
  const absl::Time held = request.has_hold_time() ? *ProtoToTime(request.hold_time()) : step.now;
  if (held < *ProtoToTime(discussion.request_time())) {
    return InvalidField("hold_time", "lies before it was asked for");
  }
  for (int i = 0; i < request.participants_size(); ++i) {
    const StrategyParticipant& agency = request.participants(i);
    if (!agency.attended() && !agency.sent_information()) {
      return InvalidField(absl::StrCat("participants[", i, "]"),
                          "neither took part nor sent information");
    }
    StrategyParticipant& entry = EntryOf(discussion, agency);
    entry.set_attended(agency.attended());
    entry.set_sent_information(agency.sent_information());
  }
  discussion.set_absence_reason(request.absence_reason());
  RETURN_IF_ERROR(CheckHeldWithAll(discussion));
  if (discussion.independent_chair_required() && !request.chair_independent()) {
    return RuleNotMet(discussion, "independent_chair",
                      "the child is missing from care and at high risk: the chair must be "
                      "independent of the management of the case");
  }
  *discussion.mutable_hold_time() = TimeToProto(held);
  discussion.set_chair(request.chair());
  discussion.set_chair_independent(request.chair_independent());
  discussion.set_information_shared(request.information_shared());
  return absl::OkStatus();
}

absl::Status Decide(StrategyDiscussion& discussion,
                    const pb::DecideStrategyDiscussionRequest& request, const Step& step) {
  RETURN_IF_ERROR(TakeStep(discussion, "DecideStrategyDiscussion"));
  std::set<std::string> open(discussion.children().begin(), discussion.children().end());
  for (int i = 0; i < request.decisions_size(); ++i) {
    if (open.erase(request.decisions(i).child()) == 0) {
      return InvalidField(absl::StrCat("decisions[", i, "].child"),
                          "is no child of the strategy discussion, or decided twice");
    }
  }
  if (!open.empty()) return InvalidField("decisions", "must have one for each child");
  for (const pb::StrategyDecision& decision : request.decisions()) {
    pb::StrategyDecision& kept = *discussion.add_decisions();
    kept.set_child(decision.child());
    kept.set_outcome(decision.outcome());
  }
  discussion.set_rationale(request.rationale());
  discussion.set_immediate_actions(request.immediate_actions());
  discussion.set_manager(step.person);
  *discussion.mutable_decide_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status Cancel(StrategyDiscussion& discussion,
                    const pb::CancelStrategyDiscussionRequest& request) {
  RETURN_IF_ERROR(TakeStep(discussion, "CancelStrategyDiscussion"));
  discussion.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

bool LeadsToEnquiry(pb::StrategyOutcome outcome) {
  return outcome == pb::STRATEGY_OUTCOME_SECTION_47_JOINT ||
         outcome == pb::STRATEGY_OUTCOME_SECTION_47_SINGLE_AGENCY;
}

}  // namespace lscp::child_protection
