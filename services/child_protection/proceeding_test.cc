#include "child_protection/proceeding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::Proceeding;
using ::testing::ElementsAre;

const Step kStep = {"m.manager", "testcouncil", LondonTime(2025, 6, 2, 10)};

google::type::Date On(int month, int day) { return DateToProto(absl::CivilDay(2025, month, day)); }

Proceeding Started() {
  auto request = ParseRequest<pb::StartPreProceedingsRequest>(
      "child: 'boroughs/testborough/children/k1' concerns: 'invented'");
  *request.mutable_start_date() = On(3, 3);
  Proceeding proceeding = StartPre(request, kStep);
  proceeding.set_name("boroughs/testborough/proceedings/p1");
  return proceeding;
}

// Started, with a letter on 5 March.
Proceeding WithLetter() {
  Proceeding proceeding = Started();
  *proceeding.mutable_letter_date() = On(3, 5);
  return proceeding;
}

absl::Status LetterOn(Proceeding& proceeding, int month, int day) {
  pb::SendLetterBeforeProceedingsRequest request;
  *request.mutable_letter_date() = On(month, day);
  return SendLetter(proceeding, request, kStep);
}

absl::Status MeetingOn(Proceeding& proceeding, int month, int day) {
  auto request = ParseRequest<pb::HoldPreProceedingsMeetingRequest>("agreed: 'invented'");
  *request.mutable_meeting_date() = On(month, day);
  return HoldMeeting(proceeding, request, kStep);
}

absl::Status DecideOn(Proceeding& proceeding, const std::string& outcome) {
  return Decide(proceeding,
                ParseRequest<pb::DecidePreProceedingsRequest>(
                    "rationale: 'invented' outcome: PRE_PROCEEDINGS_OUTCOME_" + outcome),
                kStep);
}

absl::Status IssueOn(Proceeding& proceeding, int month, int day) {
  auto request = ParseRequest<pb::IssueProceedingsRequest>("court_reference: 'ZZ25C00001'");
  *request.mutable_issue_date() = On(month, day);
  return Issue(proceeding, request, kStep);
}

absl::Status EndWith(Proceeding& proceeding, const std::string& fields) {
  return End(proceeding, ParseRequest<pb::EndProceedingsRequest>(fields), kStep);
}

TEST(ProceedingTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kProceedingTransitions));
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kProceedingTransitions)));
}

TEST(ProceedingTransitions, HoldForEveryStateAndVerb) {
  const auto never = [](Proceeding& p) {
    return Next(kProceedingTransitions, "IssueWithoutPreProceedings", p.state(), p.name()).status();
  };
  const std::map<std::string, std::function<absl::Status(Proceeding&)>> verbs = {
      {"IssueWithoutPreProceedings", never},
      {"SendLetterBeforeProceedings", [](Proceeding& p) { return LetterOn(p, 3, 4); }},
      {"RecordFamilyMeeting",
       [](Proceeding& p) {
         pb::RecordFamilyMeetingRequest request;
         *request.mutable_offer_date() = On(3, 4);
         return FamilyMeeting(p, request);
       }},
      {"HoldPreProceedingsMeeting", [](Proceeding& p) { return MeetingOn(p, 3, 20); }},
      {"DecidePreProceedings to court", [](Proceeding& p) { return DecideOn(p, "ISSUE"); }},
      {"DecidePreProceedings to step down",
       [](Proceeding& p) { return DecideOn(p, "STEP_DOWN_CLOSED"); }},
      {"IssueProceedings", [](Proceeding& p) { return IssueOn(p, 5, 1); }},
      {"EndProceedings",
       [](Proceeding& p) {
         *p.mutable_issue_date() = On(5, 1);
         return EndWith(p, "orders: COURT_ORDER_CARE_ORDER");
       }},
  };
  ExpectEveryStateAndVerb(kProceedingTransitions, "StartPreProceedings", verbs, [](auto state) {
    Proceeding proceeding = WithLetter();
    proceeding.set_state(state);
    return proceeding;
  });
}

