#include "children_in_care/health_record_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "children_in_care/children.h"
#include "children_in_care/duty_clock.h"
#include "children_in_care/health_assessment.h"
#include "children_in_care/health_record.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/time/days.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::children_in_care {
namespace {

using pb::HealthRecord;

template <typename Response>
Response ReplyWith(HealthRecord record, absl::Time now) {
  SetStandings(record, LondonDay(now));
  Response response;
  *response.mutable_health_record() = std::move(record);
  return response;
}

timescales::NewClock ClockOf(const HealthRecord& record, const char* rule, absl::Time start,
                             const google::type::Date& due) {
  return {.subject = record.name(),
          .rule = rule,
          .started_at = start,
          .due_at = EndOfDay(*ProtoToDate(due)),
          .team = record.team(),
          .owner = record.worker()};
}

// Of an open record: what is owed runs. `reopened`: clocks ran before, which started when care did.
absl::Status KeepClocks(Transaction& tx, const HealthRecord& record, bool reopened) {
  if (!record.has_initial_date()) {
    const absl::Time start =
        reopened ? tx.now() : StartOfDay(*ProtoToDate(record.care_start_date()));
    return KeepClock(
        tx, ClockOf(record, kInitialHealthAssessment.id, start, record.initial_due_date()));
  }
  const absl::Time start =
      reopened ? tx.now() : InstantOn(*ProtoToDate(record.last_assessment_date()), tx.now());
  return KeepClock(tx,
                   ClockOf(record, kReviewHealthAssessment.id, start, record.review_due_date()));
}

absl::Status WithdrawOpen(Transaction& tx, const std::string& record) {
  const HealthAssessmentStore assessments;
  ASSIGN_OR_RETURN(auto open, assessments.LockOpen(tx, record));
  if (!open) return absl::OkStatus();
  RETURN_IF_ERROR(Withdraw(*open, "The period of care has ended."));
  return assessments.Update(tx, *open);
}

absl::Status Follow(Transaction& tx, const HealthRecordStore& store, HealthRecord record,
                    const CareNow& care) {
  const std::string before = record.SerializeAsString();
  const bool was_open = record.state() == HealthRecord::STATE_OPEN;
  SetCare(record, care);
  if (record.SerializeAsString() == before) return absl::OkStatus();
  if (record.state() == HealthRecord::STATE_OPEN) {
    RETURN_IF_ERROR(KeepClocks(tx, record, !was_open));
  } else {
    // What fell due between the end and its being recorded was not owed.
    RETURN_IF_ERROR(
        timescales::CancelAll(tx.db(), record.name(), InstantOn(*care.end, tx.now())).status());
    RETURN_IF_ERROR(WithdrawOpen(tx, record.name()));
  }
  return store.Update(tx, record);
}

}  // namespace

absl::StatusOr<pb::GetHealthRecordResponse> HealthRecords::Get(
    const pb::GetHealthRecordRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(HealthRecord record, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetHealthRecordResponse>(std::move(record), reading.now());
}

absl::StatusOr<pb::ListHealthRecordsResponse> HealthRecords::List(
    const pb::ListHealthRecordsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListHealthRecordsResponse response;
  for (HealthRecord& record : page.resources) {
    ClearForList(record);
    SetStandings(record, LondonDay(reading.now()));
    *response.add_health_records() = std::move(record);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::RecordDentalCheckResponse> HealthRecords::RecordDental(
    const pb::RecordDentalCheckRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record,
                   ChangeRecord(store_, tx, request, [&](HealthRecord& changed) {
                     return AddDentalCheck(changed, request.dental_check());
                   }));
  return ReplyWith<pb::RecordDentalCheckResponse>(std::move(record), tx.now());
}

absl::StatusOr<pb::RecordImmunisationsResponse> HealthRecords::RecordImmunisations(
    const pb::RecordImmunisationsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record,
                   ChangeRecord(store_, tx, request, [&](HealthRecord& changed) {
                     return AddImmunisations(changed, request.immunisations());
                   }));
  return ReplyWith<pb::RecordImmunisationsResponse>(std::move(record), tx.now());
}

absl::StatusOr<pb::RecordSdqResponse> HealthRecords::RecordSdq(const pb::RecordSdqRequest& request,
                                                               Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const KnownChild child, LockChild(tx.db(), record.child()));
  RETURN_IF_ERROR(AddSdq(record, request.sdq(), child.birth_date));
  RETURN_IF_ERROR(store_.Update(tx, record));
  return ReplyWith<pb::RecordSdqResponse>(std::move(record), tx.now());
}

