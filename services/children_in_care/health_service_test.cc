#include "children_in_care/care_now.h"
#include "children_in_care/health_assessment_service.h"
#include "children_in_care/health_record.h"
#include "children_in_care/health_record_service.h"
#include "children_in_care/testing/fixture.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using lscp::testing::BrokenRule;
using pb::HealthAssessment;
using pb::HealthRecord;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kInitial[] = "initial_health_assessment";
constexpr char kReview[] = "review_health_assessment";
constexpr char kResult[] =
    "result { assessment_date { year: 2025 month: 3 day: 3 } practitioner: PRACTITIONER_DOCTOR "
    "findings: 'Invented.' health_plan: 'Invented.' } ";
constexpr char kRequest[] =
    "kind: ASSESSMENT_KIND_INITIAL agency: 'testhealth' assessed { given_name: 'Testa' "
    "family_name: 'Beispiel' birth_date { year: 2015 month: 6 day: 1 } contact: '020 7946 0001' } "
    "consent { given_by: CONSENTER_PARENT consent_date { year: 2025 month: 3 day: 3 } } ";

// A child who came into care on 3 February 2025: the initial assessment is due on 3 March, today.
class HealthTest : public Fixture {
 protected:
  HealthTest() : child_(Child("k1")), care_(InCare(child_)) {}

  std::vector<HealthRecord> Listed(const std::string& filter = "") {
    const auto reply =
        harness_.Run(records_, &HealthRecords::List,
                     Parse<pb::ListHealthRecordsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok()) return {};
    return {reply->health_records().begin(), reply->health_records().end()};
  }
  HealthRecord Record() {
    const auto records = Listed();
    EXPECT_THAT(records, SizeIs(1));
    return records.empty() ? HealthRecord() : records[0];
  }
  absl::StatusOr<HealthAssessment> Ask(const std::string& fields = kRequest) {
    const auto reply = harness_.Run(assessments_, &HealthAssessments::Request,
                                    Of<pb::RequestHealthAssessmentRequest>(Record(), fields));
    if (!reply.ok()) return reply.status();
    return reply->health_assessment();
  }
  absl::StatusOr<HealthAssessment> Complete(const HealthAssessment& assessment) {
    const auto reply = harness_.Run(agencies_, &AssessingAgencies::Complete,
                                    Of<pb::CompleteHealthAssessmentRequest>(assessment, kResult));
    if (!reply.ok()) return reply.status();
    return reply->health_assessment();
  }
  std::vector<HealthAssessment> Mine() {
    const auto reply =
        harness_.Run(agencies_, &AssessingAgencies::List,
                     Parse<pb::ListMyHealthAssessmentsRequest>("parent: 'boroughs/barnet'"));
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok()) return {};
    return {reply->health_assessments().begin(), reply->health_assessments().end()};
  }
  void EndCare(const std::string& day = "year: 2025 month: 3 day: 3") {
    const auto ended = harness_.Run(
        children_, &ChildrenInCare::End,
        Of<pb::EndCareRequest>(
            care_, "end_date { " + day + " } end_reason: EPISODE_END_REASON_HOME_PLANNED"));
    ASSERT_TRUE(ended.ok()) << ended.status();
    care_ = ended->child_in_care();
  }
  void As(const std::string& agency) {
    harness_.caller.agency = agency;
    harness_.caller.person = agency == "testhealth" ? "n.nurse" : "";
  }
  void Days(int days) { harness_.clock.Advance(absl::Hours(24 * days)); }

  const std::string child_;
  pb::ChildInCare care_;
  HealthRecords records_;
  HealthAssessments assessments_;
  AssessingAgencies agencies_;
};

TEST_F(HealthTest, TheInitialAssessmentIsOwedFromTheFirstDayOfCare) {
  const HealthRecord record = Record();
  EXPECT_EQ(record.child(), child_);
  EXPECT_EQ(record.child_in_care(), care_.name());
  EXPECT_EQ(ProtoToDate(record.initial_due_date()), CivilDay(2025, 3, 3));
  EXPECT_EQ(ClockOf(record.name(), kInitial), "due 2025-03-03");
  EXPECT_EQ(ClockOf(record.name(), kReview), "none");
}

