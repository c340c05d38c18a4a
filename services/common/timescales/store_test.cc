#include "common/timescales/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/paging/page_token.h"
#include "common/status/error.h"
#include "common/testing/mariadb.h"
#include "common/time/convert.h"

namespace lscp::timescales {
namespace {

using safeguarding::timescales::v1::ListTimescalesRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// 2025-05-20 14:00 in London.
const absl::Time kNow = absl::FromUnixSeconds(1'747'746'000);
constexpr char kBox[] = "boroughs/x/boxes/1";

class Store : public ::testing::Test {
 protected:
  db::Connection& db() { return *connection_; }

  void StartOne(const std::string& subject, const std::string& rule, absl::Duration due_in,
                const std::string& borough = "x", const std::string& team = "",
                const std::string& owner = "") {
    const absl::Status status =
        Start(db(), borough, {{subject, rule, kNow - absl::Hours(1), kNow + due_in, team, owner}});
    ASSERT_TRUE(status.ok()) << status;
  }

  // "subject rule STATE" of each, shortened to the last part of the subject.
  std::vector<std::string> Listed(const ListTimescalesRequest& request,
                                  const std::vector<std::string>& boroughs = {"x"},
                                  const std::string& person = "", absl::Time now = kNow) {
    const auto response = List(db(), request, boroughs, person, now);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> found;
    if (!response.ok()) return found;
    for (const Timescale& clock : response->timescales()) {
      found.push_back(clock.subject().substr(clock.subject().rfind('/') + 1) + " " + clock.rule() +
                      " " + Timescale::State_Name(clock.state()).substr(6));
    }
    return found;
  }

  static ListTimescalesRequest WithEnded() {
    ListTimescalesRequest request;
    request.set_include_ended(true);
    return request;
  }

 private:
  lscp::testing::TestDatabase database_;
  std::unique_ptr<db::Connection> connection_ = database_.Connect();
};

TEST_F(Store, ListsWhatWasStartedTheEarliestDueFirst) {
  ASSERT_TRUE(Start(db(), "x",
                    {{kBox, "late_rule", kNow, kNow + absl::Hours(9), "red", "ann"},
                     {kBox, "early_rule", kNow, kNow + absl::Hours(2)},
                     {"boroughs/x/boxes/2", "late_rule", kNow, kNow - absl::Hours(2)}})
                  .ok());
  EXPECT_THAT(Listed({}),
              ElementsAre("2 late_rule OVERDUE", "1 early_rule RUNNING", "1 late_rule RUNNING"));
  const auto last = List(db(), {}, {"x"}, "", kNow)->timescales(2);
  EXPECT_EQ(last.subject(), kBox);
  EXPECT_EQ(last.team(), "red");
  EXPECT_EQ(last.owner(), "ann");
  EXPECT_EQ(ProtoToTime(last.start_time()), kNow);
  EXPECT_EQ(ProtoToTime(last.due_time()), kNow + absl::Hours(9));
  EXPECT_FALSE(last.has_met_time());
}

TEST_F(Store, StartsNothingWhenAskedForNothing) {
  EXPECT_TRUE(Start(db(), "x", {}).ok());
  EXPECT_THAT(Listed(WithEnded()), IsEmpty());
}

TEST_F(Store, RunsAtMostOneClockOfARuleForASubject) {
  StartOne(kBox, "rule", absl::Hours(1));
  const absl::Status again = Start(
      db(), "x",
      {{kBox, "other", kNow, kNow + absl::Hours(2)}, {kBox, "rule", kNow, kNow + absl::Hours(2)}});
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists) << again;
  EXPECT_THAT(Listed({}), ElementsAre("1 rule RUNNING"));
}

TEST_F(Store, StartsAgainOnceTheFirstHasEnded) {
  for (int i = 0; i < 3; ++i) {
    const absl::Time at = kNow + absl::Hours(i);
    ASSERT_TRUE(Start(db(), "x", {{kBox, "rule", at, at + absl::Hours(1)}}).ok());
    ASSERT_TRUE(i % 2 == 0 ? *Meet(db(), kBox, "rule", at) : *Cancel(db(), kBox, "rule", at) == 1);
  }
  EXPECT_THAT(Listed(WithEnded()), ElementsAre("1 rule MET", "1 rule CANCELLED", "1 rule MET"));
}

TEST_F(Store, IsInTimeAtTheDueInstantAndLateAfterIt) {
  StartOne("boroughs/x/boxes/1", "rule", absl::Hours(1));
  StartOne("boroughs/x/boxes/2", "rule", absl::Hours(1));
  StartOne("boroughs/x/boxes/3", "rule", absl::Hours(1));
  const absl::Time due = kNow + absl::Hours(1);
  EXPECT_TRUE(*Meet(db(), "boroughs/x/boxes/1", "rule", due));
  EXPECT_TRUE(*Meet(db(), "boroughs/x/boxes/2", "rule", due + absl::Microseconds(1)));
  EXPECT_THAT(Listed(WithEnded(), {"x"}, "", due),
              ElementsAre("1 rule MET", "2 rule MET_LATE", "3 rule RUNNING"));
  EXPECT_THAT(Listed({}, {"x"}, "", due + absl::Microseconds(1)), ElementsAre("3 rule OVERDUE"));
}

TEST_F(Store, MeetsOnlyWhatRuns) {
  EXPECT_FALSE(*Meet(db(), kBox, "rule", kNow));
  StartOne(kBox, "rule", absl::Hours(1));
  EXPECT_FALSE(*Meet(db(), kBox, "other", kNow));
  EXPECT_TRUE(*Meet(db(), kBox, "rule", kNow));
  EXPECT_FALSE(*Meet(db(), kBox, "rule", kNow + absl::Hours(5)));
  EXPECT_THAT(Listed(WithEnded()), ElementsAre("1 rule MET"));
}

TEST_F(Store, CancelsOneRuleOrAllOfASubject) {
  for (const char* rule : {"a", "b", "c"}) StartOne(kBox, rule, absl::Hours(1));
  StartOne("boroughs/x/boxes/2", "a", absl::Hours(1));
  EXPECT_EQ(*Cancel(db(), kBox, "a", kNow), 1);
  EXPECT_EQ(*CancelAll(db(), kBox, kNow), 2);
  EXPECT_EQ(*CancelAll(db(), kBox, kNow), 0);
  EXPECT_THAT(Listed({}), ElementsAre("2 a RUNNING"));
}

TEST_F(Store, GivesWhatRunsToAnotherTeam) {
  StartOne(kBox, "a", absl::Hours(1), "x", "red", "ann");
  StartOne(kBox, "b", absl::Hours(1), "x", "red", "ann");
  ASSERT_TRUE(*Meet(db(), kBox, "b", kNow));
  EXPECT_EQ(*Reassign(db(), kBox, "blue", "bob"), 1);
  ListTimescalesRequest request = WithEnded();
  request.set_team("blue");
  EXPECT_THAT(Listed(request), ElementsAre("1 a RUNNING"));
  request.set_team("red");
  EXPECT_THAT(Listed(request), ElementsAre("1 b MET"));
}

TEST_F(Store, ExtendsWhatRuns) {
  StartOne(kBox, "rule", absl::Hours(-1));
  EXPECT_TRUE(*Extend(db(), kBox, "rule", kNow + absl::Hours(1)));
  EXPECT_THAT(Listed({}), ElementsAre("1 rule RUNNING"));
  ASSERT_TRUE(*Meet(db(), kBox, "rule", kNow));
  EXPECT_FALSE(*Extend(db(), kBox, "rule", kNow + absl::Hours(2)));
}

TEST_F(Store, ShowsABoroughsClocksToThoseWhoMaySeeThem) {
  StartOne("boroughs/x/boxes/1", "rule", absl::Hours(1), "x");
  StartOne("boroughs/y/boxes/2", "rule", absl::Hours(2), "y");
  StartOne("boroughs/z/boxes/3", "rule", absl::Hours(3), "z");
  EXPECT_THAT(Listed({}, {"x"}), ElementsAre("1 rule RUNNING"));
  EXPECT_THAT(Listed({}, {"y", "z"}), ElementsAre("2 rule RUNNING", "3 rule RUNNING"));
  EXPECT_THAT(Listed({}, {}), IsEmpty());
  ListTimescalesRequest request;
  request.set_subject("boroughs/z/boxes/3");
  EXPECT_THAT(Listed(request, {"x", "y"}), IsEmpty());
}

TEST_F(Store, ListsByRuleSubjectTeamAndPerson) {
  StartOne("boroughs/x/boxes/1", "a", absl::Hours(1), "x", "red", "ann");
  StartOne("boroughs/x/boxes/2", "b", absl::Hours(2), "x", "blue", "bob");
  StartOne("boroughs/x/boxes/3", "a", absl::Hours(3));
  ListTimescalesRequest by_rule;
  by_rule.set_rule("a");
  EXPECT_THAT(Listed(by_rule), ElementsAre("1 a RUNNING", "3 a RUNNING"));
  ListTimescalesRequest by_subject;
  by_subject.set_subject("boroughs/x/boxes/2");
  EXPECT_THAT(Listed(by_subject), ElementsAre("2 b RUNNING"));
  ListTimescalesRequest by_team;
  by_team.set_team("red");
  EXPECT_THAT(Listed(by_team), ElementsAre("1 a RUNNING"));
  ListTimescalesRequest mine;
  mine.set_mine(true);
  EXPECT_THAT(Listed(mine, {"x"}, "bob"), ElementsAre("2 b RUNNING"));
  EXPECT_THAT(Listed(mine, {"x"}, ""), IsEmpty());
  EXPECT_THAT(Listed(mine, {"x"}, "' OR '1'='1"), IsEmpty());
}

TEST_F(Store, ListsWhatIsOverdueOrSoonDue) {
  StartOne("boroughs/x/boxes/1", "rule", absl::Hours(-1));
  StartOne("boroughs/x/boxes/2", "rule", absl::Hours(24));
  StartOne("boroughs/x/boxes/3", "rule", absl::Hours(24 * 5));
  StartOne("boroughs/x/boxes/4", "rule", absl::Hours(-2));
  ASSERT_TRUE(*Meet(db(), "boroughs/x/boxes/4", "rule", kNow));
  ListTimescalesRequest overdue = WithEnded();
  overdue.set_overdue(true);
  EXPECT_THAT(Listed(overdue), ElementsAre("1 rule OVERDUE"));
  ListTimescalesRequest soon;
  soon.set_due_within_days(1);
  EXPECT_THAT(Listed(soon), ElementsAre("1 rule OVERDUE", "2 rule RUNNING"));
}

TEST_F(Store, PagesThroughEqualDueTimesWithoutGapOrRepetition) {
  std::vector<NewClock> clocks;
  for (int i = 0; i < 7; ++i) {
    for (const char* rule : {"a", "b"}) {
      clocks.push_back(
          {"boroughs/x/boxes/" + std::to_string(i), rule, kNow, kNow + absl::Hours(i / 3), "", ""});
    }
  }
  ASSERT_TRUE(Start(db(), "x", clocks).ok());
  const std::vector<std::string> all = Listed({});
  ASSERT_EQ(all.size(), 14u);
  for (const int page_size : {1, 3, 13, 14}) {
    ListTimescalesRequest request;
    request.set_page_size(page_size);
    std::vector<std::string> paged;
    do {
      const auto page = Listed(request);
      EXPECT_LE(page.size(), static_cast<size_t>(page_size));
      paged.insert(paged.end(), page.begin(), page.end());
      request.set_page_token(List(db(), request, {"x"}, "", kNow)->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(paged, all) << page_size;
  }
}

TEST_F(Store, RefusesPageTokensThatAreNotItsOwn) {
  ListTimescalesRequest request;
  const uint64_t hash = QueryHash(request);
  for (const std::string& token :
       {std::string("nonsense"), EncodePageToken(hash + 1, {"1", "s", "r", "1"}),
        EncodePageToken(hash, {"1", "s", "r"}), EncodePageToken(hash, {"x", "s", "r", "1"}),
        EncodePageToken(hash, {"1", "s", "r", "-1"}), EncodePageToken(hash, {"", "s", "r", "1"}),
        EncodePageToken(hash, {"1 ", "s", "r", "1"}),
        EncodePageToken(hash, {"9223372036854775807", "s", "r", "1"}),
        EncodePageToken(hash, {"99999999999999999999999", "s", "r", "1"})}) {
    request.set_page_token(token);
    EXPECT_EQ(ReasonOf(List(db(), request, {"x"}, "", kNow).status()),
              reason::ERROR_REASON_PAGE_TOKEN_MISMATCH)
        << token;
  }
  request.set_page_token(EncodePageToken(hash, {"1", "' OR 1=1 --", "", "253402300799999999"}));
  EXPECT_THAT(Listed(request), IsEmpty());
}

TEST_F(Store, CountsByBoroughRuleAndStateAndForgetsWhatEndedLongAgo) {
  const auto count = [this](const std::vector<std::string>& boroughs) {
    std::vector<std::string> found;
    const auto counts = CountByState(db(), boroughs, kNow);
    EXPECT_TRUE(counts.ok()) << counts.status();
    for (const Count& entry : *counts) {
      found.push_back(entry.borough + " " + entry.rule + " " +
                      Timescale::State_Name(entry.state).substr(6) + " " +
                      std::to_string(entry.clocks));
    }
    return found;
  };
  EXPECT_THAT(count({"x"}), IsEmpty());
  StartOne("boroughs/x/boxes/1", "a", absl::Hours(1));
  StartOne("boroughs/x/boxes/2", "a", absl::Hours(1));
  StartOne("boroughs/x/boxes/3", "a", absl::Hours(-1));
  StartOne("boroughs/x/boxes/4", "b", absl::Hours(1));
  StartOne("boroughs/x/boxes/5", "b", absl::Hours(-1));
  StartOne("boroughs/x/boxes/6", "b", absl::Hours(1));
  StartOne("boroughs/x/boxes/7", "b", absl::Hours(1));
  StartOne("boroughs/y/boxes/8", "b", absl::Hours(1), "y");
  ASSERT_TRUE(*Meet(db(), "boroughs/x/boxes/4", "b", kNow));
  ASSERT_TRUE(*Meet(db(), "boroughs/x/boxes/5", "b", kNow));
  ASSERT_EQ(*Cancel(db(), "boroughs/x/boxes/6", "b", kNow), 1);
  ASSERT_TRUE(*Meet(db(), "boroughs/x/boxes/7", "b", kNow - absl::Hours(29 * 24)));
  EXPECT_THAT(count({"x"}), UnorderedElementsAre("x a RUNNING 2", "x a OVERDUE 1", "x b MET 1",
                                                 "x b MET_LATE 1", "x b CANCELLED 1"));
  EXPECT_THAT(count({"y"}), UnorderedElementsAre("y b RUNNING 1"));
  EXPECT_EQ(count({"x", "y"}).size(), 6u);
  EXPECT_THAT(count({}), IsEmpty());
}

TEST_F(Store, CountsWhatBecomesDueSoonAndIsNotLateYet) {
  const auto count = [this](absl::Duration within) {
    std::vector<std::string> found;
    const auto counts = CountDueWithin(db(), {"x", "y"}, kNow, within);
    EXPECT_TRUE(counts.ok()) << counts.status();
    for (const Count& entry : *counts) {
      found.push_back(entry.borough + " " + entry.rule + " " + std::to_string(entry.clocks));
    }
    return found;
  };
  StartOne("boroughs/x/boxes/1", "a", absl::Hours(-1));
  StartOne("boroughs/x/boxes/2", "a", absl::ZeroDuration());
  StartOne("boroughs/x/boxes/3", "a", absl::Hours(1));
  StartOne("boroughs/x/boxes/4", "a", absl::Hours(2));
  StartOne("boroughs/y/boxes/5", "a", absl::Hours(2), "y");
  StartOne("boroughs/x/boxes/6", "b", absl::Hours(2));
  ASSERT_TRUE(*Meet(db(), "boroughs/x/boxes/6", "b", kNow));
  EXPECT_THAT(count(absl::Hours(1)), UnorderedElementsAre("x a 2"));
  EXPECT_THAT(count(absl::Hours(2)), UnorderedElementsAre("x a 3", "y a 1"));
  EXPECT_THAT(*CountDueWithin(db(), {}, kNow, absl::Hours(2)), IsEmpty());
}

}  // namespace
}  // namespace lscp::timescales
