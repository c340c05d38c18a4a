#include "child_protection/missing_episode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::MissingEpisode;
using ::testing::ElementsAre;

const absl::Time kMissing = LondonTime(2025, 3, 7, 22);  // a Friday evening
const absl::Time kReported = LondonTime(2025, 3, 8, 1);
const absl::Time kFound = LondonTime(2025, 3, 9, 6, 30);  // 32.5 hours later
const Step kWorker = {"w.worker", "testcouncil", LondonTime(2025, 3, 9, 9)};

pb::ReportMissingRequest ReportOf(absl::Time missing, const std::string& fields = "") {
  auto request = ParseRequest<pb::ReportMissingRequest>(
      "child: 'boroughs/testborough/children/k1' kind: MISSING_KIND_MISSING "
      "missing_from: MISSING_FROM_HOME reported_by: 'testpolice' " +
      fields);
  *request.mutable_missing_time() = TimeToProto(missing);
  return request;
}

absl::StatusOr<MissingEpisode> Reported(const std::string& fields,
                                        const std::vector<OtherMissing>& others = {}) {
  auto request = ReportOf(kMissing);
  request.MergeFrom(ParseRequest<pb::ReportMissingRequest>(fields));
  return Report(request, others, {"w.worker", "testcouncil", kReported}, TestBorough());
}

OtherMissing Ended(absl::Time missing) {
  return {pb::MISSING_KIND_MISSING, missing, missing + absl::Hours(5), false, std::nullopt};
}

// An episode as it is in a state; once back, with an offer that nobody answered.
MissingEpisode In(MissingEpisode::State state) {
  MissingEpisode episode = *Reported("risk: MISSING_RISK_MEDIUM risk_reason: 'invented'");
  episode.set_name("boroughs/testborough/missingEpisodes/e1");
  if (state != MissingEpisode::STATE_MISSING) {
    *episode.mutable_found_time() = TimeToProto(kFound);
    *episode.add_interview_offers()->mutable_offer_time() = TimeToProto(kFound);
  }
  episode.set_state(state);
  return episode;
}

absl::Status FoundAt(MissingEpisode& episode, absl::Time found,
                     const std::string& how = "FOUND_HOW_RETURNED") {
  auto request = ParseRequest<pb::RecordFoundRequest>("found_how: " + how);
  *request.mutable_found_time() = TimeToProto(found);
  return Found(episode, request, {"w.worker", "testcouncil", found + absl::Hours(1)});
}

absl::Status AnswerWith(MissingEpisode& episode, const std::string& answer) {
  return Answer(episode,
                ParseRequest<pb::AnswerInterviewOfferRequest>("answer: INTERVIEW_ANSWER_" + answer),
                kWorker);
}

absl::Status InterviewAt(MissingEpisode& episode, absl::Time held, bool independent = true) {
  auto request = ParseRequest<pb::RecordReturnInterviewRequest>(
      "interviewer: 'i.interviewer' account: 'invented' factors: MISSING_FACTOR_CONFLICT");
  request.set_independent(independent);
  *request.mutable_interview_time() = TimeToProto(held);
  return Interview(episode, request);
}

absl::Status MeetAt(MissingEpisode& episode, absl::Time held, bool independent = true) {
  auto request =
      ParseRequest<pb::RecordMissingStrategyMeetingRequest>("chair: 'c.chair' decisions: 'x'");
  request.set_chair_independent(independent);
  *request.mutable_hold_time() = TimeToProto(held);
  return Meet(episode, request, TestBorough());
}

absl::Status CloseAs(MissingEpisode& episode, const std::string& reason) {
  return Close(episode, ParseRequest<pb::CloseMissingEpisodeRequest>(
                            "reason: MISSING_CLOSE_REASON_" + reason));
}

