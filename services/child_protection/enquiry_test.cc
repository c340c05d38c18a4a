#include "child_protection/enquiry.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_protection {
namespace {

using pb::Enquiry;

absl::Time London(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), lscp::London());
}

const absl::Time kHeld = London(2025, 3, 10, 10);  // a Monday
const Step kManager = {"m.manager", "testcouncil", kHeld + absl::Hours(24 * 9)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

Enquiry Started(absl::Time held = kHeld) {
  auto discussion = Parse<pb::StrategyDiscussion>(
      "name: 'boroughs/testborough/strategyDiscussions/d1' team: 'assessment-1'");
  *discussion.mutable_hold_time() = TimeToProto(held);
  return StartEnquiry(discussion, "boroughs/testborough/children/k1", false);
}

absl::Status See(Enquiry& enquiry) {
  return RecordSeen(enquiry, Parse<pb::RecordEnquiryChildSeenRequest>(
                                 "seen { date { year: 2025 month: 3 day: 11 } alone: true }"));
}

Enquiry Seen() {
  Enquiry enquiry = Started();
  EXPECT_TRUE(See(enquiry).ok());
  return enquiry;
}

absl::Status ConcludeWith(Enquiry& enquiry, pb::EnquiryFinding finding, pb::EnquiryNextStep step,
                          const std::string& not_seen_reason = "") {
  pb::ConcludeEnquiryRequest request;
  request.set_finding(finding);
  request.set_next_step(step);
  request.set_not_seen_reason(not_seen_reason);
  return Conclude(enquiry, request, kManager);
}

using Operation = std::function<absl::Status(Enquiry&)>;

const std::map<std::string, Operation>& Operations() {
  static const auto& operations = *new std::map<std::string, Operation>{
      {"AllocateEnquiry",
       [](Enquiry& e) { return Allocate(e, Parse<pb::AllocateEnquiryRequest>("team: 't'")); }},
      {"RecordEnquiryChildSeen", See},
      {"RecordMedicalExamination",
       [](Enquiry& e) {
         return RecordMedical(e, Parse<pb::RecordMedicalExaminationRequest>(
                                     "medical_examination { request_time { seconds: 1 } }"));
       }},
      {"RecordPoliceInvestigation",
       [](Enquiry& e) {
         return RecordPolice(e, Parse<pb::RecordPoliceInvestigationRequest>(
                                    "police_investigation { reference: '01/2345/25' }"));
       }},
      {"ConcludeEnquiry with a conference",
       [](Enquiry& e) {
         return ConcludeWith(e, pb::ENQUIRY_FINDING_CONTINUING_RISK,
                             pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE);
       }},
      {"ConcludeEnquiry without a conference",
       [](Enquiry& e) {
         return ConcludeWith(e, pb::ENQUIRY_FINDING_NOT_SUBSTANTIATED,
                             pb::ENQUIRY_NEXT_STEP_NO_FURTHER_ACTION);
       }},
      {"HoldInitialConference", [](Enquiry& e) { return HoldInitialConference(e, kHeld); }},
      {"CancelEnquiry",
       [](Enquiry& e) { return Cancel(e, Parse<pb::CancelEnquiryRequest>("reason: 'x'")); }},
  };
  return operations;
}

TEST(EnquiryStates, AreAsTheTableSaysInEveryCell) {
  for (const auto& cell : testing::EveryStateAndVerb(kEnquiryTransitions)) {
    if (cell.verb == "StartEnquiry") continue;  // makes a new one, whatever there is
    Enquiry enquiry = Seen();
    enquiry.set_state(cell.state);
    const absl::Status status = Operations().at(cell.verb)(enquiry);
    SCOPED_TRACE(cell.verb + " in " + StateName(cell.state));
    if (cell.to) {
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_EQ(enquiry.state(), *cell.to);
    } else {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
    }
  }
}

TEST(EnquiryStates, AreInTheReadme) {
  EXPECT_TRUE(testing::IsWhole(kEnquiryTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kEnquiryTransitions)));
}

struct DueCase {
  absl::Time held;
  absl::CivilDay last_day;
};

class ConferenceDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(ConferenceDue, IsTheFifteenthWorkingDayAfterTheStart) {
  const Enquiry enquiry = Started(GetParam().held);
  EXPECT_EQ(LastDayOf(*ProtoToTime(enquiry.conference_due_time())), GetParam().last_day);
}

INSTANTIATE_TEST_SUITE_P(
    Dates, ConferenceDue,
    ::testing::Values(
        DueCase{London(2025, 3, 10, 10), absl::CivilDay(2025, 3, 31)},  // clocks go forward
        DueCase{London(2025, 3, 10, 23, 59), absl::CivilDay(2025, 3, 31)},
        DueCase{London(2025, 3, 8, 10), absl::CivilDay(2025, 3, 28)},     // held on a Saturday
        DueCase{London(2025, 4, 10, 10), absl::CivilDay(2025, 5, 6)},     // Easter and early May
        DueCase{London(2024, 2, 12, 10), absl::CivilDay(2024, 3, 4)},     // a leap day
        DueCase{London(2025, 10, 20, 10), absl::CivilDay(2025, 11, 10)},  // clocks go back
        DueCase{London(2025, 12, 15, 10), absl::CivilDay(2026, 1, 8)},    // Christmas, New Year
        DueCase{London(2022, 5, 24, 10), absl::CivilDay(2022, 6, 16)},    // the jubilee
        DueCase{London(2022, 9, 6, 10), absl::CivilDay(2022, 9, 28)}));   // the state funeral

