#include "children_in_care/health_record.h"

#include <algorithm>
#include <string_view>

#include "children_in_care/care_rules.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

using pb::HealthRecord;

absl::CivilDay DueAfter(absl::CivilDay from, Span span) {
  return LastDayOf(DueAt(StartOfDay(from), span, WorkingDayCalendar()));
}

absl::Status Check(const HealthRecord& record, std::string_view verb,
                   const google::type::Date& date) {
  RETURN_IF_ERROR(AllowOnHealthRecord(record, verb));
  return AllowDay(record, *ProtoToDate(date));
}

// Children looked after return (SSDA903), OC2: a score for those aged four to sixteen; the reason
// SDQ1 for the others, and only for them.
absl::Status CheckSdqAge(const HealthRecord& record, const pb::Sdq& sdq,
                         const std::optional<absl::CivilDay>& birth) {
  if (!birth) return absl::OkStatus();
  const int age = AgeOn(*birth, *ProtoToDate(sdq.complete_date()));
  const bool of_age = age >= 4 && age <= 16;
  if (of_age != (sdq.reason() == pb::SDQ_REASON_AGE)) return absl::OkStatus();
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "sdq_age", record.name(),
                            "the questionnaire is for children aged four to sixteen");
}

}  // namespace

absl::CivilDay InitialAssessmentDue(absl::CivilDay care_start) {
  return DueAfter(care_start, kInitialHealthAssessment.due_after);
}

absl::CivilDay ReviewAssessmentDue(absl::CivilDay last,
                                   const std::optional<absl::CivilDay>& birth) {
  const bool under_five = !birth || AgeOn(*birth, last) < 5;
  return DueAfter(last, under_five ? Months(6) : kReviewHealthAssessment.due_after);
}

HealthRecord BeginHealthRecord(const CareNow& care) {
  HealthRecord record;
  record.set_state(HealthRecord::STATE_OPEN);
  record.set_child(care.child);
  record.set_child_in_care(care.name);
  SetCare(record, care);
  return record;
}

void SetCare(HealthRecord& record, const CareNow& care) {
  *record.mutable_care_start_date() = DateToProto(care.start);
  *record.mutable_initial_due_date() = DateToProto(InitialAssessmentDue(care.start));
  record.set_team(care.team);
  record.set_worker(care.worker);
  record.set_state(care.end ? HealthRecord::STATE_CLOSED : HealthRecord::STATE_OPEN);
  if (care.end) {
    *record.mutable_care_end_date() = DateToProto(*care.end);
  } else {
    record.clear_care_end_date();
  }
}

absl::Status AllowOnHealthRecord(const HealthRecord& record, std::string_view verb) {
  return Next(kHealthRecordTransitions, verb, record.state(), record.name()).status();
}

absl::Status AllowKind(const HealthRecord& record, pb::AssessmentKind kind) {
  const bool initial = kind == pb::ASSESSMENT_KIND_INITIAL;
  if (initial != record.has_initial_date()) return absl::OkStatus();
  return PreconditionFailed(
      reason::ERROR_REASON_RULE_NOT_MET, "initial_assessment", record.name(),
      initial ? "the initial assessment is done" : "the initial assessment is not done");
}

absl::Status AllowDay(const HealthRecord& record, absl::CivilDay day) {
  if (day >= *ProtoToDate(record.care_start_date())) return absl::OkStatus();
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "in_care", record.name(),
                            "the child was not in care on that day");
}

bool NoteAssessment(HealthRecord& record, pb::AssessmentKind kind, absl::CivilDay day, bool refused,
                    const std::optional<absl::CivilDay>& birth) {
  if (kind == pb::ASSESSMENT_KIND_INITIAL) {
    *record.mutable_initial_date() = DateToProto(day);
    record.set_initial_standing(refused ? pb::ASSESSMENT_STANDING_REFUSED
                                        : pb::ASSESSMENT_STANDING_UNSPECIFIED);
  }
  if (record.has_last_assessment_date() && day <= *ProtoToDate(record.last_assessment_date())) {
    return false;
  }
  *record.mutable_last_assessment_date() = DateToProto(day);
  *record.mutable_review_due_date() = DateToProto(ReviewAssessmentDue(day, birth));
  return true;
}

