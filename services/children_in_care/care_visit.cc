#include "children_in_care/care_visit.h"

#include <algorithm>
#include <vector>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

using pb::CareVisit;
using pb::VisitSchedule;

// Regulation 28(2)(a) and those after it: within one week.
constexpr int kFirstVisitDays = 7;

absl::CivilDay MonthsAfter(absl::CivilDay day, int months) {
  return LastDayOf(DueAt(StartOfDay(day), Months(months), WorkingDayCalendar()));
}

VisitBasis BasisOf(const VisitSchedule& schedule) {
  return {.terms = schedule.terms(),
          .start = *ProtoToDate(schedule.placement_start_date()),
          .until_eighteen = schedule.until_eighteen(),
          .first_review = ProtoToDate(schedule.first_review_date())};
}

std::optional<absl::CivilDay> LastSeen(const VisitSchedule& schedule) {
  if (!schedule.has_last_seen_time()) return std::nullopt;
  return LondonDay(*ProtoToTime(schedule.last_seen_time()));
}

void SetDue(VisitSchedule& schedule) {
  *schedule.mutable_due_date() = DateToProto(CareVisitDue(BasisOf(schedule), LastSeen(schedule)));
}

absl::Status CheckAccount(const pb::RecordCareVisitRequest& request) {
  std::vector<FieldViolation> violations;
  const auto need = [&violations](bool met, const char* field, const char* description) {
    if (!met) violations.push_back({field, description});
  };
  need(request.child_seen() == (request.not_seen_reason() == pb::NOT_SEEN_REASON_UNSPECIFIED),
       "not_seen_reason", "is required when the child was not seen, and only then");
  need(request.child_seen() || !request.seen_alone(), "seen_alone", "the child was not seen");
  const bool not_alone = request.child_seen() && !request.seen_alone();
  // Regulation 29: the child is spoken to in private, unless there is a reason not to.
  need(not_alone == (request.not_alone_reason() != pb::NOT_ALONE_REASON_UNSPECIFIED),
       "not_alone_reason", "is required when the child was seen and not alone, and only then");
  need(!request.note().empty() || (request.not_seen_reason() != pb::NOT_SEEN_REASON_OTHER &&
                                   request.not_alone_reason() != pb::NOT_ALONE_REASON_PREVENTED),
       "note", "is required with OTHER and PREVENTED");
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

pb::CareVisitTimeliness TimelinessOf(bool seen, absl::CivilDay day,
                                     const std::optional<absl::CivilDay>& due) {
  if (!due) return pb::CARE_VISIT_TIMELINESS_UNSPECIFIED;
  if (seen) return day <= *due ? pb::CARE_VISIT_TIMELINESS_IN_TIME : pb::CARE_VISIT_TIMELINESS_LATE;
  return day <= *due ? pb::CARE_VISIT_TIMELINESS_UNSUCCESSFUL_IN_TIME
                     : pb::CARE_VISIT_TIMELINESS_UNSUCCESSFUL_LATE;
}

// In the first year of the placement every six weeks; later every three months if it is meant to
// last until the child is eighteen: regulation 28(2)(b) and (c).
absl::CivilDay OrdinaryDue(const VisitBasis& basis, absl::CivilDay last) {
  const absl::CivilDay year(basis.start.year() + 1, basis.start.month(), basis.start.day());
  return last >= year && basis.until_eighteen ? MonthsAfter(last, 3) : last + 42;
}

}  // namespace

absl::CivilDay CareVisitDue(const VisitBasis& basis,
                            const std::optional<absl::CivilDay>& last_seen) {
  if (!last_seen || *last_seen < basis.start) return basis.start + kFirstVisitDays;
  const bool reviewed = basis.first_review.has_value();
  switch (basis.terms) {
    case pb::VISIT_TERMS_PARENT_BEFORE_ASSESSMENT:  // regulations 19 and 28(3)
      return *last_seen + (reviewed ? 42 : 7);
    case pb::VISIT_TERMS_TEMPORARY_APPROVAL:     // regulations 24 and 28(4)
    case pb::VISIT_TERMS_INTERIM_ORDER_AT_HOME:  // regulation 28(4)
      return *last_seen + (reviewed ? 28 : 7);
    case pb::VISIT_TERMS_CARE_ORDER_AT_HOME:  // regulation 28(5)
      return *last_seen + 42;
    default:
      return OrdinaryDue(basis, *last_seen);
  }
}

pb::VisitTerms RegularTerms(pb::LegalStatus legal, pb::PlacementType placement) {
  if (placement != pb::PLACEMENT_TYPE_PARENTS) return pb::VISIT_TERMS_ORDINARY;
  if (legal == pb::LEGAL_STATUS_INTERIM_CARE_ORDER) return pb::VISIT_TERMS_INTERIM_ORDER_AT_HOME;
  if (legal == pb::LEGAL_STATUS_FULL_CARE_ORDER) return pb::VISIT_TERMS_CARE_ORDER_AT_HOME;
  return pb::VISIT_TERMS_PARENT_BEFORE_ASSESSMENT;
}

VisitSchedule BeginVisits(const CareNow& care) {
  VisitSchedule schedule;
  schedule.set_child(care.child);
  schedule.set_child_in_care(care.name);
  SetCare(schedule, care);
  return schedule;
}