struct AgreeCase {
  pb::EnquiryNextStep step;
  bool not_substantiated;
  bool no_continuing_risk;
  bool continuing_risk;
};

class Conclusion : public ::testing::TestWithParam<AgreeCase> {};

TEST_P(Conclusion, GoesWithItsFinding) {
  const std::map<pb::EnquiryFinding, bool> allowed = {
      {pb::ENQUIRY_FINDING_NOT_SUBSTANTIATED, GetParam().not_substantiated},
      {pb::ENQUIRY_FINDING_NO_CONTINUING_RISK, GetParam().no_continuing_risk},
      {pb::ENQUIRY_FINDING_CONTINUING_RISK, GetParam().continuing_risk}};
  for (const auto& [finding, ok] : allowed) {
    Enquiry enquiry = Seen();
    const absl::Status status = ConcludeWith(enquiry, finding, GetParam().step);
    EXPECT_EQ(status.ok(), ok) << finding;
    EXPECT_EQ(status.code() == absl::StatusCode::kInvalidArgument, !ok);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Steps, Conclusion,
    ::testing::Values(AgreeCase{pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE, false, false, true},
                      AgreeCase{pb::ENQUIRY_NEXT_STEP_ASSESSMENT, true, true, false},
                      AgreeCase{pb::ENQUIRY_NEXT_STEP_CONTINUE_PLAN, true, true, true},
                      AgreeCase{pb::ENQUIRY_NEXT_STEP_LEGAL_ACTION, true, true, true},
                      AgreeCase{pb::ENQUIRY_NEXT_STEP_OTHER_AGENCY, true, true, false},
                      AgreeCase{pb::ENQUIRY_NEXT_STEP_NO_FURTHER_ACTION, true, true, false}));

TEST(Conclude, NeedsTheChildSeenOrTheReasonWhyNot) {
  Enquiry enquiry = Started();
  EXPECT_EQ(ReasonOf(ConcludeWith(enquiry, pb::ENQUIRY_FINDING_NOT_SUBSTANTIATED,
                                  pb::ENQUIRY_NEXT_STEP_ASSESSMENT)),
            reason::ERROR_REASON_RULE_NOT_MET);
  enquiry = Started();
  EXPECT_TRUE(ConcludeWith(enquiry, pb::ENQUIRY_FINDING_NOT_SUBSTANTIATED,
                           pb::ENQUIRY_NEXT_STEP_ASSESSMENT, "unborn")
                  .ok());
}

TEST(Conclude, NeedsToKnowWhatBecameOfAMedicalExamination) {
  for (const auto& [fields, ok] : std::map<std::string, bool>{
           {"", false}, {"hold_time { seconds: 2 }", true}, {"not_held_reason: 'x'", true}}) {
    Enquiry enquiry = Seen();
    ASSERT_TRUE(RecordMedical(enquiry, Parse<pb::RecordMedicalExaminationRequest>(
                                           "medical_examination { request_time { seconds: 1 } " +
                                           fields + " }"))
                    .ok());
    EXPECT_EQ(ConcludeWith(enquiry, pb::ENQUIRY_FINDING_NOT_SUBSTANTIATED,
                           pb::ENQUIRY_NEXT_STEP_ASSESSMENT)
                  .ok(),
              ok)
        << fields;
  }
}

TEST(RecordMedical, HasItsTimesInOrderAndOneOutcome) {
  for (const char* fields : {"request_time { seconds: 2 } hold_time { seconds: 1 }",
                             "request_time { seconds: 1 } hold_time { seconds: 2 } "
                             "not_held_reason: 'x'"}) {
    Enquiry enquiry = Started();
    EXPECT_EQ(RecordMedical(enquiry, Parse<pb::RecordMedicalExaminationRequest>(
                                         std::string("medical_examination { ") + fields + " }"))
                  .code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(RecordSeen, IsNotBeforeTheEnquiry) {
  Enquiry enquiry = Started();
  EXPECT_EQ(RecordSeen(enquiry, Parse<pb::RecordEnquiryChildSeenRequest>(
                                    "seen { date { year: 2025 month: 3 day: 9 } }"))
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(DaysOpen, AreLondonDaysToTheConclusionOrToNow) {
  Enquiry enquiry = Seen();
  EXPECT_EQ(DaysOpen(enquiry, kHeld), 0);
  EXPECT_EQ(DaysOpen(enquiry, London(2025, 3, 11, 0, 1)), 1);
  EXPECT_EQ(DaysOpen(enquiry, London(2025, 4, 10, 0, 30)), 31);  // over the change of the clocks
  ASSERT_TRUE(
      ConcludeWith(enquiry, pb::ENQUIRY_FINDING_NOT_SUBSTANTIATED, pb::ENQUIRY_NEXT_STEP_ASSESSMENT)
          .ok());
  EXPECT_EQ(DaysOpen(enquiry, London(2026, 1, 1, 0)), 9);
}

}  // namespace
}  // namespace lscp::child_protection
