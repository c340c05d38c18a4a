#include "common/indicators/indicator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace lscp