void SetCare(VisitSchedule& schedule, const CareNow& care) {
  schedule.set_state(care.end ? VisitSchedule::STATE_CLOSED : VisitSchedule::STATE_OPEN);
  *schedule.mutable_care_start_date() = DateToProto(care.start);
  schedule.clear_care_end_date();
  if (care.end) *schedule.mutable_care_end_date() = DateToProto(*care.end);
  schedule.set_team(care.team);
  schedule.set_worker(care.worker);
  const pb::VisitTerms terms = RegularTerms(care.legal, care.home.type);
  const bool at_home = care.home.type == pb::PLACEMENT_TYPE_PARENTS;
  const absl::CivilDay start =
      at_home ? std::max(care.home.start, care.legal_start) : care.home.start;
  const bool anew = schedule.placement() != care.home.id || schedule.regular_terms() != terms;
  if (!anew && ProtoToDate(schedule.placement_start_date()) == start) return;
  *schedule.mutable_placement_start_date() = DateToProto(start);
  if (anew) {
    schedule.set_placement(care.home.id);
    schedule.set_regular_terms(terms);
    schedule.set_terms(terms);
    schedule.set_until_eighteen(care.home.until_adulthood);
    schedule.clear_first_review_date();
    schedule.clear_attempt_date();
  }
  SetDue(schedule);
}

absl::Status SetTerms(VisitSchedule& schedule, const pb::SetVisitTermsRequest& request) {
  RETURN_IF_ERROR(
      Next(kVisitScheduleTransitions, "SetVisitTerms", schedule.state(), schedule.name()).status());
  schedule.set_terms(request.terms());
  schedule.set_until_eighteen(request.until_eighteen());
  SetDue(schedule);
  return absl::OkStatus();
}

bool NoteReview(VisitSchedule& schedule, absl::CivilDay day) {
  if (schedule.has_first_review_date() || day < *ProtoToDate(schedule.placement_start_date())) {
    return false;
  }
  *schedule.mutable_first_review_date() = DateToProto(day);
  SetDue(schedule);
  return true;
}

std::optional<absl::CivilDay> DueOn(const VisitSchedule& schedule, absl::CivilDay day,
                                    const std::optional<absl::CivilDay>& last_seen) {
  const VisitBasis basis = BasisOf(schedule);
  if (day < basis.start) return std::nullopt;
  return CareVisitDue(basis, last_seen);
}

absl::StatusOr<CareVisit> TellVisit(const VisitSchedule& schedule,
                                    const pb::RecordCareVisitRequest& request,
                                    const std::optional<absl::CivilDay>& due, const Step& step) {
  RETURN_IF_ERROR(CheckAccount(request));
  const absl::CivilDay day = LondonDay(*ProtoToTime(request.visit_time()));
  const auto end = ProtoToDate(schedule.care_end_date());
  if (day < *ProtoToDate(schedule.care_start_date()) || (end && day > *end)) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "in_care", schedule.name(),
                              "the child was not in care on that day");
  }
  CareVisit visit;
  visit.set_state(request.child_seen() ? CareVisit::STATE_SEEN : CareVisit::STATE_UNSUCCESSFUL);
  visit.set_child(schedule.child());
  visit.set_visit_schedule(schedule.name());
  visit.set_terms(schedule.terms());
  *visit.mutable_visit_time() = request.visit_time();
  if (due) *visit.mutable_due_date() = DateToProto(*due);
  visit.set_timeliness(TimelinessOf(request.child_seen(), day, due));
  visit.set_at_placement(request.at_placement());
  visit.set_seen_alone(request.seen_alone());
  visit.set_not_alone_reason(request.not_alone_reason());
  visit.set_bedroom_seen(request.bedroom_seen());
  visit.set_not_seen_reason(request.not_seen_reason());
  visit.set_note(request.note());
  visit.set_visitor(request.visitor().empty() ? step.person : request.visitor());
  return visit;
}

bool NoteVisit(VisitSchedule& schedule, const CareVisit& visit) {
  const absl::Time made = *ProtoToTime(visit.visit_time());
  const absl::CivilDay day = LondonDay(made);
  if (schedule.has_last_seen_time() && made <= *ProtoToTime(schedule.last_seen_time())) {
    return false;
  }
  if (visit.state() != CareVisit::STATE_SEEN) {
    const auto attempt = ProtoToDate(schedule.attempt_date());
    if (day >= *ProtoToDate(schedule.placement_start_date()) && (!attempt || day < *attempt)) {
      *schedule.mutable_attempt_date() = DateToProto(day);
    }
    return false;
  }
  *schedule.mutable_last_seen_time() = visit.visit_time();
  if (day < *ProtoToDate(schedule.placement_start_date())) return false;
  schedule.clear_attempt_date();
  SetDue(schedule);
  return true;
}

pb::CareVisitStanding StandingOfVisits(absl::CivilDay due,
                                       const std::optional<absl::CivilDay>& attempt,
                                       absl::CivilDay today) {
  if (today <= due) return pb::CARE_VISIT_STANDING_NOT_DUE;
  if (!attempt) return pb::CARE_VISIT_STANDING_NO_RECORD;
  return *attempt <= due ? pb::CARE_VISIT_STANDING_UNSUCCESSFUL_IN_TIME
                         : pb::CARE_VISIT_STANDING_UNSUCCESSFUL_LATE;
}

void SetStanding(VisitSchedule& schedule, absl::CivilDay today) {
  if (schedule.state() != VisitSchedule::STATE_OPEN) return;
  schedule.set_standing(StandingOfVisits(*ProtoToDate(schedule.due_date()),
                                         ProtoToDate(schedule.attempt_date()), today));
}

}  // namespace lscp::children_in_care
