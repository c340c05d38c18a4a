#include "child_death_reviews/serious_incident.h"

#include "absl/status/statusor.h"
#include "child_death_reviews/criteria.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/days.h"

namespace lscp::child_death_reviews {
namespace {

using pb::SeriousIncident;

constexpr pb::SafeguardingPartner kPartners[] = {pb::SAFEGUARDING_PARTNER_LOCAL_AUTHORITY,
                                                 pb::SAFEGUARDING_PARTNER_POLICE,
                                                 pb::SAFEGUARDING_PARTNER_HEALTH};

bool IsDeath(pb::IncidentKind kind) {
  return kind == pb::INCIDENT_KIND_DEATH || kind == pb::INCIDENT_KIND_DEATH_IN_CARE ||
         kind == pb::INCIDENT_KIND_DEATH_OF_CARE_LEAVER;
}

// Request: of RecordSeriousIncident or CorrectSeriousIncident.
template <typename Request>
absl::Status SetFacts(SeriousIncident& incident, const Request& request) {
  if (*ProtoToDate(request.aware_date()) < *ProtoToDate(request.incident_date())) {
    return InvalidField("aware_date", "lies before the incident");
  }
  incident.set_kind(request.kind());
  incident.set_place(request.place());
  *incident.mutable_incident_date() = request.incident_date();
  *incident.mutable_aware_date() = request.aware_date();
  *incident.mutable_children() = request.children();
  incident.set_summary(request.summary());
  return absl::OkStatus();
}

// What the record of the incident already says of a criterion; nothing where it leaves it open.
std::optional<bool> Known(const SeriousIncident& incident, pb::NotificationCriterion criterion) {
  const pb::IncidentKind kind = incident.kind();
  const bool by_abuse = kind == pb::INCIDENT_KIND_DEATH || kind == pb::INCIDENT_KIND_SERIOUS_HARM;
  switch (criterion) {
    case pb::NOTIFICATION_CRITERION_ABUSE:
      if (by_abuse) return true;
      return std::nullopt;
    case pb::NOTIFICATION_CRITERION_DEATH_OR_SERIOUS_HARM:
      if (by_abuse || IsDeath(kind)) return true;
      return std::nullopt;
    case pb::NOTIFICATION_CRITERION_RESPONSIBLE_AREA:
      return incident.place() != pb::INCIDENT_PLACE_ELSEWHERE;
    case pb::NOTIFICATION_CRITERION_DEATH_IN_CARE:
      if (kind == pb::INCIDENT_KIND_DEATH_IN_CARE) return true;
      return IsDeath(kind) ? std::nullopt : std::optional<bool>(false);
    case pb::NOTIFICATION_CRITERION_DEATH_OF_CARE_LEAVER:
      if (kind == pb::INCIDENT_KIND_DEATH_OF_CARE_LEAVER) return true;
      return IsDeath(kind) ? std::nullopt : std::optional<bool>(false);
    default:
      return std::nullopt;
  }
}

using Findings = google::protobuf::RepeatedPtrField<pb::NotificationFinding>;

bool Contradicts(const SeriousIncident& incident, const pb::NotificationFinding& finding) {
  const auto known = Known(incident, finding.criterion());
  return known && *known != finding.met();
}

absl::Status CheckFindings(const SeriousIncident& incident, const Findings& criteria) {
  return CheckCriteria(
      criteria, "contradicts what is known of the incident",
      [&](const pb::NotificationFinding& finding) { return Contradicts(incident, finding); });
}

// Children Act 2004, section 16C(1): abuse or neglect, and death or serious harm, in the area, or
// outside England to a child of the area.
bool IsSerious(const Findings& criteria) {
  return IsMet(criteria, pb::NOTIFICATION_CRITERION_ABUSE) &&
         IsMet(criteria, pb::NOTIFICATION_CRITERION_DEATH_OR_SERIOUS_HARM) &&
         IsMet(criteria, pb::NOTIFICATION_CRITERION_RESPONSIBLE_AREA);
}

// Working Together 2023, chapter 5: deaths in care and of care leavers are notified in any case.
bool IsNotifiable(const Findings& criteria) {
  return IsSerious(criteria) || IsMet(criteria, pb::NOTIFICATION_CRITERION_DEATH_IN_CARE) ||
         IsMet(criteria, pb::NOTIFICATION_CRITERION_DEATH_OF_CARE_LEAVER);
}

bool TakesPart(const pb::RapidReview& review, pb::SafeguardingPartner partner) {
  for (const pb::ReviewParticipant& participant : review.participants()) {
    if (participant.partner() == partner && (participant.took_part() || participant.informed())) {
      return true;
    }
  }
  return false;
}

}  // namespace

TimescaleRule IncidentNotificationRule() {
  return {kIncidentNotification, "National panel notified of a serious incident",
          "local authority aware of the incident", WorkingDays(5),
          "Children Act 2004, section 16C; Working Together 2023, chapter 5"};
}

TimescaleRule RapidReviewRule() {
  return {kRapidReview, "Rapid review completed", "local authority aware of the incident",
          WorkingDays(15), "Working Together 2023, chapter 5"};
}

absl::CivilDay DueDay(const TimescaleRule& rule, absl::CivilDay aware) {
  return LastDayOf(DueAt(StartOfDay(aware), rule.due_after, WorkingDayCalendar()));
}

bool NeedsRapidReview(const SeriousIncident& incident) {
  return IsSerious(incident.notification_criteria());
}

absl::Status TakeIncidentStep(SeriousIncident& incident, std::string_view verb) {
  ASSIGN_OR_RETURN(const SeriousIncident::State next,
                   Next(kSeriousIncidentTransitions, verb, incident.state(), incident.name()));
  incident.set_state(next);
  return absl::OkStatus();
}

absl::Status IncidentRuleNotMet(const SeriousIncident& incident, std::string_view rule,
                                std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, incident.name(), description);
}

