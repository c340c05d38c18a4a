#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "children_in_care/care_now.h"
#include "children_in_care/health_assessment_store.h"
#include "children_in_care/health_record_store.h"
#include "common/lifecycle/service.h"

namespace lscp::children_in_care {

// Handlers of HealthRecordsService. The contract says what they answer. Thread-safe.
class HealthRecords {
 public:
  absl::StatusOr<pb::GetHealthRecordResponse> Get(const pb::GetHealthRecordRequest& request,
                                                  Reading& reading);
  absl::StatusOr<pb::ListHealthRecordsResponse> List(const pb::ListHealthRecordsRequest& request,
                                                     Reading& reading);
  absl::StatusOr<pb::RecordDentalCheckResponse> RecordDental(
      const pb::RecordDentalCheckRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordImmunisationsResponse> RecordImmunisations(
      const pb::RecordImmunisationsRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordSdqResponse> RecordSdq(const pb::RecordSdqRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::RecordSubstanceMisuseResponse> RecordSubstanceMisuse(
      const pb::RecordSubstanceMisuseRequest& request, Transaction& tx);
  absl::StatusOr<pb::IssueHealthPassportResponse> IssuePassport(
      const pb::IssueHealthPassportRequest& request, Transaction& tx);

 private:
  const HealthRecordStore store_;
};

// What a child's care makes of the duties for its health: the record is begun, follows and is
// closed, its clocks with it, and what an agency still owes is withdrawn. Nothing to do is no
// error. Errors: the database's.
absl::Status KeepHealth(Transaction& tx, const CareNow& care);

// What an assessment on a day, done or refused, changes of the locked record, which is stored, and
// of its clocks. Errors: the database's.
absl::Status TellHealthRecord(Transaction& tx, const HealthRecordStore& store,
                              pb::HealthRecord& record, pb::AssessmentKind kind, absl::CivilDay day,
                              bool refused);

void RegisterHealthRecords(ServiceContext& context);

}  // namespace lscp::children_in_care
