#include "child_death_reviews/recommendation.h"

#include "common/testing/rules.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::Recommendation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Step kBody = {"h.head", "testschool", LondonTime(2025, 3, 10, 10)};
const Step kLead = {"l.lead", "testcouncil", LondonTime(2025, 6, 2, 10)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

Recommendation In(Recommendation::State state) {
  auto recommendation = Parse<Recommendation>(
      "name: 'boroughs/testborough/recommendations/r1' agency: 'testschool' "
      "due_date { year: 2025 month: 9 day: 1 }");
  recommendation.set_state(state);
  return recommendation;
}

absl::Status AnswerIt(Recommendation& r, const std::string& fields) {
  return Answer(r, Parse<pb::AnswerRecommendationRequest>(fields), kBody);
}
absl::Status ReportIt(Recommendation& r, const std::string& fields) {
  return Report(r, Parse<pb::ReportProgressRequest>(fields), kBody);
}
absl::Status ExtendIt(Recommendation& r, int day = 2) {
  auto request = Parse<pb::ExtendRecommendationRequest>("reason: 'x'");
  *request.mutable_due_date() = DateToProto(absl::CivilDay(2025, 9, day));
  return Extend(r, request, kLead.now);
}

TEST(RecommendationStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(Recommendation&)>> verbs = {
      {"AnswerRecommendation accepted",
       [](Recommendation& r) { return AnswerIt(r, "accepted: true"); }},
      {"AnswerRecommendation rejected",
       [](Recommendation& r) { return AnswerIt(r, "reason: 'x'"); }},
      {"InsistOnRecommendation", [](Recommendation& r) { return Insist(r, {}, kLead.now); }},
      {"ExtendRecommendation", [](Recommendation& r) { return ExtendIt(r); }},
      {"ReportProgress", [](Recommendation& r) { return ReportIt(r, "progress: 'x'"); }},
      {"ReportProgress done",
       [](Recommendation& r) { return ReportIt(r, "evidence: 'x' done: true"); }},
      {"ReturnRecommendation", [](Recommendation& r) { return Return(r, {}); }},
      {"CloseRecommendation", [](Recommendation& r) { return Close(r, {}, kLead); }},
      {"WithdrawRecommendation", [](Recommendation& r) { return Withdraw(r, {}); }},
  };
  ExpectEveryStateAndVerb(kRecommendationTransitions, "MakeRecommendation", verbs, In);
}

TEST(RecommendationStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kRecommendationTransitions));
  EXPECT_TRUE(
      FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kRecommendationTransitions)));
}

TEST(Make, TakesTheDueDateThatIsGivenElseTheUsualOne) {
  const absl::CivilDay usual(2025, 9, 10);
  EXPECT_EQ(*ProtoToDate(Make({}, usual, kLead).due_date()), usual);
  const auto request =
      Parse<pb::MakeRecommendationRequest>("due_date { year: 2025 month: 5 day: 1 }");
  EXPECT_EQ(*ProtoToDate(Make(request, usual, kLead).due_date()), absl::CivilDay(2025, 5, 1));
}

TEST(Answer, NeedsAReasonToReject) {
  Recommendation recommendation = In(Recommendation::STATE_MADE);
  EXPECT_THAT(Violations(AnswerIt(recommendation, "")), ElementsAre("reason"));
  recommendation = In(Recommendation::STATE_MADE);
  EXPECT_TRUE(AnswerIt(recommendation, "reason: 'no power to do so'").ok());
  ASSERT_TRUE(Insist(recommendation, {}, kLead.now).ok());
  ASSERT_TRUE(AnswerIt(recommendation, "accepted: true").ok());
  ASSERT_THAT(recommendation.answers(), SizeIs(2));
  EXPECT_EQ(recommendation.answers(0).reason(), "no power to do so");
  EXPECT_EQ(*ProtoToTime(recommendation.accept_time()), kBody.now);
}

TEST(Extend, KeepsTheEarlierDueDates) {
  Recommendation recommendation = In(Recommendation::STATE_ACCEPTED);
  EXPECT_THAT(Violations(ExtendIt(recommendation, 1)), ElementsAre("due_date"));
  ASSERT_TRUE(ExtendIt(recommendation, 2).ok());
  ASSERT_TRUE(ExtendIt(recommendation, 3).ok());
  ASSERT_THAT(recommendation.due_changes(), SizeIs(2));
  EXPECT_EQ(recommendation.due_changes(0).due_date().day(), 1);
  EXPECT_EQ(recommendation.due_date().day(), 3);
}

