#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/exploitation_flag.h"
#include "child_protection/indicators.h"
#include "child_protection/missing_episode.h"
#include "child_protection/testing/indicators_fixture.h"
#include "common/time/london.h"
#include "safeguarding/child_protection/v1/enquiries_service.pb.h"
#include "safeguarding/child_protection/v1/nrm_referrals_service.pb.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;

// What lasts from an instant until another, or still does.
struct Time {
  absl::Time from;
  std::optional<absl::Time> until;

  CivilDay first() const { return LondonDay(from); }
  std::optional<CivilDay> last() const {
    return until ? std::optional(LondonDay(*until)) : std::nullopt;
  }
};

// A stock, and the row of it that a time and a number make.
struct Stock {
  const char* id;
  const char* came;  // the flows that reports show beside it; nullptr when they show none
  const char* went;
  const char* table;
  bool instants;
  std::function<Columns(const Time&, int)> row;
};

Columns Days(const Time& time, int) {
  return Columns{{"started_on", time.first()}, {"ended_on", time.last()}};
}

const Stock kStocks[] = {
    {"children_on_protection_plan", "protection_plans_started", "protection_plans_ended",
     "protection_plans", false, Days},
    {"child_in_need_plans_open", "child_in_need_plans_started", "child_in_need_plans_ended",
     "child_in_need_plans", false, Days},
    {"seam_episodes_open", "seam_episodes_started", "seam_episodes_ended", "seam_episodes", false,
     Days},
    {"exploitation_flags_open", "exploitation_flags_raised", "exploitation_flags_ended",
     "exploitation_flags", false, Days},
    // Ends in court, or steps down.
    {"children_in_pre_proceedings", "pre_proceedings_started", "pre_proceedings_ended",
     "proceedings", false,
     [](const Time& time, int number) {
       return Columns{{"started_on", time.first()},
                      {number % 2 == 0 ? "issued_on" : "ended_on", time.last()}};
     }},
    // Half of them without pre-proceedings.
    {"children_in_care_proceedings", "care_proceedings_issued", "care_proceedings_ended",
     "proceedings", false,
     [](const Time& time, int number) {
       const std::optional<CivilDay> before = time.first() - 40;
       return Columns{{"started_on", number % 2 == 0 ? before : std::nullopt},
                      {"issued_on", time.first()},
                      {"ended_on", time.last()}};
     }},
    // Refused at the first stage or decided at the second.
    {"nrm_referrals_waiting", "nrm_referrals_made", nullptr, "nrm_referrals", false,
     [](const Time& time, int number) {
       const bool refused = number % 2 == 0 && time.until;
       return Columns{{"referred_on", time.first()},
                      {"state", refused ? pb::NrmReferral::STATE_REASONABLE_GROUNDS_REFUSED
                                        : pb::NrmReferral::STATE_REASONABLE_GROUNDS},
                      {"reasonable_on", refused ? time.last() : time.first()},
                      {"conclusive_on", refused ? std::nullopt : time.last()}};
     }},
    {"section_47_open", "section_47_started", "section_47_concluded", "enquiries", true,
     [](const Time& time, int) {
       return Columns{{"started_at", time.from}, {"concluded_at", time.until}};
     }},
    {"children_missing", nullptr, nullptr, "missing_episodes", true,
     [](const Time& time, int) {
       return Columns{
           {"missing_at", time.from}, {"found_at", time.until}, {"kind", pb::MISSING_KIND_MISSING}};
     }},
};

class StocksOfARandomHistory : public IndicatorsFixture,
                               public ::testing::WithParamInterface<Stock> {
 protected:
  // Often at midnight, where days meet, and often over before the day is.
  Time Any() {
    const auto below = [&](int n) { return static_cast<int>(random_() % n); };
    const absl::Duration hours[] = {absl::ZeroDuration(), absl::Microseconds(1), absl::Hours(12),
                                    absl::Hours(23) - absl::Microseconds(1)};
    Time time = {StartOfDay(CivilDay(2024, 11, 1) + below(420)) + hours[below(4)], std::nullopt};
    const int ends = below(5);
    if (ends == 0) return time;
    if (ends == 1) {
      time.until = time.from;
    } else {
      time.until = std::max(time.from, StartOfDay(time.first() + below(120)) + hours[below(4)]);
    }
    return time;
  }

  static bool IsThere(const Time& time, CivilDay last, bool instants) {
    if (instants) {
      const absl::Time end = EndOfDay(last);
      return time.from < end && (!time.until || *time.until >= end);
    }
    return time.first() <= last && (!time.until || *time.last() > last);
  }

  std::mt19937 random_{20190331};
};

