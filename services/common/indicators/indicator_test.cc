#include "common/indicators/indicator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/indicators/statement.h"
#include "common/testing/mariadb.h"

namespace lscp {
namespace {

using ::testing::HasSubstr;

class Indicators : public ::testing::Test {
 protected:
  Indicators() {
    // Timescales stand in for any table of facts.
    for (const auto& [subject, team] : {std::pair("a", "north"), {"b", "north"}, {"c", ""}}) {
      EXPECT_TRUE(db_->Execute("INSERT INTO timescales (subject, rule, started_at, borough, team, "
                               "owner, due_at) VALUES (?, 'r', ?, 'barnet', ?, '', ?)",
                               {subject, kStart, team, kStart})
                      .ok());
    }
  }

  static constexpr char kWhere[] =
      " FROM timescales WHERE borough = {borough} AND started_at >= {begin} AND started_at < {end}";

  IndicatorQuery Query(const std::string& rows, bool overlapping = false) const {
    IndicatorQuery query;
    query.definition.set_id("clocks_started");
    query.total = std::string("SELECT COUNT(*), 0") + kWhere;
    query.breakdowns.push_back({"team", rows, overlapping});
    return query;
  }

  const absl::Time kStart = absl::FromUnixSeconds(1'760'000'000);
  const IndicatorPeriod period_{"barnet", absl::CivilDay(2025, 10, 9), absl::CivilDay(2025, 10, 9),
                                kStart, kStart + absl::Hours(1)};
  testing::TestDatabase database_;
  std::unique_ptr<db::Connection> db_ = database_.Connect();
};

TEST_F(Indicators, ABlankIsAPartOfItsOwn) {
  const auto indicator = Compute(
      *db_,
      Query(std::string("SELECT team, COUNT(*), 0") + kWhere + " GROUP BY team ORDER BY team"),
      period_);
  ASSERT_TRUE(indicator.ok()) << indicator.status();
  EXPECT_EQ(indicator->total().numerator(), 3);
  ASSERT_EQ(indicator->breakdowns(0).parts_size(), 2);
  EXPECT_EQ(indicator->breakdowns(0).parts(0).key(), "NOT_RECORDED");
  EXPECT_EQ(indicator->breakdowns(0).parts(1).figure().numerator(), 2);
}

TEST_F(Indicators, PartsThatDoNotAddUpAreRefusedUnlessTheyOverlap) {
  const std::string rows =
      std::string("SELECT team, COUNT(*), 0") + kWhere + " AND team = 'north' GROUP BY team";
  const auto refused = Compute(*db_, Query(rows), period_);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(refused.status().ToString(), HasSubstr("add up to 2, not to 3"));
  EXPECT_TRUE(Compute(*db_, Query(rows, true), period_).ok());
}

TEST_F(Indicators, OnlyThePeriodAndTheBoroughCount) {
  IndicatorPeriod other = period_;
  other.borough = "elsewhere";
  IndicatorQuery query = Query("SELECT '', 0, 0", true);
  EXPECT_EQ(Compute(*db_, query, other)->total().numerator(), 0);
  other = period_;
  other.begin = kStart + absl::Seconds(1);
  EXPECT_EQ(Compute(*db_, query, other)->total().numerator(), 0);
}

class Stocks : public Indicators {
 protected:
  // Clocks that run: a clock lasts until it is met.
  IndicatorStatement Running() const {
    return StockOf({.id = "clocks_running",
                    .title = "",
                    .cohort = "",
                    .numerator = "",
                    .source = "",
                    .from = "timescales",
                    .parts = {{"team", "team"}}},
                   "borough = {borough}", {"started_at", "met_at", /*instants=*/true});
  }
  void Met(const std::string& subject, absl::Time at) {
    EXPECT_TRUE(
        db_->Execute("UPDATE timescales SET met_at = ? WHERE subject = ?", {at, subject}).ok());
  }
};

TEST_F(Stocks, ComeWithTheirMovement) {
  Met("a", kStart);                   // over in the instant in which it began
  Met("b", kStart + absl::Hours(1));  // there when the hour ended
  const auto stock = Compute(*db_, QueryOf(Running()), period_);
  ASSERT_TRUE(stock.ok()) << stock.status();
  EXPECT_EQ(stock->total().numerator(), 2);
  EXPECT_EQ(stock->movement().before(), 0);
  EXPECT_EQ(stock->movement().came(), 3);
  EXPECT_EQ(stock->movement().went(), 1);
  const IndicatorPeriod next = {"barnet", absl::CivilDay(2025, 10, 10),
                                absl::CivilDay(2025, 10, 10), period_.end,
                                period_.end + absl::Hours(1)};
  EXPECT_EQ(Compute(*db_, QueryOf(Running()), next)->movement().before(), 2);
  EXPECT_EQ(Compute(*db_, QueryOf(Running()), next)->movement().went(), 1);
}

TEST_F(Stocks, ThatDoNotAddUpAreRefused) {
  Met("a", kStart - absl::Seconds(1));
  const auto refused = Compute(*db_, QueryOf(Running()), period_);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(refused.status().ToString(), HasSubstr("is 2, not 0 + 3 - 0"));
}

TEST_F(Indicators, WhatIsCountedOnceMayBeInSeveralParts) {
  EXPECT_TRUE(db_->Execute("UPDATE timescales SET owner = 'x' WHERE subject <> 'b'", {}).ok());
  IndicatorStatement owners = {.id = "owners",
                               .title = "",
                               .cohort = "",
                               .numerator = "",
                               .source = "",
                               .from = "timescales",
                               .where = "borough = {borough}",
                               .parts = {{"team", "team", /*overlapping=*/true}},
                               .each = "owner"};
  const auto count = Compute(*db_, QueryOf(owners), period_);
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(count->total().numerator(), 2);
  EXPECT_EQ(count->breakdowns(0).parts(1).figure().numerator(), 2) << "both have one in the north";
  EXPECT_TRUE(count->breakdowns(0).overlapping());
  owners.unit = IndicatorDefinition::UNIT_PERCENT;
  owners.adds = "team = 'north' AND owner = 'x'";
  EXPECT_EQ(Compute(*db_, QueryOf(owners), period_)->total().numerator(), 1);
  EXPECT_EQ(Compute(*db_, QueryOf(owners), period_)->total().denominator(), 2);
}

TEST_F(Indicators, OfOneReplyAreOfOneMoment) {
  IndicatorQuery inside;
  inside.definition.set_id("inside");
  inside.total = "SELECT @@in_transaction, 0";
  const auto all = ComputeAll(*db_, {&inside, &inside}, period_);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ((*all)[1].total().numerator(), 1);
  IndicatorQuery wrong;
  wrong.total = "SELECT {nothing}, 0";
  EXPECT_FALSE(ComputeAll(*db_, {&inside, &wrong}, period_).ok());
  EXPECT_EQ(Compute(*db_, inside, period_)->total().numerator(), 0) << "the moment is over";
}

}  // namespace
}  // namespace lscp
