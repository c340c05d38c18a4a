#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "children_in_care/care_now.h"
#include "children_in_care/care_visit_store.h"
#include "common/lifecycle/service.h"

namespace lscp::children_in_care {

// Handlers of CareVisitsService. The contract says what they answer. Thread-safe.
class CareVisits {
 public:
  absl::StatusOr<pb::SetVisitTermsResponse> SetTerms(const pb::SetVisitTermsRequest& request,
                                                     Transaction& tx);
  absl::StatusOr<pb::RecordCareVisitResponse> Record(const pb::RecordCareVisitRequest& request,
                                                     Transaction& tx);
  absl::StatusOr<pb::GetCareVisitResponse> Get(const pb::GetCareVisitRequest& request,
                                               Reading& reading);
  absl::StatusOr<pb::ListCareVisitsResponse> List(const pb::ListCareVisitsRequest& request,
                                                  Reading& reading);
  absl::StatusOr<pb::GetVisitScheduleResponse> GetSchedule(
      const pb::GetVisitScheduleRequest& request, Reading& reading);
  absl::StatusOr<pb::ListVisitSchedulesResponse> ListSchedules(
      const pb::ListVisitSchedulesRequest& request, Reading& reading);

 private:
  const VisitScheduleStore schedules_;
  const CareVisitStore visits_;
};

// What a child's care makes of the duty to visit: the schedule is begun, follows and is closed, its
// clock with it. Nothing to do is no error. Errors: the database's.
absl::Status KeepVisits(Transaction& tx, const CareNow& care);

// What a review, held on a day, changes of the schedule of a child in care. Errors: the database's.
absl::Status TellVisitsOfReview(Transaction& tx, std::string_view child_in_care,
                                absl::CivilDay day);

void RegisterCareVisits(ServiceContext& context);

}  // namespace lscp::children_in_care
