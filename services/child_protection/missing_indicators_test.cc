#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "child_protection/missing_episode.h"
#include "child_protection/testing/indicators_fixture.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;

class MissingIndicatorsTest : public IndicatorsFixture {
 protected:
  MissingIndicatorsTest() {
    Child("k1", "sex: SEX_MALE birth_date { year: 2012 month: 4 day: 1 }");
    Child("k2", "sex: SEX_MALE birth_date { year: 2012 month: 4 day: 1 }");
    Child("k3", "sex: SEX_FEMALE birth_date { year: 2008 month: 5 day: 1 }");
    Merged("k2", "k1");
  }

  // Missing from home, unless `more` says otherwise; found after as many hours.
  void Episode(const std::string& id, const std::string& child, absl::Time missing, int hours,
               const Columns& more = {}) {
    Columns columns = {{"id", id},
                       {"child", child},
                       {"state", pb::MissingEpisode::STATE_FOUND},
                       {"kind", pb::MISSING_KIND_MISSING},
                       {"missing_at", missing},
                       {"found_at", missing + absl::Hours(hours)},
                       {"interview_due_at", missing + absl::Hours(hours + 72)}};
    bool from = false;
    for (const Column& column : more) {
      from = from || std::string(column.name) == "missing_from";
      std::erase_if(columns,
                    [&](const Column& known) { return std::string(known.name) == column.name; });
      columns.push_back(column);
    }
    if (!from) columns.push_back({"missing_from", pb::MISSING_FROM_HOME});
    Row("missing_episodes", columns);
  }

  static absl::Time Midnight(int month, int day) { return StartOfDay(CivilDay(2025, month, day)); }

  const CivilDay first_{2025, 3, 1}, last_{2025, 3, 31};
};

TEST_F(MissingIndicatorsTest, ChildrenAndEpisodesAreCountedApart) {
  Episode("m1", "k1", Midnight(3, 3), 10);
  Episode("m2", "k1", Midnight(3, 10), 10, {{"missing_from", pb::MISSING_FROM_CARE}});
  Episode("m3", "k2", Midnight(3, 20), 10);  // the same child, on another record
  Episode("m4", "k3", Midnight(3, 25), 10);
  EXPECT_EQ(Figure("missing_episodes", first_, last_), "4");
  EXPECT_THAT(PartsOf("missing_episodes", "missing_from", first_, last_),
              ElementsAre("CARE 1", "HOME 3"));
  EXPECT_EQ(Figure("children_missing_in_period", first_, last_), "2");
  EXPECT_THAT(PartsOf("children_missing_in_period", "missing_from", first_, last_),
              ElementsAre("CARE 1", "HOME 2"));
  EXPECT_THAT(PartsOf("children_missing_in_period", "sex", first_, last_),
              ElementsAre("FEMALE 1", "MALE 1"));
  EXPECT_THAT(PartsOf("children_missing_in_period", "age", first_, last_),
              ElementsAre("12-15 1", "16-17 1"));
  EXPECT_EQ(Figure("missing_episodes_per_child", first_, last_), "4/2");
}

// British Summer Time began on 30 March 2025: the last hour of March was that of April in UTC.
TEST_F(MissingIndicatorsTest, AMonthEndsAtMidnightInLondon) {
  Episode("m1", "k1", Midnight(4, 1) - absl::Minutes(1), 1);
  Episode("m2", "k3", Midnight(4, 1), 1);
  EXPECT_EQ(Midnight(4, 1), absl::FromUnixSeconds(1743462000));  // 31 March, 23:00 UTC
  EXPECT_EQ(Figure("missing_episodes", first_, last_), "1");
  EXPECT_EQ(Figure("missing_episodes", CivilDay(2025, 4, 1), CivilDay(2025, 4, 30)), "1");
  EXPECT_EQ(Figure("children_missing", first_, last_), "1");
  EXPECT_EQ(Figure("children_missing", CivilDay(2025, 4, 1), CivilDay(2025, 4, 1)), "0");
}

