#include "children_in_care/health_record.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using lscp::testing::BrokenRule;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::Violations;
using pb::HealthRecord;
using ::testing::ElementsAre;

const CivilDay kStart(2025, 3, 3);  // a Monday
const CivilDay kSix(2019, 1, 1);
const CivilDay kSixteen(2009, 1, 1);

CareNow Care(std::optional<CivilDay> end = std::nullopt) {
  CareNow care;
  care.name = "boroughs/testborough/childrenInCare/c1";
  care.child = "boroughs/testborough/children/k1";
  care.team = "care-1";
  care.start = kStart;
  care.end = end;
  return care;
}

HealthRecord Open() {
  HealthRecord record = BeginHealthRecord(Care());
  record.set_name("boroughs/testborough/healthRecords/h1");
  return record;
}

template <typename Message>
Message On(CivilDay day, const char* field, const std::string& rest = "") {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      std::string(field) + " { year: " + std::to_string(day.year()) + " month: " +
          std::to_string(day.month()) + " day: " + std::to_string(day.day()) + " } " + rest,
      &message));
  return message;
}

TEST(HealthRecordStates, AreWholeAndInTheReadme) {
  EXPECT_TRUE(IsWhole(kHealthRecordTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILDREN_IN_CARE_README, MarkdownTable(kHealthRecordTransitions)));
}