TEST(PreProceedings, GoFromLetterToMeetingsToADecision) {
  Proceeding proceeding = Started();
  EXPECT_EQ(ReasonOf(MeetingOn(proceeding, 3, 20)), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_THAT(Violations(LetterOn(proceeding, 3, 2)), ElementsAre("letter_date"));
  ASSERT_TRUE(LetterOn(proceeding, 3, 5).ok());
  EXPECT_THAT(Violations(MeetingOn(proceeding, 3, 4)), ElementsAre("meeting_date"));
  ASSERT_TRUE(MeetingOn(proceeding, 3, 20).ok());
  EXPECT_TRUE(proceeding.meetings(0).initial());
  EXPECT_THAT(Violations(MeetingOn(proceeding, 3, 20)), ElementsAre("meeting_date"));
  ASSERT_TRUE(MeetingOn(proceeding, 4, 24).ok());
  EXPECT_FALSE(proceeding.meetings(1).initial());
  EXPECT_EQ(proceeding.review_meetings(), 1);
  ASSERT_TRUE(DecideOn(proceeding, "STEP_DOWN_CHILD_IN_NEED").ok());
  EXPECT_EQ(proceeding.pre_proceedings_days(), 91);
  EXPECT_EQ(ProtoToDate(proceeding.end_date()), absl::CivilDay(2025, 6, 2));
}

TEST(FamilyMeeting, IsHeldAfterItWasOffered) {
  Proceeding proceeding = Started();
  pb::RecordFamilyMeetingRequest request;
  *request.mutable_offer_date() = On(3, 10);
  *request.mutable_meeting_date() = On(3, 9);
  EXPECT_THAT(Violations(FamilyMeeting(proceeding, request)), ElementsAre("meeting_date"));
  request.clear_meeting_date();
  ASSERT_TRUE(FamilyMeeting(proceeding, request).ok());
  EXPECT_FALSE(proceeding.has_family_meeting_date());
  *request.mutable_meeting_date() = On(3, 24);
  ASSERT_TRUE(FamilyMeeting(proceeding, request).ok());
  EXPECT_EQ(ProtoToDate(proceeding.family_meeting_date()), absl::CivilDay(2025, 3, 24));
}

TEST(CareProceedings, LastTwentySixWeeksFromTheApplication) {
  Proceeding proceeding = WithLetter();
  Proceeding early = proceeding;
  EXPECT_THAT(Violations(IssueOn(early, 3, 2)), ElementsAre("issue_date"));
  ASSERT_TRUE(IssueOn(proceeding, 5, 1).ok());  // before the decision: it was urgent
  EXPECT_EQ(proceeding.outcome(), pb::PRE_PROCEEDINGS_OUTCOME_ISSUE);
  EXPECT_EQ(proceeding.pre_proceedings_days(), 59);
  EXPECT_EQ(ProtoToDate(proceeding.court_due_date()), absl::CivilDay(2025, 10, 30));
  Proceeding decided = WithLetter();
  ASSERT_TRUE(DecideOn(decided, "ISSUE").ok());
  EXPECT_THAT(Violations(IssueOn(decided, 6, 1)), ElementsAre("issue_date"));
}

TEST(EndProceedings, RecordsTheOrders) {
  Proceeding proceeding = WithLetter();
  ASSERT_TRUE(IssueOn(proceeding, 5, 1).ok());
  const std::pair<const char*, const char*> wrong[] = {
      {"orders: COURT_ORDER_CARE_ORDER end_date { year: 2025 month: 4 day: 30 }", "end_date"},
      {"orders: COURT_ORDER_CARE_ORDER orders: COURT_ORDER_CARE_ORDER", "orders"},
      {"orders: COURT_ORDER_CARE_ORDER orders: COURT_ORDER_NO_PUBLIC_LAW_ORDER", "orders"},
      {"orders: COURT_ORDER_WITHDRAWN orders: COURT_ORDER_SUPERVISION_ORDER", "orders"},
  };
  for (const auto& [fields, field] : wrong) {
    Proceeding copy = proceeding;
    EXPECT_THAT(Violations(EndWith(copy, fields)), ElementsAre(field)) << fields;
  }
  ASSERT_TRUE(
      EndWith(proceeding, "orders: COURT_ORDER_CARE_ORDER orders: COURT_ORDER_PLACEMENT_ORDER")
          .ok());
  EXPECT_EQ(proceeding.court_days(), 32);
  EXPECT_FALSE(proceeding.has_court_due_date());
}

TEST(IssueWithoutPreProceedings, IsInCourtAtOnce) {
  const Proceeding proceeding = IssueAtOnce(
      ParseRequest<pb::IssueWithoutPreProceedingsRequest>("concerns: 'invented'"), kStep);
  EXPECT_EQ(proceeding.state(), Proceeding::STATE_CARE_PROCEEDINGS);
  EXPECT_EQ(ProtoToDate(proceeding.court_due_date()), absl::CivilDay(2025, 12, 1));
  EXPECT_FALSE(proceeding.has_start_date());
}

}  // namespace
}  // namespace lscp::child_protection
