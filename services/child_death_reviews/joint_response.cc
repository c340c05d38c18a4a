#include "child_death_reviews/joint_response.h"

#include <vector>

#include "child_death_reviews/criteria.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::JointResponse;

constexpr pb::ResponderKind kNeeded[] = {pb::RESPONDER_KIND_HEALTH, pb::RESPONDER_KIND_POLICE,
                                         pb::RESPONDER_KIND_SOCIAL_CARE};

absl::Status TakeStep(JointResponse& response, std::string_view verb) {
  ASSIGN_OR_RETURN(const JointResponse::State next,
                   Next(kJointResponseTransitions, verb, response.state(), response.name()));
  response.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const JointResponse& response, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, response.name(), description);
}

// What the particulars already say of a criterion; nothing where they leave it open.
std::optional<bool> Known(pb::JointResponseCriterion criterion,
                          const pb::Particulars& particulars) {
  switch (criterion) {
    case pb::JOINT_RESPONSE_CRITERION_CUSTODY:
      if (particulars.death_place_kind() == pb::PLACE_KIND_CUSTODY) return true;
      return std::nullopt;
    case pb::JOINT_RESPONSE_CRITERION_UNATTENDED_STILLBIRTH:
      if (particulars.birth() == pb::BIRTH_KIND_UNSPECIFIED) return std::nullopt;
      return particulars.birth() == pb::BIRTH_KIND_STILLBIRTH_UNATTENDED;
    default:
      return std::nullopt;
  }
}

// Each criterion is there once and agrees with what is known.
absl::Status CheckKnown(const pb::DecideJointResponseRequest& request,
                        const pb::Particulars& particulars) {
  return CheckCriteria(request.criteria(), "contradicts the particulars of the death",
                       [&](const pb::CriterionFinding& finding) {
                         const auto known = Known(finding.criterion(), particulars);
                         return known && *known != finding.met();
                       });
}

pb::SiblingsDecision DecisionOf(
    safeguarding::child_protection::v1::SiblingReferralOutcome outcome) {
  switch (outcome) {
    case safeguarding::child_protection::v1::SIBLING_REFERRAL_OUTCOME_STRATEGY_DISCUSSION:
      return pb::SIBLINGS_DECISION_STRATEGY_DISCUSSION;
    case safeguarding::child_protection::v1::SIBLING_REFERRAL_OUTCOME_FRONT_DOOR:
      return pb::SIBLINGS_DECISION_FRONT_DOOR;
    case safeguarding::child_protection::v1::SIBLING_REFERRAL_OUTCOME_ALREADY_KNOWN:
      return pb::SIBLINGS_DECISION_ALREADY_KNOWN;
    case safeguarding::child_protection::v1::SIBLING_REFERRAL_OUTCOME_NO_FURTHER_ACTION:
      return pb::SIBLINGS_DECISION_NO_FURTHER_ACTION;
    default:
      return pb::SIBLINGS_DECISION_UNSPECIFIED;  // of a newer sender; that it was decided is told
  }
}

bool TakesPart(const pb::PlanningMeeting& meeting, pb::ResponderKind kind) {
  for (const pb::Responder& responder : meeting.responders()) {
    if (responder.kind() == kind && (responder.took_part() || responder.informed())) return true;
  }
  return false;
}

absl::CivilDay DayOfDeath(const pb::Particulars& particulars) {
  return *ProtoToDate(particulars.death_date());
}

}  // namespace

TimescaleRule JointDecisionRule(const Settings::Borough& borough) {
  return {kJointDecision, "Joint agency response decided", "first notification of the death",
          Hours(static_cast<int>(borough.joint_decision_hours())),
          "Child Death Review: statutory and operational guidance 2018, "
          "chapter 2; hours by the "
          "area's setting"};
}

TimescaleRule PlanningMeetingRule(const Settings::Borough& borough) {
  return {kPlanningMeeting, "Initial information-sharing and planning meeting held",
          "joint agency response decided",
          Hours(static_cast<int>(borough.planning_meeting_hours())),
          "Child Death Review: statutory and operational guidance 2018, "
          "chapter 3; hours by the "
          "area's setting"};
}

std::string NameOfPart(std::string_view review, std::string_view collection) {
  ResourceName name = *ResourceName::Parse(review);
  name.collection = std::string(collection);
  return name.ToString();
}

JointResponse BeginJointResponse(const pb::DeathReview& review, absl::Time now) {
  JointResponse response;
  response.set_name(NameOfPart(review.name(), "jointResponses"));
  response.set_state(JointResponse::STATE_UNDECIDED);
  response.set_death_review(review.name());
  *response.mutable_begin_time() = TimeToProto(now);
  return response;
}