TEST(HealthRecordStates, FollowTheCare) {
  HealthRecord record = Open();
  EXPECT_EQ(record.state(), HealthRecord::STATE_OPEN);
  SetCare(record, Care(kStart + 10));
  EXPECT_EQ(record.state(), HealthRecord::STATE_CLOSED);
  EXPECT_EQ(ReasonOf(AddDentalCheck(record, On<pb::DentalCheck>(kStart, "check_date"))),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  SetCare(record, Care());
  EXPECT_EQ(record.state(), HealthRecord::STATE_OPEN) << "the end was a mistake";
  EXPECT_FALSE(record.has_care_end_date());
}

TEST(InitialAssessment, IsDueAfterTwentyWorkingDays) {
  EXPECT_EQ(InitialAssessmentDue(CivilDay(2025, 3, 3)), CivilDay(2025, 3, 31));
  EXPECT_EQ(InitialAssessmentDue(CivilDay(2025, 4, 5)), CivilDay(2025, 5, 7)) << "Easter, May Day";
  EXPECT_EQ(InitialAssessmentDue(CivilDay(2022, 12, 16)), CivilDay(2023, 1, 18));
}

TEST(ReviewAssessment, IsDueByAge) {
  EXPECT_EQ(ReviewAssessmentDue(kStart, CivilDay(2020, 3, 4)), CivilDay(2025, 9, 3));
  EXPECT_EQ(ReviewAssessmentDue(kStart, CivilDay(2020, 3, 3)), CivilDay(2026, 3, 3));
  EXPECT_EQ(ReviewAssessmentDue(kStart, std::nullopt), CivilDay(2025, 9, 3)) << "not known";
  EXPECT_EQ(ReviewAssessmentDue(CivilDay(2024, 8, 31), CivilDay(2022, 1, 1)),
            CivilDay(2025, 2, 28));
}

TEST(InitialAssessment, LateRefusedAndNoRecordAreDifferentThings) {
  struct Row {
    std::optional<CivilDay> done;
    bool refused;
    CivilDay today;
    pb::AssessmentStanding standing;
  };
  const CivilDay due(2025, 3, 31);
  for (const Row& row : {
           Row{{}, false, due, pb::ASSESSMENT_STANDING_NOT_DUE},
           Row{{}, false, due + 1, pb::ASSESSMENT_STANDING_NO_RECORD},
           Row{due, false, due + 9, pb::ASSESSMENT_STANDING_IN_TIME},
           Row{due + 1, false, due + 9, pb::ASSESSMENT_STANDING_LATE},
           Row{due + 1, true, due + 9, pb::ASSESSMENT_STANDING_REFUSED},
       }) {
    HealthRecord record = Open();
    if (row.done) {
      NoteAssessment(record, pb::ASSESSMENT_KIND_INITIAL, *row.done, row.refused, kSix);
    }
    SetStandings(record, row.today);
    EXPECT_EQ(record.initial_standing(), row.standing) << row.today;
  }
}

TEST(InitialAssessment, IsNotMissedByAChildWhoLeftBeforeItWasDue) {
  HealthRecord record = Open();
  SetCare(record, Care(kStart + 10));
  SetStandings(record, CivilDay(2026, 1, 1));
  EXPECT_EQ(record.initial_standing(), pb::ASSESSMENT_STANDING_NOT_DUE);
  SetCare(record, Care(CivilDay(2025, 4, 1)));
  SetStandings(record, CivilDay(2026, 1, 1));
  EXPECT_EQ(record.initial_standing(), pb::ASSESSMENT_STANDING_NO_RECORD);
}

TEST(Assessments, BeginWithTheInitialOne) {
  HealthRecord record = Open();
  EXPECT_TRUE(AllowKind(record, pb::ASSESSMENT_KIND_INITIAL).ok());
  EXPECT_EQ(BrokenRule(AllowKind(record, pb::ASSESSMENT_KIND_REVIEW)), "initial_assessment");
  EXPECT_TRUE(NoteAssessment(record, pb::ASSESSMENT_KIND_INITIAL, kStart + 7, false, kSix));
  EXPECT_EQ(BrokenRule(AllowKind(record, pb::ASSESSMENT_KIND_INITIAL)), "initial_assessment");
  EXPECT_TRUE(AllowKind(record, pb::ASSESSMENT_KIND_REVIEW).ok());
  EXPECT_EQ(ProtoToDate(record.review_due_date()), CivilDay(2026, 3, 10));
  EXPECT_FALSE(NoteAssessment(record, pb::ASSESSMENT_KIND_REVIEW, kStart + 5, false, kSix))
      << "told late";
  EXPECT_TRUE(NoteAssessment(record, pb::ASSESSMENT_KIND_REVIEW, kStart + 100, false, kSix));
  EXPECT_EQ(ProtoToDate(record.last_assessment_date()), kStart + 100);
  SetStandings(record, CivilDay(2026, 6, 12));
  EXPECT_EQ(record.review_standing(), pb::ASSESSMENT_STANDING_NO_RECORD);
}

TEST(RoutineChecks, AreOfThePeriodOfCare) {
  HealthRecord record = Open();
  EXPECT_EQ(BrokenRule(AddDentalCheck(record, On<pb::DentalCheck>(kStart - 1, "check_date"))),
            "in_care");
  EXPECT_TRUE(AddDentalCheck(record, On<pb::DentalCheck>(kStart + 9, "check_date")).ok());
  EXPECT_TRUE(AddDentalCheck(record, On<pb::DentalCheck>(kStart + 2, "check_date")).ok());
  EXPECT_EQ(ProtoToDate(record.last_dental_date()), kStart + 9) << "told late";
  EXPECT_EQ(
      BrokenRule(AddImmunisations(record, On<pb::ImmunisationStatus>(kStart - 1, "check_date"))),
      "in_care");
}

TEST(Sdq, IsForChildrenOfFourToSixteen) {
  struct Row {
    CivilDay birth;
    const char* answer;
    const char* rule;
  };
  for (const Row& row : {
           Row{CivilDay(2021, 3, 3), "score: 12", ""},
           Row{CivilDay(2021, 3, 4), "score: 12", "sdq_age"},
           Row{CivilDay(2021, 3, 4), "reason: SDQ_REASON_AGE", ""},
           Row{CivilDay(2008, 3, 4), "score: 0", ""},
           Row{CivilDay(2008, 3, 3), "score: 0", "sdq_age"},
           Row{CivilDay(2008, 3, 4), "reason: SDQ_REASON_AGE", "sdq_age"},
           Row{CivilDay(2015, 3, 4), "reason: SDQ_REASON_CARER_REFUSED", ""},
       }) {
    HealthRecord record = Open();
    EXPECT_EQ(
        BrokenRule(AddSdq(record, On<pb::Sdq>(kStart, "complete_date", row.answer), row.birth)),
        row.rule)
        << row.birth << row.answer;
    EXPECT_EQ(record.sdqs_size(), *row.rule == '\0' ? 1 : 0);
  }
}

TEST(Sdq, HasAScoreOrAReason) {
  HealthRecord record = Open();
  EXPECT_THAT(Violations(AddSdq(record, On<pb::Sdq>(kStart, "complete_date"), kSix)),
              ElementsAre("sdq.reason"));
  EXPECT_THAT(
      Violations(AddSdq(
          record, On<pb::Sdq>(kStart, "complete_date", "score: 1 reason: SDQ_REASON_OTHER"), kSix)),
      ElementsAre("sdq.reason"));
}

TEST(SubstanceMisuse, SaysWhatWasDoneAboutAProblem) {
  HealthRecord record = Open();
  EXPECT_THAT(Violations(AddSubstanceMisuse(
                  record, On<pb::SubstanceMisuse>(kStart, "check_date", "identified: true"))),
              ElementsAre("substance_misuse.intervention"));
  EXPECT_TRUE(AddSubstanceMisuse(record, On<pb::SubstanceMisuse>(
                                             kStart, "check_date",
                                             "identified: true intervention: INTERVENTION_REFUSED"))
                  .ok());
  EXPECT_TRUE(AddSubstanceMisuse(record, On<pb::SubstanceMisuse>(kStart, "check_date")).ok());
}

TEST(HealthPassport, IsForYoungPeopleWhoMayLeaveCare) {
  HealthRecord record = Open();
  const auto passport = On<pb::HealthPassport>(kStart, "issue_date");
  EXPECT_EQ(BrokenRule(IssuePassport(record, passport, kSix)), "leaving_care");
  SetCare(record, Care(kStart));
  EXPECT_TRUE(IssuePassport(record, passport, kSixteen).ok()) << "also after care";
}

}  // namespace
}  // namespace lscp::children_in_care
