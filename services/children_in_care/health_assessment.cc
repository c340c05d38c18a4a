#include "children_in_care/health_assessment.h"

#include <string>

#include "children_in_care/care_now.h"
#include "children_in_care/care_rules.h"
#include "children_in_care/health_record.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::children_in_care {
namespace {

using pb::HealthAssessment;

absl::Status TakeStep(HealthAssessment& assessment, std::string_view verb) {
  ASSIGN_OR_RETURN(const HealthAssessment::State next,
                   Next(kHealthAssessmentTransitions, verb, assessment.state(), assessment.name()));
  assessment.set_state(next);
  return absl::OkStatus();
}

HealthAssessment Begin(const pb::HealthRecord& record, pb::AssessmentKind kind) {
  HealthAssessment assessment;
  assessment.set_kind(kind);
  assessment.set_child(record.child());
  assessment.set_health_record(record.name());
  *assessment.mutable_due_date() =
      kind == pb::ASSESSMENT_KIND_INITIAL ? record.initial_due_date() : record.review_due_date();
  return assessment;
}

// Promoting the health of looked-after children, annex C: from 16 on a young person is presumed to
// be competent; a younger child consents who understands enough of it.
absl::Status CheckConsent(const pb::HealthConsent& consent, const std::string& subject,
                          const std::optional<absl::CivilDay>& birth) {
  const bool sixteen = birth && AgeOn(*birth, *ProtoToDate(consent.consent_date())) >= 16;
  const bool by_child = consent.given_by() == pb::CONSENTER_CHILD;
  if (by_child && !sixteen && !consent.competent()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "consent", subject,
                              "a child under 16 consents who is competent to");
  }
  if (!by_child && sixteen && consent.note().empty()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "consent", subject,
                              "from 16 on young people consent themselves, unless the note says "
                              "why not");
  }
  return absl::OkStatus();
}

// The same, main points: the initial assessment is done by a registered medical practitioner.
absl::Status SetResult(HealthAssessment& assessment, const pb::HealthRecord& record,
                       const pb::AssessmentResult& result) {
  const absl::CivilDay day = *ProtoToDate(result.assessment_date());
  RETURN_IF_ERROR(AllowDay(record, day));
  if (assessment.kind() == pb::ASSESSMENT_KIND_INITIAL &&
      result.practitioner() != pb::PRACTITIONER_DOCTOR) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "practitioner", record.name(),
                              "an initial assessment is done by a registered medical practitioner");
  }
  *assessment.mutable_result() = result;
  assessment.set_standing(StandingOf(*ProtoToDate(assessment.due_date()), day, day));
  return absl::OkStatus();
}

}  // namespace

bool IsOpen(const HealthAssessment& assessment) {
  return assessment.state() == HealthAssessment::STATE_REQUESTED ||
         assessment.state() == HealthAssessment::STATE_APPOINTED ||
         assessment.state() == HealthAssessment::STATE_NOT_ATTENDED;
}

absl::StatusOr<HealthAssessment> RequestAssessment(
    const pb::HealthRecord& record, const pb::RequestHealthAssessmentRequest& request,
    absl::Time now) {
  RETURN_IF_ERROR(AllowOnHealthRecord(record, "RequestHealthAssessment"));
  RETURN_IF_ERROR(AllowKind(record, request.kind()));
  RETURN_IF_ERROR(
      CheckConsent(request.consent(), record.name(), ProtoToDate(request.assessed().birth_date())));
  HealthAssessment assessment = Begin(record, request.kind());
  RETURN_IF_ERROR(TakeStep(assessment, "RequestHealthAssessment"));
  assessment.set_agency(request.agency());
  *assessment.mutable_assessed() = request.assessed();
  *assessment.mutable_consent() = request.consent();
  assessment.set_background(request.background());
  *assessment.mutable_request_time() = TimeToProto(now);
  return assessment;
}

absl::StatusOr<HealthAssessment> TellAssessment(const pb::HealthRecord& record,
                                                const pb::RecordHealthAssessmentRequest& request,
                                                const std::optional<absl::CivilDay>& birth) {
  RETURN_IF_ERROR(AllowOnHealthRecord(record, "RecordHealthAssessment"));
  RETURN_IF_ERROR(AllowKind(record, request.kind()));
  RETURN_IF_ERROR(CheckConsent(request.consent(), record.name(), birth));
  HealthAssessment assessment = Begin(record, request.kind());
  RETURN_IF_ERROR(TakeStep(assessment, "RecordHealthAssessment"));
  *assessment.mutable_consent() = request.consent();
  RETURN_IF_ERROR(SetResult(assessment, record, request.result()));
  return assessment;
}

// Care Planning, Placement and Case Review Regulations 2010, regulation 7(4): none is owed to a
// child who understands enough of it and refuses.
absl::StatusOr<HealthAssessment> TellRefusal(const pb::HealthRecord& record,
                                             const pb::RecordAssessmentRefusalRequest& request) {
  RETURN_IF_ERROR(AllowOnHealthRecord(record, "RecordAssessmentRefusal"));
  RETURN_IF_ERROR(AllowKind(record, request.kind()));
  RETURN_IF_ERROR(AllowDay(record, *ProtoToDate(request.refusal_date())));
  HealthAssessment assessment = Begin(record, request.kind());
  RETURN_IF_ERROR(TakeStep(assessment, "RecordAssessmentRefusal"));
  assessment.set_standing(pb::ASSESSMENT_STANDING_REFUSED);
  assessment.set_end_reason(request.reason());
  return assessment;
}

absl::Status OfferAppointment(HealthAssessment& assessment,
                              const pb::OfferHealthAppointmentRequest& request) {
  RETURN_IF_ERROR(TakeStep(assessment, "OfferHealthAppointment"));
  *assessment.mutable_appointment_time() = request.appointment_time();
  return absl::OkStatus();
}

absl::Status ReportNotAttended(HealthAssessment& assessment,
                               const pb::ReportNotAttendedRequest& request) {
  RETURN_IF_ERROR(TakeStep(assessment, "ReportNotAttended"));
  assessment.set_missed_appointments(assessment.missed_appointments() + 1);
  assessment.set_not_attended_note(request.note());
  return absl::OkStatus();
}

absl::Status Complete(HealthAssessment& assessment, const pb::HealthRecord& record,
                      const pb::CompleteHealthAssessmentRequest& request) {
  RETURN_IF_ERROR(TakeStep(assessment, "CompleteHealthAssessment"));
  return SetResult(assessment, record, request.result());
}

absl::Status Decline(HealthAssessment& assessment,
                     const pb::DeclineHealthAssessmentRequest& request) {
  RETURN_IF_ERROR(TakeStep(assessment, "DeclineHealthAssessment"));
  assessment.set_end_reason(request.reason());
  return absl::OkStatus();
}

absl::Status Withdraw(HealthAssessment& assessment, std::string_view reason) {
  RETURN_IF_ERROR(TakeStep(assessment, "WithdrawHealthAssessment"));
  assessment.set_end_reason(std::string(reason));
  return absl::OkStatus();
}

void ClearForList(HealthAssessment& assessment) {
  assessment.clear_assessed();
  assessment.clear_background();
  assessment.clear_result();
  assessment.clear_consent();
  assessment.clear_end_reason();
  assessment.clear_not_attended_note();
}

}  // namespace lscp::children_in_care
