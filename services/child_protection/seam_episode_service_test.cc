#include "child_protection/seam_episode_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::SeamEpisode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SeamEpisodesTest : public Fixture {
 protected:
  absl::StatusOr<SeamEpisode> TryOpen(const std::string& child) {
    auto request = Parse<pb::OpenSeamEpisodeRequest>(
        "parent: 'boroughs/barnet' reason: 'Invented.' team: 'adolescents'");
    request.set_child(child);
    const auto response = harness_.Run(seam_, &SeamEpisodes::Open, request);
    if (!response.ok()) return response.status();
    return response->seam_episode();
  }
  SeamEpisode Open(const std::string& child) {
    const auto episode = TryOpen(child);
    EXPECT_TRUE(episode.ok()) << episode.status();
    return episode.ok() ? *episode : SeamEpisode();
  }
  // A meeting today.
  SeamEpisode Hold(const SeamEpisode& episode, int score) {
    auto request = Of<pb::HoldSeamMeetingRequest>(
        episode, "chair: 'c.chair' notes: 'Invented.' agencies: 'testpolice'");
    *request.mutable_meeting_date() = DateToProto(LondonDay(harness_.clock.Now()));
    request.set_score(score);
    const auto response = harness_.Run(seam_, &SeamEpisodes::Hold, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->seam_episode() : SeamEpisode();
  }
  SeamEpisode SignOff(const SeamEpisode& episode) {
    const auto response =
        harness_.Run(seam_, &SeamEpisodes::SignOff, Of<pb::SignOffSeamNotesRequest>(episode));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->seam_episode() : SeamEpisode();
  }
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response =
        harness_.Run(seam_, &SeamEpisodes::List, Parse<pb::ListSeamEpisodesRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const SeamEpisode& episode : response->seam_episodes()) {
      names.push_back(episode.name());
      EXPECT_EQ(episode.opening_reason(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }

  SeamEpisodes seam_{parts_};
};

TEST_F(SeamEpisodesTest, AYoungPersonHasOneOpenEpisode) {
  const std::string child = Child("c1");
  const SeamEpisode episode = Open(child);
  EXPECT_EQ(ClockOf(episode.name(), "seam_initial_meeting"), "due 2025-03-17");
  EXPECT_EQ(ReasonOf(TryOpen(child).status()), reason::ERROR_REASON_RULE_NOT_MET);
  const auto closed = harness_.Run(
      seam_, &SeamEpisodes::Close,
      Of<pb::CloseSeamEpisodeRequest>(episode, "reason: SEAM_CLOSE_REASON_REFUSES_SERVICES"));
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(ClockOf(episode.name(), "seam_initial_meeting"), "due 2025-03-17 cancelled 2025-03-03");
  EXPECT_TRUE(TryOpen(child).ok());
}

TEST_F(SeamEpisodesTest, AHiddenChildHasNone) {
  EXPECT_EQ(
      TryOpen(Child("c1", "restricted: true allowed_people: 'somebody.else'")).status().code(),
      absl::StatusCode::kPermissionDenied);
}

TEST_F(SeamEpisodesTest, MeetingsAndTheirNotesHaveClocks) {
  SeamEpisode episode = Open(Child("c1"));
  harness_.clock.Advance(absl::Hours(24));
  episode = Hold(episode, 28);
  EXPECT_EQ(ClockOf(episode.name(), "seam_initial_meeting"), "due 2025-03-17 met 2025-03-04");
  EXPECT_EQ(ClockOf(episode.name(), "seam_review"), "due 2025-04-15");
  EXPECT_EQ(ClockOf(episode.name(), "seam_notes"), "due 2025-03-11");
  harness_.clock.Advance(absl::Hours(24 * 8));
  EXPECT_THAT(Listed("notes_overdue: true"), ElementsAre(episode.name()));
  episode = SignOff(episode);
  EXPECT_EQ(episode.meetings(0).sign_off_working_days(), 6);
  EXPECT_EQ(ClockOf(episode.name(), "seam_notes"), "due 2025-03-11 met 2025-03-12");
  EXPECT_THAT(Listed("notes_overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 40));
  EXPECT_THAT(Listed("meeting_overdue: true"), ElementsAre(episode.name()));
  episode = Hold(episode, 0);
  EXPECT_THAT(Listed("meeting_overdue: true"), IsEmpty());
  const auto rows = harness_.Database().Query(
      "SELECT CONCAT(type, ' ', score, ' ', signed_off_on IS NOT NULL) FROM seam_meetings"
      " ORDER BY held_on",
      {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 2);
  EXPECT_EQ((*rows)[0].Text(0), "1 28 1");
  EXPECT_EQ((*rows)[1].Text(0), "2 0 0");
}

TEST_F(SeamEpisodesTest, ListsByWhatIsAsked) {
  const std::string child = Child("c1");
  const SeamEpisode first = Open(child);
  harness_.clock.Advance(absl::Hours(24));
  const SeamEpisode second = Open(Child("c2"));
  EXPECT_THAT(Listed(""), ElementsAre(second.name(), first.name()));
  EXPECT_THAT(Listed("child: '" + child + "'"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("states: STATE_CLOSED"), IsEmpty());
  EXPECT_THAT(Listed("team: 'other'"), IsEmpty());
}

}  // namespace
}  // namespace lscp::child_protection
