#include "children_in_care/health_assessment_service.h"

#include <iterator>
#include <memory>
#include <utility>

#include "children_in_care/children.h"
#include "children_in_care/health_assessment.h"
#include "children_in_care/health_record_service.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "safeguarding/children_in_care/v1/health_events.pb.h"

namespace lscp::children_in_care {
namespace {

using pb::HealthAssessment;
using pb::HealthRecord;

template <typename Response>
Response ReplyWith(HealthAssessment assessment) {
  Response response;
  *response.mutable_health_assessment() = std::move(assessment);
  return response;
}

Event RequestedEvent(const HealthAssessment& assessment) {
  pb::HealthAssessmentRequested requested;
  requested.set_health_assessment(assessment.name());
  requested.set_agency(assessment.agency());
  return MakeEvent("children_in_care.health_assessment_requested", assessment.name(), requested);
}

}  // namespace

template <typename AnyRequest>
absl::StatusOr<HealthRecord> HealthAssessments::LockFree(Transaction& tx,
                                                         const AnyRequest& request) const {
  ASSIGN_OR_RETURN(HealthRecord record, records_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const auto open, store_.LockOpen(tx, record.name()));
  if (!open) return record;
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_request", record.name(),
                            "an agency is asked and has not answered");
}

absl::StatusOr<pb::RequestHealthAssessmentResponse> HealthAssessments::Request(
    const pb::RequestHealthAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record, LockFree(tx, request));
  ASSIGN_OR_RETURN(HealthAssessment assessment, RequestAssessment(record, request, tx.now()));
  assessment.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, assessment, RequestedEvent(assessment)));
  RETURN_IF_ERROR(records_.Update(tx, record));
  return ReplyWith<pb::RequestHealthAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::RecordHealthAssessmentResponse> HealthAssessments::Record(
    const pb::RecordHealthAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record, LockFree(tx, request));
  ASSIGN_OR_RETURN(const KnownChild child, LockChild(tx.db(), record.child()));
  ASSIGN_OR_RETURN(HealthAssessment assessment, TellAssessment(record, request, child.birth_date));
  assessment.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, assessment));
  RETURN_IF_ERROR(TellHealthRecord(tx, records_, record, request.kind(),
                                   *ProtoToDate(request.result().assessment_date()), false));
  return ReplyWith<pb::RecordHealthAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::RecordAssessmentRefusalResponse> HealthAssessments::RecordRefusal(
    const pb::RecordAssessmentRefusalRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record, LockFree(tx, request));
  ASSIGN_OR_RETURN(HealthAssessment assessment, TellRefusal(record, request));
  assessment.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, assessment));
  RETURN_IF_ERROR(TellHealthRecord(tx, records_, record, request.kind(),
                                   *ProtoToDate(request.refusal_date()), true));
  return ReplyWith<pb::RecordAssessmentRefusalResponse>(std::move(assessment));
}

absl::StatusOr<pb::WithdrawHealthAssessmentResponse> HealthAssessments::Withdraw(
    const pb::WithdrawHealthAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthAssessment assessment,
                   ChangeRecord(store_, tx, request, [&](HealthAssessment& changed) {
                     return children_in_care::Withdraw(changed, request.reason());
                   }));
  return ReplyWith<pb::WithdrawHealthAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::GetHealthAssessmentResponse> HealthAssessments::Get(
    const pb::GetHealthAssessmentRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(HealthAssessment assessment, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetHealthAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::ListHealthAssessmentsResponse> HealthAssessments::List(
    const pb::ListHealthAssessmentsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListHealthAssessmentsResponse response;
  for (HealthAssessment& assessment : page.resources) {
    ClearForList(assessment);
    *response.add_health_assessments() = std::move(assessment);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::ListMyHealthAssessmentsResponse> AssessingAgencies::List(
    const pb::ListMyHealthAssessmentsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.FindMine(reading, request));
  pb::ListMyHealthAssessmentsResponse response;
  response.mutable_health_assessments()->Add(std::make_move_iterator(page.resources.begin()),
                                             std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::OfferHealthAppointmentResponse> AssessingAgencies::Offer(
    const pb::OfferHealthAppointmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthAssessment assessment,
                   store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(OfferAppointment(assessment, request));
  RETURN_IF_ERROR(store_.Update(tx, assessment));
  return ReplyWith<pb::OfferHealthAppointmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::ReportNotAttendedResponse> AssessingAgencies::ReportNotAttended(
    const pb::ReportNotAttendedRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthAssessment assessment,
                   store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(children_in_care::ReportNotAttended(assessment, request));
  RETURN_IF_ERROR(store_.Update(tx, assessment));
  return ReplyWith<pb::ReportNotAttendedResponse>(std::move(assessment));
}

absl::StatusOr<pb::CompleteHealthAssessmentResponse> AssessingAgencies::Complete(
    const pb::CompleteHealthAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthAssessment assessment,
                   store_.LockMine(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(HealthRecord record, records_.LockUnseen(tx, assessment.health_record()));
  RETURN_IF_ERROR(children_in_care::Complete(assessment, record, request));
  RETURN_IF_ERROR(TellHealthRecord(tx, records_, record, assessment.kind(),
                                   *ProtoToDate(request.result().assessment_date()), false));
  RETURN_IF_ERROR(store_.Update(tx, assessment));
  return ReplyWith<pb::CompleteHealthAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::DeclineHealthAssessmentResponse> AssessingAgencies::Decline(
    const pb::DeclineHealthAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthAssessment assessment,
                   store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(children_in_care::Decline(assessment, request));
  RETURN_IF_ERROR(store_.Update(tx, assessment));
  return ReplyWith<pb::DeclineHealthAssessmentResponse>(std::move(assessment));
}

void RegisterHealthAssessments(ServiceContext& context) {
  constexpr char kService[] = "safeguarding.children_in_care.v1.HealthAssessmentsService";
  context.methods()
      .Of(kService, context.Keep(std::make_unique<HealthAssessments>()))
      .Write("RequestHealthAssessment", &HealthAssessments::Request)
      .Write("RecordHealthAssessment", &HealthAssessments::Record)
      .Write("RecordAssessmentRefusal", &HealthAssessments::RecordRefusal)
      .Write("WithdrawHealthAssessment", &HealthAssessments::Withdraw)
      .Read("GetHealthAssessment", &HealthAssessments::Get)
      .Read("ListHealthAssessments", &HealthAssessments::List);
  context.methods()
      .Of(kService, context.Keep(std::make_unique<AssessingAgencies>()))
      .Read("ListMyHealthAssessments", &AssessingAgencies::List)
      .Write("OfferHealthAppointment", &AssessingAgencies::Offer)
      .Write("ReportNotAttended", &AssessingAgencies::ReportNotAttended)
      .Write("CompleteHealthAssessment", &AssessingAgencies::Complete)
      .Write("DeclineHealthAssessment", &AssessingAgencies::Decline);
}

}  // namespace lscp::children_in_care
