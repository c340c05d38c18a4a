#pragma once

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "children_in_care/care_now.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/children_in_care/v1/health_assessments_service.pb.h"
#include "safeguarding/children_in_care/v1/health_records_service.pb.h"

// The rules of the health of children in care: when assessments are due, and routine checks. No
// SQL, no gRPC, no clock. After an error a record is not to be stored.
namespace lscp::children_in_care {

// What is recorded of the child's care opens and closes the record.
inline constexpr Transition<pb::HealthRecord::State> kHealthRecordTransitions[] = {
    {"StartCare", {pb::HealthRecord::STATE_UNSPECIFIED}, pb::HealthRecord::STATE_OPEN},
    {"RecordDentalCheck", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"RecordImmunisations", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"RecordSdq", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"RecordSubstanceMisuse", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"RequestHealthAssessment", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"RecordHealthAssessment", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"RecordAssessmentRefusal", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"IssueHealthPassport", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_OPEN},
    {"IssueHealthPassport", {pb::HealthRecord::STATE_CLOSED}, pb::HealthRecord::STATE_CLOSED},
    {"EndCare", {pb::HealthRecord::STATE_OPEN}, pb::HealthRecord::STATE_CLOSED},
    {"CorrectCare", {pb::HealthRecord::STATE_CLOSED}, pb::HealthRecord::STATE_OPEN},
};

// Promoting the health and well-being of looked-after children (2015, updated 2022), paragraphs 41
// and 42: the health plan that follows from the assessment is there for the first review, which is
// within 20 working days of the start of care.
inline constexpr TimescaleRule kInitialHealthAssessment = {
    "initial_health_assessment", "Initial health assessment done", "child came into care",
    WorkingDays(20), "Promoting the health of looked-after children, paragraphs 41, 42"};
// The same, paragraph 53: every six months before the fifth birthday, every twelve after.
inline constexpr TimescaleRule kReviewHealthAssessment = {
    "review_health_assessment", "Review health assessment done", "last health assessment",
    Months(12),
    "Promoting the health of looked-after children, paragraph 53; six months for children under "
    "five"};

absl::CivilDay InitialAssessmentDue(absl::CivilDay care_start);
// By age on the day of the last assessment; a child whose birthday is not known counts as under
// five.
absl::CivilDay ReviewAssessmentDue(absl::CivilDay last, const std::optional<absl::CivilDay>& birth);

// The record of a period of care that begins, without a name yet.
pb::HealthRecord BeginHealthRecord(const CareNow& care);
// Makes the record agree with what is known of the period of care: when it began, who answers for
// the child, whether it has ended.
void SetCare(pb::HealthRecord& record, const CareNow& care);

// That this may be done to the record: TRANSITION_NOT_ALLOWED.
absl::Status AllowOnHealthRecord(const pb::HealthRecord& record, std::string_view verb);
// That an assessment of the kind is the one to be done: the initial one is done once, and first.
absl::Status AllowKind(const pb::HealthRecord& record, pb::AssessmentKind kind);
// That the day lies in the period of care.
absl::Status AllowDay(const pb::HealthRecord& record, absl::CivilDay day);

// What an assessment, done or refused on a day, changes of the record. True if it begins the time
// to the next.
bool NoteAssessment(pb::HealthRecord& record, pb::AssessmentKind kind, absl::CivilDay day,
                    bool refused, const std::optional<absl::CivilDay>& birth);

absl::Status AddDentalCheck(pb::HealthRecord& record, const pb::DentalCheck& check);
absl::Status AddImmunisations(pb::HealthRecord& record, const pb::ImmunisationStatus& status);
absl::Status AddSdq(pb::HealthRecord& record, const pb::Sdq& sdq,
                    const std::optional<absl::CivilDay>& birth);
absl::Status AddSubstanceMisuse(pb::HealthRecord& record, const pb::SubstanceMisuse& found);
absl::Status IssuePassport(pb::HealthRecord& record, const pb::HealthPassport& passport,
                           const std::optional<absl::CivilDay>& birth);

// How an assessment stands on a day that is or was due; `done` when it was done.
pb::AssessmentStanding StandingOf(absl::CivilDay due, const std::optional<absl::CivilDay>& done,
                                  absl::CivilDay today);
// Fills in how the assessments stand on a day.
void SetStandings(pb::HealthRecord& record, absl::CivilDay today);

// Without what a list does not show.
void ClearForList(pb::HealthRecord& record);

}  // namespace lscp::children_in_care
