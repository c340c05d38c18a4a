#include "child_protection/seam_episode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::SeamEpisode;
using ::testing::ElementsAre;

const Step kStep = {"w.worker", "testcouncil", LondonTime(2025, 4, 14, 10)};  // a Monday

SeamEpisode Opened() {
  SeamEpisode episode =
      OpenSeam(ParseRequest<pb::OpenSeamEpisodeRequest>("child: 'boroughs/testborough/children/k1' "
                                                        "start_date { year: 2025 month: 4 day: 1 } "
                                                        "reason: 'invented' team: 'adolescents'"),
               kStep, TestBorough());
  episode.set_name("boroughs/testborough/seamEpisodes/s1");
  return episode;
}

absl::Status MeetOn(SeamEpisode& episode, int month, int day, int score = 28) {
  auto request = ParseRequest<pb::HoldSeamMeetingRequest>("chair: 'c.chair' notes: 'invented'");
  *request.mutable_meeting_date() = DateToProto(absl::CivilDay(2025, month, day));
  request.set_score(score);
  return HoldMeeting(episode, request, TestBorough());
}

absl::Status CloseOn(SeamEpisode& episode, int month, int day) {
  auto request =
      ParseRequest<pb::CloseSeamEpisodeRequest>("reason: SEAM_CLOSE_REASON_RISK_REDUCED");
  *request.mutable_end_date() = DateToProto(absl::CivilDay(2025, month, day));
  return Close(episode, request, kStep);
}

TEST(SeamTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kSeamTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kSeamTransitions)));
}

TEST(SeamTransitions, HoldForEveryStateAndVerb) {
  const std::map<std::string, std::function<absl::Status(SeamEpisode&)>> verbs = {
      {"HoldSeamMeeting", [](SeamEpisode& e) { return MeetOn(e, 4, 2); }},
      {"SignOffSeamNotes",
       [](SeamEpisode& e) {
         *e.add_meetings()->mutable_meeting_date() = DateToProto(absl::CivilDay(2025, 4, 2));
         return SignOff(e, kStep);
       }},
      {"CloseSeamEpisode", [](SeamEpisode& e) { return CloseOn(e, 4, 2); }},
  };
  ExpectEveryStateAndVerb(kSeamTransitions, "OpenSeamEpisode", verbs, [](auto state) {
    SeamEpisode episode = Opened();
    episode.set_state(state);
    return episode;
  });
}

TEST(OpenSeamEpisode, ExpectsTheInitialMeetingWithinTenWorkingDays) {
  EXPECT_EQ(ProtoToDate(Opened().meeting_due_date()), absl::CivilDay(2025, 4, 15));
}

TEST(HoldSeamMeeting, IsInitialOnceAndThenAReview) {
  SeamEpisode episode = Opened();
  ASSERT_TRUE(MeetOn(episode, 4, 10, 0).ok());
  EXPECT_EQ(episode.meetings(0).type(), pb::SEAM_MEETING_TYPE_INITIAL);
  EXPECT_EQ(episode.meetings(0).score(), 0);
  EXPECT_EQ(ProtoToDate(episode.meeting_due_date()), absl::CivilDay(2025, 5, 22));
  // Over Easter: 11, 14, 15, 16, 17 April.
  EXPECT_EQ(ProtoToDate(episode.notes_due_date()), absl::CivilDay(2025, 4, 17));
  ASSERT_TRUE(SignOff(episode, kStep).ok());
  ASSERT_TRUE(MeetOn(episode, 4, 24).ok());
  EXPECT_EQ(episode.meetings(1).type(), pb::SEAM_MEETING_TYPE_REVIEW);
  EXPECT_EQ(episode.meetings(1).days_since_last(), 14);
  EXPECT_EQ(ProtoToDate(episode.notes_due_date()), absl::CivilDay(2025, 5, 1));
}

TEST(HoldSeamMeeting, ComesAfterWhatWasBeforeAndItsNotes) {
  SeamEpisode episode = Opened();
  EXPECT_THAT(Violations(MeetOn(episode, 3, 31)), ElementsAre("meeting_date"));
  episode = Opened();
  ASSERT_TRUE(MeetOn(episode, 4, 1).ok());
  EXPECT_EQ(ReasonOf(MeetOn(episode, 4, 8)), reason::ERROR_REASON_RULE_NOT_MET);
  SeamEpisode copy = episode;
  EXPECT_EQ(ReasonOf(CloseOn(copy, 4, 8)), reason::ERROR_REASON_RULE_NOT_MET);
  ASSERT_TRUE(SignOff(episode, kStep).ok());
  EXPECT_EQ(ReasonOf(SignOff(episode, kStep)), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_THAT(Violations(MeetOn(episode, 4, 1)), ElementsAre("meeting_date"));
  EXPECT_TRUE(CloseOn(episode, 4, 8).ok());
}

TEST(SignOffSeamNotes, CountsWorkingDaysSinceTheMeeting) {
  SeamEpisode episode = Opened();
  ASSERT_TRUE(MeetOn(episode, 4, 11).ok());
  ASSERT_TRUE(SignOff(episode, {"m.manager", "testcouncil", LondonTime(2025, 4, 22, 9)}).ok());
  // Good Friday and Easter Monday do not count.
  EXPECT_EQ(episode.meetings(0).sign_off_working_days(), 5);
  EXPECT_EQ(episode.meetings(0).signed_off_by(), "m.manager");
  EXPECT_FALSE(episode.has_notes_due_date());
}

TEST(CloseSeamEpisode, EndsNotBeforeWhatHappenedLast) {
  SeamEpisode episode = Opened();
  EXPECT_THAT(Violations(CloseOn(episode, 3, 31)), ElementsAre("end_date"));
  episode = Opened();
  ASSERT_TRUE(MeetOn(episode, 4, 10).ok());
  ASSERT_TRUE(SignOff(episode, kStep).ok());
  EXPECT_THAT(Violations(CloseOn(episode, 4, 9)), ElementsAre("end_date"));
  episode.set_state(SeamEpisode::STATE_OPEN);
  ASSERT_TRUE(CloseOn(episode, 4, 10).ok());
  EXPECT_FALSE(episode.has_meeting_due_date());
}

}  // namespace
}  // namespace lscp::child_protection