// Statutory guidance, chapter 2: one criterion that is met requires a joint agency response.
absl::Status Decide(JointResponse& response, const pb::DecideJointResponseRequest& request,
                    const pb::Particulars& particulars, const Step& step) {
  bool met = false;
  for (const pb::CriterionFinding& finding : request.criteria()) met |= finding.met();
  RETURN_IF_ERROR(
      TakeStep(response, met ? "DecideJointResponse met" : "DecideJointResponse not met"));
  RETURN_IF_ERROR(CheckKnown(request, particulars));
  *response.mutable_criteria() = request.criteria();
  response.set_decided_by(step.person);
  *response.mutable_decide_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

// Statutory guidance, chapter 3: health, the police and social care plan together.
absl::Status HoldMeeting(JointResponse& response, const pb::HoldPlanningMeetingRequest& request,
                         absl::Time first_notice) {
  RETURN_IF_ERROR(TakeStep(response, "HoldPlanningMeeting"));
  if (response.has_planning_meeting()) {
    return RuleNotMet(response, "one_planning_meeting", "it was held already");
  }
  const pb::PlanningMeeting& meeting = request.planning_meeting();
  if (*ProtoToTime(meeting.hold_time()) < first_notice) {
    return InvalidField("planning_meeting.hold_time", "lies before the first notification");
  }
  for (const pb::ResponderKind kind : kNeeded) {
    if (!TakesPart(meeting, kind) && meeting.absence_reason().empty()) {
      return RuleNotMet(response, "planning_meeting_quorate",
                        "health, the police and social care take part or inform; else "
                        "absence_reason says why not");
    }
  }
  *response.mutable_planning_meeting() = meeting;
  return absl::OkStatus();
}

absl::Status Visit(JointResponse& response, const pb::RecordSceneVisitRequest& request,
                   const pb::Particulars& particulars) {
  RETURN_IF_ERROR(TakeStep(response, "RecordSceneVisit"));
  if (LondonDay(*ProtoToTime(request.visit().visit_time())) < DayOfDeath(particulars)) {
    return InvalidField("visit.visit_time", "lies before the death");
  }
  *response.add_visits() = request.visit();
  return absl::OkStatus();
}

absl::Status RecordCoroner(JointResponse& response, const pb::RecordCoronerRequest& request,
                           const pb::Particulars& particulars) {
  const pb::Coroner& coroner = request.coroner();
  std::vector<FieldViolation> violations;
  const absl::CivilDay told = *ProtoToDate(coroner.refer_date());
  if (told < DayOfDeath(particulars)) {
    violations.push_back({"coroner.refer_date", "lies before the death"});
  }
  const auto need = [&](bool given, const google::type::Date& date, absl::CivilDay from,
                        const char* field, const char* what) {
    if (given && *ProtoToDate(date) < from) violations.push_back({field, what});
  };
  need(coroner.has_post_mortem_date(), coroner.post_mortem_date(), DayOfDeath(particulars),
       "coroner.post_mortem_date", "lies before the death");
  need(coroner.has_inquest_open_date(), coroner.inquest_open_date(), told,
       "coroner.inquest_open_date", "lies before the coroner was told");
  need(coroner.has_conclude_date(), coroner.conclude_date(), told, "coroner.conclude_date",
       "lies before the coroner was told");
  if (!violations.empty()) return InvalidFields(violations);
  *response.mutable_coroner() = coroner;
  return absl::OkStatus();
}

absl::Status Register(JointResponse& response, const pb::RecordRegistrationRequest& request,
                      const pb::Particulars& particulars) {
  if (*ProtoToDate(request.registration().register_date()) < DayOfDeath(particulars)) {
    return InvalidField("registration.register_date", "lies before the death");
  }
  *response.mutable_registration() = request.registration();
  return absl::OkStatus();
}

absl::Status ReferSiblings(JointResponse& response, const pb::ReferSiblingsRequest& request,
                           const Step& step) {
  if (response.has_siblings_referral()) {
    return RuleNotMet(response, "one_siblings_referral", "they were referred already");
  }
  pb::SiblingsReferral& referral = *response.mutable_siblings_referral();
  referral = request.siblings_referral();
  referral.clear_decision();  // is social care's to say
  referral.clear_decide_time();
  referral.set_person(step.person);
  *referral.mutable_refer_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

bool KeepDecision(JointResponse& response,
                  const safeguarding::child_protection::v1::SiblingReferralDecided& decided) {
  if (!response.has_siblings_referral()) return false;
  pb::SiblingsReferral& referral = *response.mutable_siblings_referral();
  if (referral.has_decide_time()) return false;
  referral.set_decision(DecisionOf(decided.outcome()));
  *referral.mutable_decide_time() = decided.decide_time();
  return true;
}

absl::Status Complete(JointResponse& response, const pb::CompleteJointResponseRequest& request,
                      absl::Time now) {
  RETURN_IF_ERROR(TakeStep(response, "CompleteJointResponse"));
  if (!response.has_planning_meeting()) {
    return RuleNotMet(response, "planning_meeting_held", "the planning meeting was not held");
  }
  if (response.visits().empty() && request.no_visit_reason().empty()) {
    return RuleNotMet(response, "visited", "nobody visited: no_visit_reason must say why");
  }
  // What requires a joint agency response is reported to the coroner as well.
  if (!response.has_coroner()) {
    return RuleNotMet(response, "coroner_told", "the coroner was not told");
  }
  if (response.visits().empty()) response.set_no_visit_reason(request.no_visit_reason());
  *response.mutable_complete_time() = TimeToProto(now);
  return absl::OkStatus();
}

void ClearForList(JointResponse& response) {
  response.clear_criteria();
  response.clear_planning_meeting();
  response.clear_visits();
  response.clear_coroner();
  response.clear_registration();
  response.clear_siblings_referral();
  response.clear_no_visit_reason();
}

}  // namespace lscp::child_death_reviews