absl::StatusOr<pb::RecordSubstanceMisuseResponse> HealthRecords::RecordSubstanceMisuse(
    const pb::RecordSubstanceMisuseRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record,
                   ChangeRecord(store_, tx, request, [&](HealthRecord& changed) {
                     return AddSubstanceMisuse(changed, request.substance_misuse());
                   }));
  return ReplyWith<pb::RecordSubstanceMisuseResponse>(std::move(record), tx.now());
}

absl::StatusOr<pb::IssueHealthPassportResponse> HealthRecords::IssuePassport(
    const pb::IssueHealthPassportRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(HealthRecord record, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const KnownChild child, LockChild(tx.db(), record.child()));
  RETURN_IF_ERROR(children_in_care::IssuePassport(record, request.passport(), child.birth_date));
  RETURN_IF_ERROR(store_.Update(tx, record));
  return ReplyWith<pb::IssueHealthPassportResponse>(std::move(record), tx.now());
}

absl::Status KeepHealth(Transaction& tx, const CareNow& care) {
  const HealthRecordStore store;
  ASSIGN_OR_RETURN(std::optional<HealthRecord> known, store.LockOf(tx, care));
  if (known) return Follow(tx, store, *std::move(known), care);
  if (care.end) return absl::OkStatus();
  HealthRecord record = BeginHealthRecord(care);
  record.set_name(store.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(KeepClocks(tx, record, false));
  return store.Insert(tx, record);
}

absl::Status TellHealthRecord(Transaction& tx, const HealthRecordStore& store, HealthRecord& record,
                              pb::AssessmentKind kind, absl::CivilDay day, bool refused) {
  ASSIGN_OR_RETURN(const KnownChild child, LockChild(tx.db(), record.child()));
  if (NoteAssessment(record, kind, day, refused, child.birth_date)) {
    const char* rule = kind == pb::ASSESSMENT_KIND_INITIAL ? kInitialHealthAssessment.id
                                                           : kReviewHealthAssessment.id;
    const absl::Time done = InstantOn(day, tx.now());
    RETURN_IF_ERROR(refused ? timescales::Cancel(tx.db(), record.name(), rule, tx.now()).status()
                            : timescales::Meet(tx.db(), record.name(), rule, done).status());
    // A moment later, for the clock that is met may have started at that very instant.
    RETURN_IF_ERROR(KeepClock(tx, ClockOf(record, kReviewHealthAssessment.id,
                                          done + absl::Microseconds(1), record.review_due_date())));
  }
  return store.Update(tx, record);
}

void RegisterHealthRecords(ServiceContext& context) {
  context.methods()
      .Of("safeguarding.children_in_care.v1.HealthRecordsService",
          context.Keep(std::make_unique<HealthRecords>()))
      .Read("GetHealthRecord", &HealthRecords::Get)
      .Read("ListHealthRecords", &HealthRecords::List)
      .Write("RecordDentalCheck", &HealthRecords::RecordDental)
      .Write("RecordImmunisations", &HealthRecords::RecordImmunisations)
      .Write("RecordSdq", &HealthRecords::RecordSdq)
      .Write("RecordSubstanceMisuse", &HealthRecords::RecordSubstanceMisuse)
      .Write("IssueHealthPassport", &HealthRecords::IssuePassport);
}

}  // namespace lscp::children_in_care