absl::StatusOr<SeriousIncident> Record(const pb::RecordSeriousIncidentRequest& request,
                                       const Step& step) {
  SeriousIncident incident;
  RETURN_IF_ERROR(SetFacts(incident, request));
  if (!request.death_review().empty() && !IsDeath(request.kind())) {
    return InvalidField("death_review", "is given for a death only");
  }
  incident.set_state(SeriousIncident::STATE_RECORDED);
  incident.set_death_review(request.death_review());
  incident.set_lead(step.person);
  return incident;
}

absl::Status Correct(SeriousIncident& incident, const pb::CorrectSeriousIncidentRequest& request) {
  RETURN_IF_ERROR(TakeIncidentStep(incident, "CorrectSeriousIncident"));
  if (incident.has_notify_date() &&
      *ProtoToDate(incident.notify_date()) < *ProtoToDate(request.aware_date())) {
    return InvalidField("aware_date", "lies after the notification");
  }
  RETURN_IF_ERROR(SetFacts(incident, request));
  if (!incident.death_review().empty() && !IsDeath(incident.kind())) {
    return InvalidField("kind", "is no death, and the incident is linked to a death review");
  }
  for (const pb::NotificationFinding& finding : incident.notification_criteria()) {
    if (incident.has_notify_date() && Contradicts(incident, finding)) {
      return InvalidField("kind", "contradicts, or the place does, why it was notified");
    }
  }
  return absl::OkStatus();
}

absl::Status NotifyPanel(SeriousIncident& incident, const pb::NotifyNationalPanelRequest& request,
                         absl::Time now) {
  RETURN_IF_ERROR(TakeIncidentStep(incident, "NotifyNationalPanel"));
  RETURN_IF_ERROR(CheckFindings(incident, request.criteria()));
  const absl::CivilDay day = DayOrToday(request.has_notify_date(), request.notify_date(), now);
  if (day < *ProtoToDate(incident.aware_date())) {
    return InvalidField("notify_date", "lies before the local authority was aware");
  }
  if (!IsNotifiable(request.criteria())) {
    return IncidentRuleNotMet(incident, "notifiable", "by the criteria it is not notifiable");
  }
  *incident.mutable_notification_criteria() = request.criteria();
  *incident.mutable_notify_date() = DateToProto(day);
  incident.set_national_reference(request.reference());
  return absl::OkStatus();
}