TEST_P(StocksOfARandomHistory, AreThoseBeforeAndThoseThatCameLessThoseThatWent) {
  const Stock& stock = GetParam();
  std::vector<Time> times;
  for (int i = 0; i < 150; ++i) {
    times.push_back(Any());
    Columns columns = stock.row(times.back(), i);
    const std::string id = absl::StrCat("x", i);
    columns.push_back({"id", id});
    columns.push_back({"child", id});
    Row(stock.table, columns);
  }
  int64_t before = std::count_if(times.begin(), times.end(), [&](const Time& time) {
    return IsThere(time, CivilDay(2024, 12, 31), stock.instants);
  });
  int64_t most = 0;
  // The clocks change on 30 March and 26 October.
  for (CivilDay first(2025, 1, 1); first < CivilDay(2026, 1, 1);) {
    const CivilDay last = first + static_cast<int>(random_() % 40);
    const auto indicator = Of(stock.id, first, last);
    const auto& movement = indicator.movement();
    const int64_t there = std::count_if(times.begin(), times.end(), [&](const Time& time) {
      return IsThere(time, last, stock.instants);
    });
    EXPECT_EQ(indicator.total().numerator(), there) << last;
    EXPECT_EQ(movement.before(), before) << first;
    EXPECT_EQ(movement.before() + movement.came() - movement.went(), there) << last;
    if (stock.came != nullptr) {
      EXPECT_EQ(Of(stock.came, first, last).total().numerator(), movement.came()) << first;
    }
    if (stock.went != nullptr) {
      EXPECT_EQ(Of(stock.went, first, last).total().numerator(), movement.went()) << first;
    }
    before = there;
    most = std::max(most, movement.came());
    first = last + 1;
  }
  EXPECT_GT(most, 3) << "a history in which nothing happens shows nothing";
}

INSTANTIATE_TEST_SUITE_P(Of, StocksOfARandomHistory, ::testing::ValuesIn(kStocks),
                         [](const auto& info) { return std::string(info.param.id); });

TEST(Stocks, OfWhichTheMovementIsShownAreAllTried) {
  std::set<std::string> shown, tried;
  for (const IndicatorQuery& query : Indicators()) {
    if (query.movement) shown.insert(query.definition.id());
  }
  for (const Stock& stock : kStocks) tried.insert(stock.id);
  EXPECT_EQ(shown, tried);
}

class StocksTest : public IndicatorsFixture {};

TEST_F(StocksTest, RecordsMadeByMistakeAreInNoStock) {
  const CivilDay day(2025, 3, 3);
  Row("exploitation_flags", {{"id", "f1"},
                             {"child", "k1"},
                             {"state", pb::ExploitationFlag::STATE_VOID},
                             {"started_on", day}});
  Row("missing_episodes", {{"id", "m1"},
                           {"child", "k1"},
                           {"state", pb::MissingEpisode::STATE_VOID},
                           {"kind", pb::MISSING_KIND_MISSING},
                           {"missing_at", StartOfDay(day)}});
  Row("enquiries", {{"id", "e1"},
                    {"child", "k1"},
                    {"state", pb::Enquiry::STATE_CANCELLED},
                    {"started_at", StartOfDay(day)}});
  for (const char* id : {"exploitation_flags_open", "children_missing", "section_47_open"}) {
    EXPECT_EQ(Figure(id, day, day), "0") << id;
    EXPECT_EQ(Of(id, day, day).movement().came(), 0) << id;
  }
}

TEST_F(StocksTest, AnEndBeforeTheBeginningIsNoStock) {
  Row("seam_episodes", {{"id", "s1"},
                        {"child", "k1"},
                        {"started_on", CivilDay(2025, 3, 10)},
                        {"ended_on", CivilDay(2025, 3, 5)}});
  for (const IndicatorQuery& query : Indicators()) {
    if (query.definition.id() != "seam_episodes_open") continue;
    const CivilDay first(2025, 3, 1), last(2025, 3, 7);
    const auto refused = Compute(harness_.Database(), query,
                                 {"barnet", first, last, StartOfDay(first), EndOfDay(last)});
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInternal) << refused.status();
  }
}

}  // namespace
}  // namespace lscp::child_protection