// The verbs, each as a request that nothing but the state can fail.
const std::map<std::string, std::function<absl::Status(MissingEpisode&)>>& Verbs() {
  static const std::map<std::string, std::function<absl::Status(MissingEpisode&)>> verbs = {
      {"AssessMissingRisk",
       [](MissingEpisode& e) {
         return AssessRisk(
             e, ParseRequest<pb::AssessMissingRiskRequest>("risk: MISSING_RISK_LOW reason: 'x'"),
             kWorker, TestBorough());
       }},
      {"RecordFound", [](MissingEpisode& e) { return FoundAt(e, kFound); }},
      {"RecordFound dead",
       [](MissingEpisode& e) { return FoundAt(e, kFound, "FOUND_HOW_DECEASED"); }},
      {"OfferReturnInterview", [](MissingEpisode& e) { return Offer(e, {}, kWorker); }},
      {"AnswerInterviewOffer accepted",
       [](MissingEpisode& e) { return AnswerWith(e, "ACCEPTED"); }},
      {"AnswerInterviewOffer declined",
       [](MissingEpisode& e) { return AnswerWith(e, "DECLINED"); }},
      {"RecordReturnInterview", [](MissingEpisode& e) { return InterviewAt(e, kFound); }},
      {"RecordMissingStrategyMeeting", [](MissingEpisode& e) { return MeetAt(e, kReported); }},
      {"CloseMissingEpisode", [](MissingEpisode& e) { return CloseAs(e, "NOT_REACHED"); }},
      {"VoidMissingEpisode",
       [](MissingEpisode& e) {
         return Void(e, ParseRequest<pb::VoidMissingEpisodeRequest>("reason: 'by mistake'"));
       }},
  };
  return verbs;
}

TEST(MissingTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kMissingTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kMissingTransitions)));
}

TEST(MissingTransitions, HoldForEveryStateAndVerb) {
  ExpectEveryStateAndVerb(kMissingTransitions, "ReportMissing", Verbs(), In);
}

TEST(ReportMissing, TakesOverWhatWasReported) {
  const auto episode = Reported("circumstances: 'invented' team: 'adolescents' worker: 'w.worker'");
  ASSERT_TRUE(episode.ok()) << episode.status();
  EXPECT_EQ(episode->state(), MissingEpisode::STATE_MISSING);
  EXPECT_EQ(ProtoToTime(episode->report_time()), kReported);
  EXPECT_EQ(episode->recent_episodes(), 1);
  EXPECT_FALSE(episode->has_strategy_meeting_due_time());
  EXPECT_TRUE(IsMissing(*episode));
}

TEST(ReportMissing, SaysEverythingThatIsWrong) {
  EXPECT_THAT(Violations(Reported("kind: MISSING_KIND_AWAY_WITHOUT_LEAVE placing_authority: '301' "
                                  "host_authority: '303' risk: MISSING_RISK_LOW "
                                  "report_time { seconds: 1 }")
                             .status()),
              ElementsAre("report_time", "kind", "placing_authority", "host_authority",
                          "host_authority", "risk_reason"));
}

TEST(ReportMissing, IsRefusedWhileTheChildIsMissing) {
  OtherMissing open = Ended(kMissing - absl::Hours(9));
  open.found.reset();
  EXPECT_EQ(ReasonOf(Reported("", {open}).status()), reason::ERROR_REASON_RULE_NOT_MET);
}

TEST(ReportMissing, LiesInNoOtherEpisode) {
  EXPECT_THAT(Violations(Reported("", {Ended(kMissing - absl::Hours(4))}).status()),
              ElementsAre("missing_time"));
  EXPECT_TRUE(Reported("", {Ended(kMissing - absl::Hours(5))}).ok());
}