TEST_F(MissingIndicatorsTest, OthersChildrenMistakesAndAbsencesWithoutLeaveAreNotOurs) {
  Episode("m1", "k1", Midnight(3, 3), 10, {{"state", pb::MissingEpisode::STATE_VOID}});
  Episode("m2", "k1", Midnight(3, 5), 10, {{"kind", pb::MISSING_KIND_AWAY_WITHOUT_LEAVE}});
  Episode("m3", "k3", Midnight(3, 5), 0,
          {{"placed_here_by_other", true},
           {"missing_from", pb::MISSING_FROM_CARE},
           {"found_at", std::optional<absl::Time>()},
           {"interview_due_at", std::optional<absl::Time>()}});
  EXPECT_EQ(Figure("missing_episodes", first_, last_), "0");
  EXPECT_EQ(Figure("away_without_leave_episodes", first_, last_), "1");
  EXPECT_EQ(Figure("missing_episodes_of_children_placed_here", first_, last_), "1");
  EXPECT_EQ(Figure("children_missing", first_, last_), "1") << "whoever is responsible";
  EXPECT_THAT(PartsOf("children_missing", "placed", first_, last_),
              ElementsAre("HERE_BY_OTHER_AUTHORITY 1"));
  EXPECT_THAT(PartsOf("children_missing", "risk", first_, last_), ElementsAre("NOT_RECORDED 1"));
}

TEST_F(MissingIndicatorsTest, AnInterviewIsJudgedWhenItsHoursAreOver) {
  // Back three days before April began: due at the very end of March.
  Episode("m1", "k1", Midnight(4, 1) - absl::Hours(82), 10,
          {{"interviewed_at", Midnight(4, 1)}, {"offered_at", Midnight(3, 30)}});
  Episode("m2", "k3", Midnight(3, 3), 10,
          {{"interviewed_at", Midnight(3, 20)}, {"missing_from", pb::MISSING_FROM_CARE}});
  Episode("m3", "k1", Midnight(3, 5), 10);  // declined
  Episode("m4", "k3", Midnight(3, 7), 10, {{"interview_due_at", std::optional<absl::Time>()}});
  Episode("m5", "k1", Midnight(3, 30), 10, {{"interviewed_at", Midnight(3, 31)}});  // due in April
  EXPECT_EQ(Figure("return_interviews_within_72_hours", first_, last_), "1/3");
  EXPECT_THAT(PartsOf("return_interviews_within_72_hours", "missing_from", first_, last_),
              ElementsAre("CARE 0/1", "HOME 1/2"));
  EXPECT_EQ(Figure("return_interviews_held", first_, last_), "1/3") << "April is not March";
  EXPECT_EQ(Figure("return_interviews_offered_within_72_hours", first_, last_), "1/3");
}

TEST_F(MissingIndicatorsTest, LengthIsOfWhatEnded) {
  Episode("m1", "k1", Midnight(2, 27), 72);  // ended in March
  Episode("m2", "k3", Midnight(3, 30), 24);  // the clocks went forward: 24 hours by the clock
  Episode("m3", "k1", Midnight(3, 31), 48);  // ended in April
  EXPECT_EQ(Figure("missing_hours", first_, last_), "96/2");
}

TEST_F(MissingIndicatorsTest, StrategyMeetingsCountWhenTheyFallDue) {
  for (const std::string id : {"m1", "m2", "m3"}) {
    Episode(id, "k" + id, Midnight(3, 3), 10,
            {{"state",
              id == "m3" ? pb::MissingEpisode::STATE_VOID : pb::MissingEpisode::STATE_CLOSED}});
    Row("timescales", {{"subject", "boroughs/barnet/missingEpisodes/" + id},
                       {"rule", kMissingStrategyMeeting},
                       {"started_at", Midnight(3, 3)},
                       {"due_at", Midnight(3, 8)},
                       {"met_at", id == "m1" ? Midnight(3, 8) : Midnight(3, 9)}});
  }
  EXPECT_EQ(Figure("missing_strategy_meetings_in_time", first_, last_), "1/2");
}

}  // namespace
}  // namespace lscp::child_protection