TEST(Insist, MayMoveTheDueDate) {
  Recommendation recommendation = In(Recommendation::STATE_REJECTED);
  ASSERT_TRUE(Insist(recommendation, {}, kLead.now).ok());
  EXPECT_THAT(recommendation.due_changes(), IsEmpty());
  recommendation = In(Recommendation::STATE_REJECTED);
  ASSERT_TRUE(
      Insist(recommendation,
             Parse<pb::InsistOnRecommendationRequest>("due_date { year: 2026 month: 1 day: 1 }"),
             kLead.now)
          .ok());
  EXPECT_EQ(recommendation.due_date().year(), 2026);
}

TEST(Report, NeedsEvidenceOfWhatIsDoneAndKeepsEveryReport) {
  Recommendation recommendation = In(Recommendation::STATE_ACCEPTED);
  EXPECT_THAT(Violations(ReportIt(recommendation, "done: true")), ElementsAre("evidence"));
  recommendation = In(Recommendation::STATE_ACCEPTED);
  ASSERT_TRUE(ReportIt(recommendation, "progress: 'one'").ok());
  EXPECT_FALSE(recommendation.has_done_time());
  ASSERT_TRUE(ReportIt(recommendation, "progress: 'two' evidence: 'audit' done: true").ok());
  ASSERT_TRUE(ReportIt(recommendation, "progress: 'three' evidence: 'more' done: true").ok());
  ASSERT_THAT(recommendation.reports(), SizeIs(3));
  EXPECT_EQ(recommendation.reports(0).progress(), "one");
  EXPECT_EQ(recommendation.reports(0).person(), "h.head");
  EXPECT_EQ(*ProtoToTime(recommendation.done_time()), kBody.now);
}

TEST(Return, ForgetsThatItWasDone) {
  Recommendation recommendation = In(Recommendation::STATE_ACCEPTED);
  ASSERT_TRUE(ReportIt(recommendation, "evidence: 'x' done: true").ok());
  ASSERT_TRUE(Return(recommendation, {}).ok());
  EXPECT_FALSE(recommendation.has_done_time());
  EXPECT_THAT(recommendation.reports(), SizeIs(1));
}

TEST(Close, IsNotForWhoReportedItDone) {
  Recommendation recommendation = In(Recommendation::STATE_ACCEPTED);
  ASSERT_TRUE(ReportIt(recommendation, "evidence: 'x' done: true").ok());
  Recommendation verified = recommendation;
  EXPECT_EQ(BrokenRule(Close(recommendation, {}, kBody)), "verified_by_another");
  ASSERT_TRUE(Close(verified, {}, kLead).ok());
  EXPECT_EQ(verified.verified_by(), "l.lead");
}

struct DueCase {
  absl::Time made;
  absl::CivilDay answer;
  absl::CivilDay due;
};

class RecommendationDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(RecommendationDue, IsWorkingDaysForTheAnswerAndMonthsForTheRest) {
  const auto settings = Settings::Create({}, {});
  const Settings::Borough& borough = settings->Of("testborough");
  EXPECT_EQ(LastDayOf(DueAt(GetParam().made, RecommendationAnswerRule(borough).due_after,
                            WorkingDayCalendar())),
            GetParam().answer);
  EXPECT_EQ(UsualDueDay(borough, GetParam().made), GetParam().due);
}

INSTANTIATE_TEST_SUITE_P(
    Days, RecommendationDue,
    ::testing::Values(DueCase{LondonTime(2025, 3, 3, 10), absl::CivilDay(2025, 3, 31),
                              absl::CivilDay(2025, 9, 3)},
                      DueCase{LondonTime(2025, 4, 10, 10), absl::CivilDay(2025, 5, 13),
                              absl::CivilDay(2025, 10, 10)},  // Easter, early May
                      DueCase{LondonTime(2025, 8, 31, 23), absl::CivilDay(2025, 9, 26),
                              absl::CivilDay(2026, 2, 28)}));  // the shorter month

}  // namespace
}  // namespace lscp::child_death_reviews
