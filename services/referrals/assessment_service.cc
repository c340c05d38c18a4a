#include "referrals/assessment_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/status/macros.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"
#include "referrals/assessment.h"
#include "referrals/referral_service.h"

namespace lscp::referrals {
namespace {

using pb::Assessment;
using pb::Referral;

Step StepOf(const Transaction& tx) { return {tx.caller().person, tx.now()}; }

template <typename Response>
Response ReplyWith(Assessment assessment) {
  Response response;
  *response.mutable_assessment() = std::move(assessment);
  return response;
}

void ClearTexts(Assessment& assessment) {
  assessment.clear_child_views();
  assessment.clear_parent_views();
  assessment.clear_family_history();
  assessment.clear_identity();
  assessment.clear_agency_information();
  assessment.clear_analysis();
  assessment.clear_not_seen_note();
  assessment.clear_return_reason();
  assessment.clear_manager_oversight();
  assessment.clear_cancel_reason();
  for (pb::AssessmentExtension& extension : *assessment.mutable_extensions()) {
    extension.clear_reason();
  }
}

// The referral that was decided to be assessed still is.
bool StillExpected(const Referral& referral, const std::vector<Assessment>& assessments) {
  return referral.state() == Referral::STATE_IN_PROGRESS &&
         referral.decision() == pb::REFERRAL_DECISION_ASSESSMENT &&
         std::none_of(assessments.begin(), assessments.end(), [](const Assessment& other) {
           return other.state() == Assessment::STATE_AUTHORISED;
         });
}

}  // namespace

absl::StatusOr<pb::StartAssessmentResponse> Assessments::Start(
    const pb::StartAssessmentRequest& request, Transaction& tx) {
  // Locked, so that no second assessment starts and the referral is not closed meanwhile.
  ASSIGN_OR_RETURN(const Referral referral, parts_.referrals->Lock(tx, request.referral(), ""));
  ASSIGN_OR_RETURN(const auto earlier, parts_.assessments->OfReferral(tx, referral.name()));
  ASSIGN_OR_RETURN(Assessment assessment, StartAssessment(request, referral, earlier, StepOf(tx),
                                                          parts_.settings->Of(tx.call().borough)));
  assessment.set_name(parts_.assessments->NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(parts_.assessments->Insert(tx, assessment));
  RETURN_IF_ERROR(
      timescales::Cancel(tx.db(), referral.name(), kAssessmentComplete.id, tx.now()).status());
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {{assessment.name(), kAssessmentComplete.id, *ProtoToTime(referral.receive_time()),
        AssessmentDue(referral), assessment.team(), assessment.worker()}}));
  return ReplyWith<pb::StartAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::GetAssessmentResponse> Assessments::Get(const pb::GetAssessmentRequest& request,
                                                           Reading& reading) {
  ASSIGN_OR_RETURN(Assessment assessment, parts_.assessments->Get(reading, request.name()));
  return ReplyWith<pb::GetAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::ListAssessmentsResponse> Assessments::List(
    const pb::ListAssessmentsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, parts_.assessments->Find(reading, request));
  pb::ListAssessmentsResponse response;
  for (Assessment& assessment : page.resources) {
    ClearTexts(assessment);
    *response.add_assessments() = std::move(assessment);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::UpdateAssessmentResponse> Assessments::Update(
    const pb::UpdateAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Assessment assessment,
                   parts_.assessments->Lock(tx, request.assessment().name(), request.etag()));
  RETURN_IF_ERROR(Write(assessment, request));
  RETURN_IF_ERROR(parts_.assessments->Update(tx, assessment));
  return ReplyWith<pb::UpdateAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::RecordChildSeenResponse> Assessments::RecordChildSeen(
    const pb::RecordChildSeenRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Assessment assessment,
                   parts_.assessments->Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const Referral referral, parts_.referrals->Read(tx, assessment.referral()));
  RETURN_IF_ERROR(RecordSeen(assessment, request, referral, StepOf(tx)));
  RETURN_IF_ERROR(parts_.assessments->Update(tx, assessment));
  return ReplyWith<pb::RecordChildSeenResponse>(std::move(assessment));
}

absl::StatusOr<pb::ExtendAssessmentResponse> Assessments::Extend(
    const pb::ExtendAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Assessment assessment,
                   parts_.assessments->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Extend(assessment, request, StepOf(tx)));
  RETURN_IF_ERROR(parts_.assessments->Update(tx, assessment));
  return ReplyWith<pb::ExtendAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::SubmitAssessmentResponse> Assessments::Submit(
    const pb::SubmitAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Assessment assessment,
                   parts_.assessments->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Submit(assessment, StepOf(tx)));
  RETURN_IF_ERROR(parts_.assessments->Update(tx, assessment));
  return ReplyWith<pb::SubmitAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::ReturnAssessmentResponse> Assessments::Return(
    const pb::ReturnAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Assessment assessment,
                   parts_.assessments->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Return(assessment, request));
  RETURN_IF_ERROR(parts_.assessments->Update(tx, assessment));
  return ReplyWith<pb::ReturnAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<pb::AuthoriseAssessmentResponse> Assessments::Authorise(
    const pb::AuthoriseAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Assessment assessment,
                   parts_.assessments->Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const Referral referral, parts_.referrals->Read(tx, assessment.referral()));
  RETURN_IF_ERROR(referrals::Authorise(assessment, request, referral, StepOf(tx)));
  ASSIGN_OR_RETURN(Event event, EventOf(tx, assessment, referral));
  RETURN_IF_ERROR(parts_.assessments->UpdateAuthorised(tx, assessment, std::move(event)));
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), assessment.name(), kAssessmentComplete.id, tx.now()).status());
  return ReplyWith<pb::AuthoriseAssessmentResponse>(std::move(assessment));
}

absl::StatusOr<Event> Assessments::EventOf(Transaction& tx, const Assessment& assessment,
                                           const Referral& referral) const {
  if (assessment.outcome() == pb::ASSESSMENT_OUTCOME_STRATEGY_DISCUSSION) {
    return parts_.strategy->Request(tx, referral, assessment.name());
  }
  return MakeEvent("referrals.assessment_authorised", assessment.child(), AuthorisedOf(assessment));
}

absl::StatusOr<pb::CancelAssessmentResponse> Assessments::Cancel(
    const pb::CancelAssessmentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Assessment assessment,
                   parts_.assessments->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Cancel(assessment, request));
  RETURN_IF_ERROR(parts_.assessments->Update(tx, assessment));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), assessment.name(), tx.now()).status());
  ASSIGN_OR_RETURN(const Referral referral, parts_.referrals->Read(tx, assessment.referral()));
  ASSIGN_OR_RETURN(const auto assessments, parts_.assessments->OfReferral(tx, referral.name()));
  if (StillExpected(referral, assessments)) RETURN_IF_ERROR(ExpectAssessment(tx, referral));
  return ReplyWith<pb::CancelAssessmentResponse>(std::move(assessment));
}

}  // namespace lscp::referrals