absl::Status RuleOut(SeriousIncident& incident, const pb::RuleOutNotificationRequest& request) {
  RETURN_IF_ERROR(TakeIncidentStep(incident, "RuleOutNotification"));
  RETURN_IF_ERROR(CheckFindings(incident, request.criteria()));
  if (IsNotifiable(request.criteria())) {
    return IncidentRuleNotMet(incident, "not_notifiable", "by the criteria it is notifiable");
  }
  *incident.mutable_notification_criteria() = request.criteria();
  return absl::OkStatus();
}

// Working Together 2023, chapter 5: the safeguarding partners review together what is known, what
// was done for the safety of children, and what can be learnt.
absl::Status CompleteRapid(SeriousIncident& incident,
                           const pb::CompleteRapidReviewRequest& request) {
  RETURN_IF_ERROR(TakeIncidentStep(incident, "CompleteRapidReview"));
  const pb::RapidReview& review = request.rapid_review();
  if (*ProtoToDate(review.complete_date()) < *ProtoToDate(incident.notify_date())) {
    return InvalidField("rapid_review.complete_date", "lies before the notification");
  }
  for (const pb::SafeguardingPartner partner : kPartners) {
    if (!TakesPart(review, partner) && review.absence_reason().empty()) {
      return IncidentRuleNotMet(incident, "partners_take_part",
                                "the local authority, the police and health take part or inform; "
                                "else absence_reason says why not");
    }
  }
  *incident.mutable_rapid_review() = review;
  return absl::OkStatus();
}

absl::Status RecordAdvice(SeriousIncident& incident, const pb::RecordPanelAdviceRequest& request) {
  if (!incident.has_rapid_review()) {
    return IncidentRuleNotMet(incident, "rapid_review_completed", "no rapid review was completed");
  }
  if (*ProtoToDate(request.panel_advice().advice_date()) <
      *ProtoToDate(incident.rapid_review().complete_date())) {
    return InvalidField("panel_advice.advice_date", "lies before the rapid review");
  }
  *incident.mutable_panel_advice() = request.panel_advice();
  return absl::OkStatus();
}

absl::Status LinkDeath(SeriousIncident& incident, std::string_view death_review) {
  if (!IsDeath(incident.kind())) {
    return IncidentRuleNotMet(incident, "incident_is_death", "the incident is no death");
  }
  if (!incident.death_review().empty()) {
    return IncidentRuleNotMet(incident, "one_death_review", "it is linked to a death review");
  }
  incident.set_death_review(std::string(death_review));
  return absl::OkStatus();
}

absl::Status Close(SeriousIncident& incident, const pb::CloseSeriousIncidentRequest& request,
                   int64_t open_recommendations) {
  const bool owed =
      incident.state() == SeriousIncident::STATE_NOTIFIED && NeedsRapidReview(incident);
  RETURN_IF_ERROR(TakeIncidentStep(incident, "CloseSeriousIncident"));
  if (owed) return IncidentRuleNotMet(incident, "rapid_review_held", "the rapid review is owed");
  if (open_recommendations > 0) {
    return IncidentRuleNotMet(
        incident, "recommendations_closed",
        "a recommendation that is drawn from it is neither closed nor withdrawn");
  }
  incident.set_close_remark(request.remark());
  return absl::OkStatus();
}

void ClearForList(SeriousIncident& incident) {
  incident.clear_children();
  incident.clear_summary();
  incident.clear_notification_criteria();
  incident.clear_rapid_review();
  incident.clear_panel_advice();
  incident.clear_earlier_decisions();
  incident.mutable_decision()->clear_criteria();
  incident.mutable_decision()->clear_rationale();
  if (!incident.decision().has_decide_date()) incident.clear_decision();
  incident.clear_scope();
  incident.clear_report();
  incident.clear_agreement();
  incident.clear_close_remark();
}

}  // namespace lscp::child_death_reviews
