#include "child_protection/missing_episode_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "google/protobuf/any.pb.h"

namespace lscp::child_protection {
namespace {

using pb::MissingEpisode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MissingEpisodesTest : public Fixture {
 protected:
  // Missing from home since an hour.
  absl::StatusOr<MissingEpisode> TryReport(const std::string& child,
                                           const std::string& fields = "") {
    auto request = Parse<pb::ReportMissingRequest>(
        "kind: MISSING_KIND_MISSING missing_from: MISSING_FROM_HOME reported_by: 'testpolice' "
        "team: 'adolescents' worker: 'w.worker'");
    request.MergeFrom(Parse<pb::ReportMissingRequest>(fields));
    request.set_parent("boroughs/barnet");
    request.set_child(child);
    *request.mutable_missing_time() = TimeToProto(harness_.clock.Now() - absl::Hours(1));
    const auto response = harness_.Run(missing_, &MissingEpisodes::Report, request);
    if (!response.ok()) return response.status();
    return response->missing_episode();
  }
  MissingEpisode Report(const std::string& child, const std::string& fields = "") {
    const auto episode = TryReport(child, fields);
    EXPECT_TRUE(episode.ok()) << episode.status();
    return episode.ok() ? *episode : MissingEpisode();
  }
  MissingEpisode Found(const MissingEpisode& episode) {
    const auto response =
        harness_.Run(missing_, &MissingEpisodes::Found,
                     Of<pb::RecordFoundRequest>(episode, "found_how: FOUND_HOW_RETURNED"));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->missing_episode() : MissingEpisode();
  }
  pb::ListMissingNowResponse Now(const std::string& filter = "") {
    const auto response =
        harness_.Run(missing_, &MissingEpisodes::ListNow, Parse<pb::ListMissingNowRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : pb::ListMissingNowResponse();
  }
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response = harness_.Run(missing_, &MissingEpisodes::List,
                                       Parse<pb::ListMissingEpisodesRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const MissingEpisode& episode : response->missing_episodes()) {
      names.push_back(episode.name());
      EXPECT_EQ(episode.circumstances(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }
  // What CheckChild would read: "2025-03-03" or "2025-03-03 to 2025-03-04", one for each episode.
  std::vector<std::string> Statuses(const std::string& child) {
    const auto rows = harness_.Database().Query(
        "SELECT CONCAT(from_date, COALESCE(CONCAT(' to ', to_date), '')) FROM child_status"
        " WHERE CONCAT('boroughs/', borough, '/children/', child) = ? ORDER BY 1",
        {child});
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> statuses;
    for (const db::Row& row : *rows) statuses.push_back(row.Text(0));
    return statuses;
  }
  template <typename Content>
  Content EventOfType(const std::string& type, const std::string& child) {
    Content content;
    google::protobuf::Any any;
    EXPECT_EQ(harness_.entries.size(), 1);
    EXPECT_TRUE(harness_.entries[0].event.has_value());
    if (harness_.entries.empty() || !harness_.entries[0].event) return content;
    EXPECT_EQ(harness_.entries[0].event->type, type);
    EXPECT_EQ(harness_.entries[0].event->subject, child);
    EXPECT_TRUE(any.ParseFromString(harness_.entries[0].event->content) && any.UnpackTo(&content));
    return content;
  }

  MissingEpisodes missing_{parts_};
};

TEST_F(MissingEpisodesTest, AReportIsToldToTheOthersAndToWhoeverChecksTheChild) {
  const std::string child = Child("c1");
  const MissingEpisode episode = Report(child, "circumstances: 'Invented.'");
  const auto event = EventOfType<pb::MissingReported>("child_protection.missing_reported", child);
  EXPECT_EQ(event.missing_episode(), episode.name());
  EXPECT_FALSE(event.placed_here_by_other());
  EXPECT_THAT(Statuses(child), ElementsAre("2025-03-03"));
  EXPECT_EQ(ClockOf(episode.name(), "return_interview"), "none");
}

TEST_F(MissingEpisodesTest, AnUnknownChildAndAHiddenOneLookAlike) {
  Child("c1", "restricted: true allowed_people: 'somebody.else'");
  const auto hidden = TryReport("boroughs/barnet/children/c1");
  const auto unknown = TryReport("boroughs/barnet/children/c2");
  EXPECT_EQ(hidden.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(MissingEpisodesTest, AChildIsMissingOnce) {
  const std::string child = Child("c1");
  const MissingEpisode first = Report(child);
  EXPECT_EQ(ReasonOf(TryReport(child).status()), reason::ERROR_REASON_RULE_NOT_MET);
  Found(first);
  harness_.clock.Advance(absl::Hours(2));
  EXPECT_EQ(Report(child).recent_episodes(), 2);
}

TEST_F(MissingEpisodesTest, TheInterviewIsOwedFromTheReturnAndMetWhenItWasHeld) {
  const std::string child = Child("c1");
  MissingEpisode episode = Report(child);
  harness_.clock.Advance(absl::Hours(5));
  const absl::Time found = harness_.clock.Now();
  episode = Found(episode);
  EXPECT_EQ(episode.length_hours(), 6);
  EXPECT_EQ(EventOfType<pb::MissingFound>("child_protection.missing_found", child).child(), child);
  EXPECT_THAT(Statuses(child), ElementsAre("2025-03-03 to 2025-03-03"));
  EXPECT_EQ(ClockOf(episode.name(), "return_interview"), "due 2025-03-06");
  harness_.clock.Advance(absl::Hours(100));
  EXPECT_THAT(Listed("interview_overdue: true"), ElementsAre(episode.name()));
  auto request = Of<pb::RecordReturnInterviewRequest>(
      episode, "interviewer: 'i.interviewer' independent: true account: 'Invented.'");
  *request.mutable_interview_time() = TimeToProto(found + absl::Hours(50));
  const auto done = harness_.Run(missing_, &MissingEpisodes::Interview, request);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(ClockOf(episode.name(), "return_interview"), "due 2025-03-06 met 2025-03-05");
  EXPECT_THAT(Listed("interview_overdue: true"), IsEmpty());
}

TEST_F(MissingEpisodesTest, ADeclinedInterviewIsOwedUntilTheEpisodeIsClosed) {
  MissingEpisode episode = Found(Report(Child("c1")));
  const auto offered =
      harness_.Run(missing_, &MissingEpisodes::Offer, Of<pb::OfferReturnInterviewRequest>(episode));
  ASSERT_TRUE(offered.ok()) << offered.status();
  const auto declined =
      harness_.Run(missing_, &MissingEpisodes::Answer,
                   Of<pb::AnswerInterviewOfferRequest>(offered->missing_episode(),
                                                       "answer: INTERVIEW_ANSWER_DECLINED"));
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_EQ(declined->missing_episode().interview_offers(0).offered_by(), harness_.caller.person);
  EXPECT_EQ(ClockOf(episode.name(), "return_interview"), "due 2025-03-06");
  const auto closed =
      harness_.Run(missing_, &MissingEpisodes::Close,
                   Of<pb::CloseMissingEpisodeRequest>(declined->missing_episode(),
                                                      "reason: MISSING_CLOSE_REASON_DECLINED"));
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(ClockOf(episode.name(), "return_interview"), "due 2025-03-06 cancelled 2025-03-03");
}

TEST_F(MissingEpisodesTest, TheThirdEpisodeOwesAStrategyMeetingAlsoUnderAMergedRecord) {
  const std::string child = Child("c1");
  const std::string duplicate = Child("c2");
  safeguarding::referrals::v1::ChildrenMerged merged;
  merged.set_child(child);
  merged.set_duplicate(duplicate);
  ASSERT_TRUE(children_.Merge(harness_.Database(), merged).ok());
  for (const std::string& record : {child, duplicate}) {
    Found(Report(record));
    harness_.clock.Advance(absl::Hours(24));
  }
  const MissingEpisode third = Report(child);
  EXPECT_EQ(third.recent_episodes(), 3);
  EXPECT_EQ(ClockOf(third.name(), "missing_strategy_meeting"), "due 2025-03-10");
  EXPECT_THAT(Listed("strategy_meeting_owed: true"), ElementsAre(third.name()));
  harness_.clock.Advance(absl::Hours(24));
  auto request = Of<pb::RecordMissingStrategyMeetingRequest>(third, "chair: 'c' decisions: 'x'");
  *request.mutable_hold_time() = TimeToProto(harness_.clock.Now());
  const auto met = harness_.Run(missing_, &MissingEpisodes::Meet, request);
  ASSERT_TRUE(met.ok()) << met.status();
  EXPECT_EQ(ClockOf(third.name(), "missing_strategy_meeting"), "due 2025-03-10 met 2025-03-06");
  EXPECT_THAT(Listed("strategy_meeting_owed: true"), IsEmpty());
  // The count starts afresh.
  Found(met->missing_episode());
  harness_.clock.Advance(absl::Hours(24));
  EXPECT_EQ(ClockOf(Report(child).name(), "missing_strategy_meeting"), "none");
}

TEST_F(MissingEpisodesTest, AHighRiskOwesAStrategyMeetingOnce) {
  const MissingEpisode episode = Report(Child("c1"));
  const auto request =
      Of<pb::AssessMissingRiskRequest>(episode, "risk: MISSING_RISK_HIGH reason: 'Invented.'");
  const auto assessed = harness_.Run(missing_, &MissingEpisodes::AssessRisk, request);
  ASSERT_TRUE(assessed.ok()) << assessed.status();
  EXPECT_EQ(ClockOf(episode.name(), "missing_strategy_meeting"), "due 2025-03-06");
  const auto again =
      harness_.Run(missing_, &MissingEpisodes::AssessRisk,
                   Of<pb::AssessMissingRiskRequest>(assessed->missing_episode(),
                                                    "risk: MISSING_RISK_HIGH reason: 'Still.'"));
  EXPECT_TRUE(again.ok()) << again.status();
}

TEST_F(MissingEpisodesTest, TheDailyReportHoldsWhoIsNotBackAndCountsChildren) {
  const MissingEpisode home = Report(Child("c1"), "risk: MISSING_RISK_HIGH risk_reason: 'x'");
  harness_.clock.Advance(absl::Hours(1));
  const MissingEpisode placed = Report(
      Child("c2"), "missing_from: MISSING_FROM_CARE placing_authority: '301' circumstances: 'x'");
  Report(Child("c3"), "missing_from: MISSING_FROM_CARE host_authority: '303'");
  Report(Child("c4"), "missing_from: MISSING_FROM_CARE kind: MISSING_KIND_AWAY_WITHOUT_LEAVE");
  Found(Report(Child("c5")));
  Report(Child("c6", "restricted: true allowed_people: 'ann.example'"));
  harness_.caller.person = "somebody.else";
  const pb::ListMissingNowResponse now = Now();
  EXPECT_EQ(now.missing_episodes_size(), 4);
  EXPECT_EQ(now.missing_episodes(0).name(), home.name());
  EXPECT_EQ(now.now().children(), 3);
  EXPECT_EQ(now.now().from_home(), 1);
  EXPECT_EQ(now.now().from_care(), 2);
  EXPECT_EQ(now.now().placed_here_by_others(), 1);
  EXPECT_EQ(now.now().placed_elsewhere(), 1);
  EXPECT_EQ(now.now().high_risk(), 1);
  EXPECT_EQ(now.now().not_assessed(), 2);
  EXPECT_EQ(now.now().away_without_leave(), 1);
  EXPECT_EQ(ProtoToTime(now.report_time()), harness_.clock.Now());
  const auto others = Now("placed_here_by_others: true page_size: 1");
  ASSERT_EQ(others.missing_episodes_size(), 1);
  EXPECT_EQ(others.missing_episodes(0).name(), placed.name());
  EXPECT_EQ(others.missing_episodes(0).circumstances(), "x");
  EXPECT_EQ(others.now().children(), 3);
}

TEST_F(MissingEpisodesTest, AMistakeIsTakenBackEverywhere) {
  const std::string child = Child("c1");
  const MissingEpisode episode = Report(child, "risk: MISSING_RISK_HIGH risk_reason: 'x'");
  const auto voided = harness_.Run(missing_, &MissingEpisodes::Void,
                                   Of<pb::VoidMissingEpisodeRequest>(episode, "reason: 'x'"));
  ASSERT_TRUE(voided.ok()) << voided.status();
  EventOfType<pb::MissingVoided>("child_protection.missing_voided", child);
  EXPECT_THAT(Statuses(child), IsEmpty());
  EXPECT_EQ(ClockOf(episode.name(), "missing_strategy_meeting"),
            "due 2025-03-06 cancelled 2025-03-03");
  EXPECT_EQ(Report(child).recent_episodes(), 1);
}

TEST_F(MissingEpisodesTest, ListsByWhatIsAsked) {
  const std::string child = Child("c1");
  const MissingEpisode first = Found(Report(child));
  harness_.clock.Advance(absl::Hours(24));
  const MissingEpisode second =
      Report(Child("c2"), "missing_from: MISSING_FROM_CARE placing_authority: '301' team: 'other'");
  EXPECT_THAT(Listed(""), ElementsAre(second.name(), first.name()));
  EXPECT_THAT(Listed("child: '" + child + "'"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("missing_from: MISSING_FROM_CARE"), ElementsAre(second.name()));
  EXPECT_THAT(Listed("placed_here_by_others: true"), ElementsAre(second.name()));
  EXPECT_THAT(Listed("states: STATE_FOUND"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("team: 'other'"), ElementsAre(second.name()));
  EXPECT_THAT(Listed("kind: MISSING_KIND_AWAY_WITHOUT_LEAVE"), IsEmpty());
  auto since = Parse<pb::ListMissingEpisodesRequest>("");
  *since.mutable_missing_time_from() = second.missing_time();
  EXPECT_THAT(Listed(since.ShortDebugString()), ElementsAre(second.name()));
}

}  // namespace
}  // namespace lscp::child_protection
