#pragma once

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/workflow/transition.h"
#include "safeguarding/children_in_care/v1/health_assessments_service.pb.h"
#include "safeguarding/children_in_care/v1/health_records_service.pb.h"

// The rules of one health assessment, as it is asked of a health agency. No SQL, no gRPC, no
// clock. After an error an assessment is not to be stored.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// Children Act 1989, section 27, and Children Act 2004, section 10: the health service helps, when
// it is asked.
inline constexpr Transition<pb::HealthAssessment::State> kHealthAssessmentTransitions[] = {
    {"RequestHealthAssessment",
     {pb::HealthAssessment::STATE_UNSPECIFIED},
     pb::HealthAssessment::STATE_REQUESTED},
    {"RecordHealthAssessment",
     {pb::HealthAssessment::STATE_UNSPECIFIED},
     pb::HealthAssessment::STATE_COMPLETED},
    {"RecordAssessmentRefusal",
     {pb::HealthAssessment::STATE_UNSPECIFIED},
     pb::HealthAssessment::STATE_REFUSED},
    {"OfferHealthAppointment",
     {pb::HealthAssessment::STATE_REQUESTED, pb::HealthAssessment::STATE_APPOINTED,
      pb::HealthAssessment::STATE_NOT_ATTENDED},
     pb::HealthAssessment::STATE_APPOINTED},
    {"ReportNotAttended",
     {pb::HealthAssessment::STATE_APPOINTED},
     pb::HealthAssessment::STATE_NOT_ATTENDED},
    {"CompleteHealthAssessment",
     {pb::HealthAssessment::STATE_REQUESTED, pb::HealthAssessment::STATE_APPOINTED,
      pb::HealthAssessment::STATE_NOT_ATTENDED},
     pb::HealthAssessment::STATE_COMPLETED},
    {"DeclineHealthAssessment",
     {pb::HealthAssessment::STATE_REQUESTED, pb::HealthAssessment::STATE_APPOINTED,
      pb::HealthAssessment::STATE_NOT_ATTENDED},
     pb::HealthAssessment::STATE_DECLINED},
    {"WithdrawHealthAssessment",
     {pb::HealthAssessment::STATE_REQUESTED, pb::HealthAssessment::STATE_APPOINTED,
      pb::HealthAssessment::STATE_NOT_ATTENDED},
     pb::HealthAssessment::STATE_WITHDRAWN},
};

// True while the agency that is asked has not answered.
bool IsOpen(const pb::HealthAssessment& assessment);

// A request, an assessment that is told, or a refusal that is told, without a name yet, for a
// record that allows it.
absl::StatusOr<pb::HealthAssessment> RequestAssessment(
    const pb::HealthRecord& record, const pb::RequestHealthAssessmentRequest& request,
    absl::Time now);
absl::StatusOr<pb::HealthAssessment> TellAssessment(
    const pb::HealthRecord& record, const pb::RecordHealthAssessmentRequest& request,
    const std::optional<absl::CivilDay>& birth);
absl::StatusOr<pb::HealthAssessment> TellRefusal(const pb::HealthRecord& record,
                                                 const pb::RecordAssessmentRefusalRequest& request);

absl::Status OfferAppointment(pb::HealthAssessment& assessment,
                              const pb::OfferHealthAppointmentRequest& request);
absl::Status ReportNotAttended(pb::HealthAssessment& assessment,
                               const pb::ReportNotAttendedRequest& request);
absl::Status Complete(pb::HealthAssessment& assessment, const pb::HealthRecord& record,
                      const pb::CompleteHealthAssessmentRequest& request);
absl::Status Decline(pb::HealthAssessment& assessment,
                     const pb::DeclineHealthAssessmentRequest& request);
absl::Status Withdraw(pb::HealthAssessment& assessment, std::string_view reason);

// Without what a list does not show.
void ClearForList(pb::HealthAssessment& assessment);

}  // namespace lscp::children_in_care