TEST_F(HealthTest, LateAndNoRecordAreDifferentThings) {
  EXPECT_THAT(Listed("initial_standings: ASSESSMENT_STANDING_NOT_DUE"), SizeIs(1));
  Days(1);
  EXPECT_THAT(Listed("initial_standings: ASSESSMENT_STANDING_NOT_DUE"), IsEmpty());
  EXPECT_THAT(Listed("initial_standings: ASSESSMENT_STANDING_NO_RECORD"), SizeIs(1));
  const auto told = harness_.Run(
      assessments_, &HealthAssessments::Record,
      Of<pb::RecordHealthAssessmentRequest>(
          Record(),
          "kind: ASSESSMENT_KIND_INITIAL consent { given_by: CONSENTER_PARENT consent_date { year: "
          "2025 month: 3 day: 3 } } result { assessment_date { year: 2025 month: 3 day: 4 } "
          "practitioner: PRACTITIONER_DOCTOR findings: 'x' health_plan: 'x' }"));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->health_assessment().standing(), pb::ASSESSMENT_STANDING_LATE);
  EXPECT_THAT(Listed("initial_standings: ASSESSMENT_STANDING_NO_RECORD"), IsEmpty());
  ASSERT_THAT(Listed("initial_standings: ASSESSMENT_STANDING_LATE"), SizeIs(1));
  EXPECT_EQ(Record().initial_standing(), pb::ASSESSMENT_STANDING_LATE);
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-03 met 2025-03-04");
  EXPECT_EQ(ClockOf(Record().name(), kReview), "due 2026-03-04") << "nine years old";
  Days(366);
  EXPECT_THAT(Listed("review_overdue: true"), SizeIs(1));
}

TEST_F(HealthTest, AnAgencySeesWhatItIsAskedForAndAnswers) {
  const auto asked = Ask();
  ASSERT_TRUE(asked.ok()) << asked.status();
  ASSERT_FALSE(harness_.entries.empty());
  EXPECT_EQ(harness_.entries[0].event->type, "children_in_care.health_assessment_requested");
  As("testschool");
  EXPECT_THAT(Mine(), IsEmpty());
  EXPECT_EQ(Complete(*asked).status().code(), absl::StatusCode::kPermissionDenied);
  As("testhealth");
  ASSERT_THAT(Mine(), SizeIs(1));
  EXPECT_EQ(Mine()[0].assessed().given_name(), "Testa");
  const auto offered = harness_.Run(
      agencies_, &AssessingAgencies::Offer,
      Of<pb::OfferHealthAppointmentRequest>(*asked, "appointment_time { seconds: 1741100000 }"));
  ASSERT_TRUE(offered.ok()) << offered.status();
  const auto missed = harness_.Run(
      agencies_, &AssessingAgencies::ReportNotAttended,
      Of<pb::ReportNotAttendedRequest>(offered->health_assessment(), "note: 'Not brought.'"));
  ASSERT_TRUE(missed.ok()) << missed.status();
  EXPECT_EQ(missed->health_assessment().missed_appointments(), 1u);
  const auto done = Complete(missed->health_assessment());
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->standing(), pb::ASSESSMENT_STANDING_IN_TIME);
  harness_.caller.agency = "testcouncil";
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-03 met 2025-03-03");
  EXPECT_EQ(ClockOf(Record().name(), kReview), "due 2026-03-03");
}

TEST_F(HealthTest, OneAgencyIsAskedAtATime) {
  const auto asked = Ask();
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(BrokenRule(Ask().status()), "one_request");
  As("testhealth");
  const auto declined =
      harness_.Run(agencies_, &AssessingAgencies::Decline,
                   Of<pb::DeclineHealthAssessmentRequest>(*asked, "reason: 'No doctor.'"));
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-03") << "still owed";
  EXPECT_TRUE(Ask().ok());
}

TEST_F(HealthTest, ARefusalEndsWhatIsOwedUntilTheNextTime) {
  const auto refused = harness_.Run(
      assessments_, &HealthAssessments::RecordRefusal,
      Of<pb::RecordAssessmentRefusalRequest>(
          Record(),
          "kind: ASSESSMENT_KIND_INITIAL reason: 'x' refusal_date { year: 2025 month: 3 day: 3 }"));
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_EQ(Record().initial_standing(), pb::ASSESSMENT_STANDING_REFUSED);
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-03 cancelled 2025-03-03");
  EXPECT_EQ(ClockOf(Record().name(), kReview), "due 2026-03-03");
  EXPECT_THAT(Listed("initial_standings: ASSESSMENT_STANDING_REFUSED"), SizeIs(1));
}