absl::Status AddDentalCheck(HealthRecord& record, const pb::DentalCheck& check) {
  RETURN_IF_ERROR(Check(record, "RecordDentalCheck", check.check_date()));
  *record.add_dental_checks() = check;
  const absl::CivilDay day = *ProtoToDate(check.check_date());
  if (!record.has_last_dental_date() || day > *ProtoToDate(record.last_dental_date())) {
    *record.mutable_last_dental_date() = DateToProto(day);
  }
  return absl::OkStatus();
}

absl::Status AddImmunisations(HealthRecord& record, const pb::ImmunisationStatus& status) {
  RETURN_IF_ERROR(Check(record, "RecordImmunisations", status.check_date()));
  *record.add_immunisations() = status;
  return absl::OkStatus();
}

absl::Status AddSdq(HealthRecord& record, const pb::Sdq& sdq,
                    const std::optional<absl::CivilDay>& birth) {
  RETURN_IF_ERROR(Check(record, "RecordSdq", sdq.complete_date()));
  if (sdq.has_score() == (sdq.reason() != pb::SDQ_REASON_UNSPECIFIED)) {
    return InvalidField("sdq.reason", "is required without a score, and only then");
  }
  RETURN_IF_ERROR(CheckSdqAge(record, sdq, birth));
  *record.add_sdqs() = sdq;
  return absl::OkStatus();
}

absl::Status AddSubstanceMisuse(HealthRecord& record, const pb::SubstanceMisuse& found) {
  RETURN_IF_ERROR(Check(record, "RecordSubstanceMisuse", found.check_date()));
  if (found.identified() != (found.intervention() != pb::INTERVENTION_UNSPECIFIED)) {
    return InvalidField("substance_misuse.intervention",
                        "is required when a problem was identified, and only then");
  }
  *record.add_substance_misuse() = found;
  return absl::OkStatus();
}

absl::Status IssuePassport(HealthRecord& record, const pb::HealthPassport& passport,
                           const std::optional<absl::CivilDay>& birth) {
  RETURN_IF_ERROR(Check(record, "IssueHealthPassport", passport.issue_date()));
  // Promoting the health of looked-after children, "Transitions from care".
  if (birth && AgeOn(*birth, *ProtoToDate(passport.issue_date())) < 16) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "leaving_care", record.name(),
                              "the passport is for young people of 16 and older");
  }
  *record.mutable_passport() = passport;
  return absl::OkStatus();
}

pb::AssessmentStanding StandingOf(absl::CivilDay due, const std::optional<absl::CivilDay>& done,
                                  absl::CivilDay today) {
  if (done) return *done <= due ? pb::ASSESSMENT_STANDING_IN_TIME : pb::ASSESSMENT_STANDING_LATE;
  return today <= due ? pb::ASSESSMENT_STANDING_NOT_DUE : pb::ASSESSMENT_STANDING_NO_RECORD;
}

void SetStandings(HealthRecord& record, absl::CivilDay today) {
  // What was not due while the child was in care was not missed.
  const absl::CivilDay asked =
      record.has_care_end_date() ? std::min(today, *ProtoToDate(record.care_end_date())) : today;
  if (record.initial_standing() != pb::ASSESSMENT_STANDING_REFUSED) {
    record.set_initial_standing(StandingOf(
        *ProtoToDate(record.initial_due_date()),
        record.has_initial_date() ? ProtoToDate(record.initial_date()) : std::nullopt, asked));
  }
  if (record.has_review_due_date()) {
    record.set_review_standing(
        StandingOf(*ProtoToDate(record.review_due_date()), std::nullopt, asked));
  }
}

void ClearForList(HealthRecord& record) {
  record.clear_dental_checks();
  record.clear_immunisations();
  record.clear_sdqs();
  record.clear_substance_misuse();
  record.clear_passport();
}

}  // namespace lscp::children_in_care