// Three in 90 days unless the borough says otherwise.
TEST(RepeatedEpisodes, OweAMeetingWithinThreeWorkingDays) {
  const auto episode = Reported(
      "", {Ended(kMissing - absl::Hours(24 * 30)), Ended(kMissing - absl::Hours(24 * 60))});
  ASSERT_TRUE(episode.ok());
  EXPECT_EQ(episode->recent_episodes(), 3);
  EXPECT_THAT(episode->strategy_meeting_reasons(),
              ElementsAre(pb::STRATEGY_MEETING_REASON_REPEATED));
  // Reported on a Saturday: Monday to Wednesday.
  EXPECT_EQ(ProtoToTime(episode->strategy_meeting_due_time()), LondonTime(2025, 3, 13, 0));
}

struct CountCase {
  const char* what;
  std::vector<OtherMissing> others;
  bool owed;
};

TEST(RepeatedEpisodes, AreCountedAsTheBoroughSays) {
  const OtherMissing first = Ended(LondonTime(2024, 12, 7, 0));  // the 90th day before
  const OtherMissing too_old = Ended(LondonTime(2024, 12, 6, 23, 59));
  const OtherMissing second = Ended(LondonTime(2025, 2, 1, 12));
  OtherMissing away = second;
  away.kind = pb::MISSING_KIND_AWAY_WITHOUT_LEAVE;
  OtherMissing met = second;
  met.last_strategy_meeting = LondonTime(2025, 2, 3, 12);
  OtherMissing owed = second;
  owed.strategy_meeting_owed = true;
  const OtherMissing later = Ended(LondonTime(2025, 3, 8, 12));
  const OtherMissing third = Ended(LondonTime(2025, 2, 20, 12));
  const CountCase cases[] = {
      {"one before", {second}, false},
      {"two before", {first, second}, true},
      {"one too long ago", {too_old, second}, false},
      {"one was away without leave", {first, away}, false},
      {"a meeting was held since", {first, met}, false},
      {"a meeting was held, and again twice",
       {met, third, Ended(LondonTime(2025, 3, 1, 12))},
       true},
      {"a meeting is owed already", {first, owed}, false},
      {"one began later", {later, second}, false},
  };
  for (const CountCase& row : cases) {
    EXPECT_EQ(Reported("", row.others)->has_strategy_meeting_due_time(), row.owed) << row.what;
  }
}

TEST(HighRisk, OwesOneMeetingAndWhenItRisesAgainAnother) {
  MissingEpisode episode = In(MissingEpisode::STATE_MISSING);
  const auto high =
      ParseRequest<pb::AssessMissingRiskRequest>("risk: MISSING_RISK_HIGH reason: 'x'");
  ASSERT_TRUE(AssessRisk(episode, high, kWorker, TestBorough()).ok());
  EXPECT_EQ(ProtoToTime(episode.strategy_meeting_due_time()), LondonTime(2025, 3, 13, 0));
  ASSERT_TRUE(MeetAt(episode, kReported).ok());
  EXPECT_FALSE(episode.has_strategy_meeting_due_time());
  ASSERT_TRUE(AssessRisk(episode, high, kWorker, TestBorough()).ok());
  EXPECT_FALSE(episode.has_strategy_meeting_due_time());
  ASSERT_TRUE(Verbs().at("AssessMissingRisk")(episode).ok());
  ASSERT_TRUE(AssessRisk(episode, high, kWorker, TestBorough()).ok());
  EXPECT_TRUE(episode.has_strategy_meeting_due_time());
  EXPECT_THAT(episode.strategy_meeting_reasons(),
              ElementsAre(pb::STRATEGY_MEETING_REASON_HIGH_RISK));
}

