#include "children_in_care/health_assessment.h"

#include "children_in_care/health_record.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using pb::HealthAssessment;

const CivilDay kStart(2025, 3, 3);

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

pb::HealthRecord Record() {
  CareNow care;
  care.name = "boroughs/testborough/childrenInCare/c1";
  care.child = "boroughs/testborough/children/k1";
  care.start = kStart;
  pb::HealthRecord record = BeginHealthRecord(care);
  record.set_name("boroughs/testborough/healthRecords/h1");
  return record;
}

HealthAssessment In(HealthAssessment::State state) {
  auto assessment = Parse<HealthAssessment>(
      "name: 'boroughs/testborough/healthAssessments/a1' kind: ASSESSMENT_KIND_INITIAL "
      "due_date { year: 2025 month: 3 day: 31 }");
  assessment.set_state(state);
  return assessment;
}

pb::AssessmentResult Result(CivilDay day, const std::string& practitioner = "DOCTOR") {
  auto result = Parse<pb::AssessmentResult>("practitioner: PRACTITIONER_" + practitioner +
                                            " findings: 'Invented.' health_plan: 'Invented.'");
  *result.mutable_assessment_date() = DateToProto(day);
  return result;
}

pb::RequestHealthAssessmentRequest Request(CivilDay birth, const std::string& consent) {
  auto request = Parse<pb::RequestHealthAssessmentRequest>(
      "kind: ASSESSMENT_KIND_INITIAL agency: 'testhealth' consent { consent_date { year: 2025 "
      "month: 3 day: 4 } given_by: CONSENTER_" +
      consent + " }");
  *request.mutable_assessed()->mutable_birth_date() = DateToProto(birth);
  return request;
}

TEST(HealthAssessmentStates, AreWholeAndInTheReadme) {
  EXPECT_TRUE(IsWhole(kHealthAssessmentTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILDREN_IN_CARE_README, MarkdownTable(kHealthAssessmentTransitions)));
}

TEST(HealthAssessmentStates, AreAsTheTableSaysInEveryCell) {
  pb::CompleteHealthAssessmentRequest complete;
  *complete.mutable_result() = Result(kStart + 3);
  const std::map<std::string, std::function<absl::Status(HealthAssessment&)>> verbs = {
      {"OfferHealthAppointment", [](auto& a) { return OfferAppointment(a, {}); }},
      {"ReportNotAttended", [](auto& a) { return ReportNotAttended(a, {}); }},
      {"CompleteHealthAssessment", [&](auto& a) { return Complete(a, Record(), complete); }},
      {"DeclineHealthAssessment", [](auto& a) { return Decline(a, {}); }},
      {"WithdrawHealthAssessment", [](auto& a) { return Withdraw(a, "x"); }},
      // These make a new one.
      {"RecordHealthAssessment",
       [](auto& a) {
         return Next(kHealthAssessmentTransitions, "RecordHealthAssessment", a.state(), "")
             .status();
       }},
      {"RecordAssessmentRefusal",
       [](auto& a) {
         return Next(kHealthAssessmentTransitions, "RecordAssessmentRefusal", a.state(), "")
             .status();
       }},
  };
  ExpectEveryStateAndVerb(kHealthAssessmentTransitions, "RequestHealthAssessment", verbs, In);
}

TEST(RequestAssessment, TakesTheConsentOfThoseWhoMayGiveIt) {
  struct Row {
    CivilDay birth;
    const char* consent;
    const char* rule;
  };
  const CivilDay young(2015, 1, 1);
  const CivilDay sixteen(2009, 3, 4);
  for (const Row& row : {
           Row{young, "PARENT", ""},
           Row{young, "COUNCIL", ""},
           Row{young, "CHILD", "consent"},
           Row{young, "CHILD competent: true", ""},
           Row{sixteen, "CHILD", ""},
           Row{sixteen, "PARENT", "consent"},
           Row{sixteen, "PARENT note: 'Lacks capacity.'", ""},
           Row{sixteen + 1, "PARENT", ""},
       }) {
    EXPECT_EQ(BrokenRule(RequestAssessment(Record(), Request(row.birth, row.consent),
                                           LondonTime(2025, 3, 4, 10))
                             .status()),
              row.rule)
        << row.birth << row.consent;
  }
}

TEST(RequestAssessment, SaysWhoIsAskedForWhatByWhen) {
  const auto assessment = RequestAssessment(Record(), Request(CivilDay(2015, 1, 1), "PARENT"),
                                            LondonTime(2025, 3, 4, 10));
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  EXPECT_EQ(assessment->agency(), "testhealth");
  EXPECT_EQ(ProtoToDate(assessment->due_date()), CivilDay(2025, 3, 31));
  EXPECT_EQ(assessment->state(), HealthAssessment::STATE_REQUESTED);
}

TEST(Complete, IsByADoctorTheFirstTimeAndInTheTimeOfCare) {
  struct Row {
    const char* kind;
    CivilDay day;
    const char* practitioner;
    const char* rule;
  };
  for (const Row& row : {
           Row{"INITIAL", kStart, "DOCTOR", ""},
           Row{"INITIAL", kStart - 1, "DOCTOR", "in_care"},
           Row{"INITIAL", kStart, "NURSE", "practitioner"},
           Row{"REVIEW", kStart, "NURSE", ""},
           Row{"REVIEW", kStart, "MIDWIFE", ""},
       }) {
    HealthAssessment assessment = In(HealthAssessment::STATE_REQUESTED);
    pb::AssessmentKind kind = pb::ASSESSMENT_KIND_UNSPECIFIED;
    ASSERT_TRUE(pb::AssessmentKind_Parse(std::string("ASSESSMENT_KIND_") + row.kind, &kind));
    assessment.set_kind(kind);
    pb::CompleteHealthAssessmentRequest request;
    *request.mutable_result() = Result(row.day, row.practitioner);
    EXPECT_EQ(BrokenRule(Complete(assessment, Record(), request)), row.rule) << row.practitioner;
  }
}

TEST(Complete, IsInTimeByTheDayOfTheAssessment) {
  for (const int late : {0, 1}) {
    HealthAssessment assessment = In(HealthAssessment::STATE_NOT_ATTENDED);
    pb::CompleteHealthAssessmentRequest request;
    *request.mutable_result() = Result(CivilDay(2025, 3, 31) + late);
    ASSERT_TRUE(Complete(assessment, Record(), request).ok());
    EXPECT_EQ(assessment.standing(),
              late == 0 ? pb::ASSESSMENT_STANDING_IN_TIME : pb::ASSESSMENT_STANDING_LATE);
  }
}

TEST(TellRefusal, IsNeitherLateNorMissing) {
  auto request = Parse<pb::RecordAssessmentRefusalRequest>(
      "kind: ASSESSMENT_KIND_INITIAL refusal_date { year: 2025 month: 4 day: 8 } reason: 'x'");
  const auto assessment = TellRefusal(Record(), request);
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  EXPECT_EQ(assessment->state(), HealthAssessment::STATE_REFUSED);
  EXPECT_EQ(assessment->standing(), pb::ASSESSMENT_STANDING_REFUSED);
}

}  // namespace
}  // namespace lscp::children_in_care