TEST_F(HealthTest, NothingIsOwedWhenCareHasEnded) {
  const auto asked = Ask();
  ASSERT_TRUE(asked.ok()) << asked.status();
  EndCare();
  EXPECT_EQ(Record().state(), HealthRecord::STATE_CLOSED);
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-03 cancelled 2025-03-03");
  As("testhealth");
  ASSERT_THAT(Mine(), SizeIs(1));
  EXPECT_EQ(Mine()[0].state(), HealthAssessment::STATE_WITHDRAWN);
}

TEST_F(HealthTest, WhatFellDueAfterAnEndThatIsRecordedLateWasNotOwed) {
  Days(7);
  EndCare("year: 2025 month: 2 day: 24");
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-03 cancelled 2025-02-24");
  EXPECT_EQ(Record().initial_standing(), pb::ASSESSMENT_STANDING_NOT_DUE);
}

TEST_F(HealthTest, ACorrectionMovesWhatIsOwed) {
  auto request = Of<pb::CorrectCareRequest>(care_, "reason: 'Invented.'");
  *request.mutable_steps() = care_.steps();
  request.mutable_steps(0)->mutable_date()->set_day(10);
  const auto corrected = harness_.Run(children_, &ChildrenInCare::Correct, request);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(ProtoToDate(Record().care_start_date()), CivilDay(2025, 2, 10));
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-10");
}

TEST_F(HealthTest, AnEndThatWasAMistakeIsUndone) {
  const auto steps = care_.steps();
  EndCare();
  auto request = Of<pb::CorrectCareRequest>(care_, "reason: 'Invented.'");
  *request.mutable_steps() = steps;
  const auto corrected = harness_.Run(children_, &ChildrenInCare::Correct, request);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(Record().state(), HealthRecord::STATE_OPEN);
  EXPECT_EQ(ClockOf(Record().name(), kInitial), "due 2025-03-03");
}

TEST_F(HealthTest, AnotherPeriodOfCareHasItsOwnRecord) {
  EndCare("year: 2025 month: 2 day: 20");
  InCare(child_, 25);
  const auto records = Listed();
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].state(), HealthRecord::STATE_OPEN);
  EXPECT_EQ(ClockOf(records[0].name(), kInitial), "due 2025-03-25");
  EXPECT_EQ(records[1].initial_standing(), pb::ASSESSMENT_STANDING_NOT_DUE) << "left before";
}

TEST_F(HealthTest, RoutineChecksAreKept) {
  const auto dental =
      harness_.Run(records_, &HealthRecords::RecordDental,
                   Of<pb::RecordDentalCheckRequest>(
                       Record(), "dental_check { check_date { year: 2025 month: 2 day: 20 } }"));
  ASSERT_TRUE(dental.ok()) << dental.status();
  const auto sdq = harness_.Run(
      records_, &HealthRecords::RecordSdq,
      Of<pb::RecordSdqRequest>(dental->health_record(),
                               "sdq { complete_date { year: 2025 month: 3 day: 3 } score: 17 }"));
  ASSERT_TRUE(sdq.ok()) << sdq.status();
  EXPECT_THAT(Listed("dental_overdue: true"), IsEmpty());
  Days(355);
  EXPECT_THAT(Listed("dental_overdue: true"), SizeIs(1));
  pb::GetHealthRecordRequest get;
  get.set_name(sdq->health_record().name());
  const auto read = harness_.Run(records_, &HealthRecords::Get, get);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->health_record().sdqs(0).score(), 17);
  EXPECT_EQ(read->health_record().dental_checks_size(), 1);
}

TEST_F(HealthTest, IsHiddenWithARestrictedChildButNotFromTheAgencyThatIsAsked) {
  const auto asked = Ask();
  ASSERT_TRUE(asked.ok()) << asked.status();
  Child("k1", "restricted: true allowed_people: 'n.named'", 2);
  EXPECT_THAT(Listed(), IsEmpty());
  As("testhealth");
  EXPECT_THAT(Mine(), SizeIs(1));
  EXPECT_TRUE(Complete(*asked).ok());
}

TEST_F(HealthTest, ShortBreaksOweNothing) {
  EXPECT_THAT(Listed(), SizeIs(1));
  InCare(Child("k2"), 3,
         "legal { status: LEGAL_STATUS_SHORT_BREAK_AGREEMENT } placement { type: "
         "PLACEMENT_TYPE_FOSTER provider: PLACEMENT_PROVIDER_OWN_AUTHORITY }");
  EXPECT_THAT(Listed(), SizeIs(1));
}

}  // namespace
}  // namespace lscp::children_in_care