TEST(StrategyMeeting, OfAChildAtHighRiskMissingFromCareHasAnIndependentChair) {
  MissingEpisode episode =
      *Reported("missing_from: MISSING_FROM_CARE risk: MISSING_RISK_HIGH risk_reason: 'x'");
  EXPECT_EQ(ReasonOf(MeetAt(episode, kReported, false)), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_TRUE(MeetAt(episode, kReported, true).ok());
  MissingEpisode from_home = *Reported("risk: MISSING_RISK_HIGH risk_reason: 'x'");
  EXPECT_TRUE(MeetAt(from_home, kReported, false).ok());
}

TEST(StrategyMeeting, IsNotHeldBeforeTheChildIsMissing) {
  MissingEpisode episode = In(MissingEpisode::STATE_MISSING);
  EXPECT_THAT(Violations(MeetAt(episode, kMissing - absl::Minutes(1))), ElementsAre("hold_time"));
}

struct DueCase {
  absl::Time found;
  absl::Time due;
};

// 72 elapsed hours: when the clocks change, the hour of the day does.
TEST(ReturnInterview, IsDueSeventyTwoHoursAfterTheReturn) {
  const DueCase cases[] = {
      {LondonTime(2025, 3, 10, 10), LondonTime(2025, 3, 13, 10)},
      {LondonTime(2025, 3, 14, 18), LondonTime(2025, 3, 17, 18)},       // over a weekend
      {LondonTime(2025, 4, 17, 9), LondonTime(2025, 4, 20, 9)},         // over Good Friday
      {LondonTime(2025, 3, 29, 12), LondonTime(2025, 4, 1, 13)},        // an hour is lost
      {LondonTime(2025, 3, 30, 0, 59), LondonTime(2025, 4, 2, 1, 59)},  // the last minute before
      {LondonTime(2025, 3, 30, 2), LondonTime(2025, 4, 2, 2)},          // the first after
      {LondonTime(2025, 10, 24, 12), LondonTime(2025, 10, 27, 11)},     // an hour is gained
      {LondonTime(2025, 12, 31, 23, 30), LondonTime(2026, 1, 3, 23, 30)},
      {LondonTime(2028, 2, 27, 8), LondonTime(2028, 3, 1, 8)},  // a leap day
  };
  for (const DueCase& row : cases) {
    auto request = ReportOf(row.found - absl::Hours(8));
    MissingEpisode episode = *Report(
        request, {}, {"w.worker", "testcouncil", row.found - absl::Hours(7)}, TestBorough());
    ASSERT_TRUE(FoundAt(episode, row.found).ok());
    EXPECT_EQ(ProtoToTime(episode.interview_due_time()), row.due) << row.found;
  }
}

TEST(ReturnInterview, IsNotOwedToAChildWhoWasAwayWithoutLeaveOrIsDead) {
  MissingEpisode away =
      *Reported("kind: MISSING_KIND_AWAY_WITHOUT_LEAVE missing_from: MISSING_FROM_CARE");
  EXPECT_FALSE(IsMissing(away));
  ASSERT_TRUE(FoundAt(away, kFound).ok());
  EXPECT_FALSE(away.has_interview_due_time());
  EXPECT_TRUE(Offer(away, {}, kWorker).ok());
  MissingEpisode dead = In(MissingEpisode::STATE_MISSING);
  ASSERT_TRUE(FoundAt(dead, kFound, "FOUND_HOW_DECEASED").ok());
  EXPECT_FALSE(dead.has_interview_due_time());
  EXPECT_EQ(dead.close_reason(), pb::MISSING_CLOSE_REASON_DECEASED);
}

TEST(ReturnInterview, IsHeldByIndependentPeopleAfterTheReturn) {
  MissingEpisode episode = In(MissingEpisode::STATE_INTERVIEW_ACCEPTED);
  EXPECT_THAT(Violations(InterviewAt(episode, kFound - absl::Minutes(1), false)),
              ElementsAre("interview_time", "independent"));
  episode = In(MissingEpisode::STATE_INTERVIEW_ACCEPTED);
  ASSERT_TRUE(InterviewAt(episode, kFound).ok());
  EXPECT_EQ(episode.interview().interviewer(), "i.interviewer");
  EXPECT_THAT(episode.interview().factors(), ElementsAre(pb::MISSING_FACTOR_CONFLICT));
}

TEST(RecordFound, MeasuresTheEpisodeInWholeHours) {
  MissingEpisode episode = In(MissingEpisode::STATE_MISSING);
  ASSERT_TRUE(FoundAt(episode, kFound).ok());
  EXPECT_EQ(episode.length_hours(), 32);
  EXPECT_FALSE(IsMissing(episode));
  MissingEpisode early = In(MissingEpisode::STATE_MISSING);
  EXPECT_THAT(Violations(FoundAt(early, kMissing - absl::Minutes(1))), ElementsAre("found_time"));
}

TEST(Offers, AreKeptWithTheirAnswers) {
  MissingEpisode episode = In(MissingEpisode::STATE_MISSING);
  ASSERT_TRUE(FoundAt(episode, kFound).ok());
  ASSERT_TRUE(Offer(episode, {}, kWorker).ok());
  ASSERT_TRUE(AnswerWith(episode, "DECLINED").ok());
  ASSERT_TRUE(Offer(episode, {}, {"o.other", "testcouncil", kWorker.now + absl::Hours(1)}).ok());
  ASSERT_EQ(episode.interview_offers_size(), 2);
  EXPECT_EQ(episode.interview_offers(0).answer(), pb::INTERVIEW_ANSWER_DECLINED);
  EXPECT_EQ(episode.interview_offers(1).offered_by(), "o.other");
  EXPECT_THAT(Violations(AnswerWith(episode, "ACCEPTED")), ElementsAre("answer_time"));
  pb::OfferReturnInterviewRequest early;
  *early.mutable_offer_time() = TimeToProto(kFound - absl::Minutes(1));
  MissingEpisode found = In(MissingEpisode::STATE_FOUND);
  EXPECT_THAT(Violations(Offer(found, early, kWorker)), ElementsAre("offer_time"));
}

struct CloseCase {
  const char* report;
  MissingEpisode::State state;
  const char* reason;
  bool ok;
};

TEST(CloseMissingEpisode, NeedsAReasonThatTheEpisodeBearsOut) {
  const CloseCase cases[] = {
      {"", MissingEpisode::STATE_INTERVIEW_DECLINED, "DECLINED", true},
      {"", MissingEpisode::STATE_INTERVIEW_OFFERED, "DECLINED", false},
      {"", MissingEpisode::STATE_FOUND, "PLACING_AUTHORITY", false},
      {"missing_from: MISSING_FROM_CARE placing_authority: '301'", MissingEpisode::STATE_FOUND,
       "PLACING_AUTHORITY", true},
      {"", MissingEpisode::STATE_FOUND, "NOT_OWED", false},
      {"missing_from: MISSING_FROM_CARE kind: MISSING_KIND_AWAY_WITHOUT_LEAVE",
       MissingEpisode::STATE_FOUND, "NOT_OWED", true},
  };
  for (const CloseCase& row : cases) {
    MissingEpisode episode = *Reported(row.report);
    *episode.mutable_found_time() = TimeToProto(kFound);
    episode.set_state(row.state);
    const absl::Status status = CloseAs(episode, row.reason);
    EXPECT_EQ(status.ok(), row.ok) << row.reason << ": " << status;
    if (!row.ok) {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_RULE_NOT_MET);
    }
  }
  MissingEpisode other = In(MissingEpisode::STATE_FOUND);
  EXPECT_THAT(Violations(CloseAs(other, "OTHER")), ElementsAre("note"));
}

TEST(VoidMissingEpisode, LeavesNothingOwed) {
  MissingEpisode episode = *Reported("risk: MISSING_RISK_HIGH risk_reason: 'x'");
  ASSERT_TRUE(FoundAt(episode, kFound).ok());
  ASSERT_TRUE(Verbs().at("VoidMissingEpisode")(episode).ok());
  EXPECT_FALSE(episode.has_interview_due_time());
  EXPECT_FALSE(episode.has_strategy_meeting_due_time());
  EXPECT_FALSE(IsMissing(episode));
}

}  // namespace
}  // namespace lscp::child_protection
