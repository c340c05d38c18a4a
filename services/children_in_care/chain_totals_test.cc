// Figures of random care careers add up: a month's stock is the one before with who came and
// without who left, and the parts of each figure are its total.

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "children_in_care/chain_rows.h"
#include "children_in_care/indicators.h"
#include "children_in_care/migrations.h"
#include "children_in_care/testing/random_career.h"
#include "common/testing/handler_harness.h"
#include "common/time/london.h"
#include "gtest/gtest.h"

namespace lscp::children_in_care {
namespace {

using safeguarding::indicators::v1::Indicator;

class ChainTotals : public ::testing::Test {
 protected:
  ChainTotals() {
    for (unsigned seed = 1; seed <= 60; ++seed) {
      Career career;
      RandomCareer random(seed);
      for (int i = 0; i < 60; ++i) random.Step(career).IgnoreError();
      if (career.record.episodes().empty()) continue;
      career.record.set_name(absl::StrCat("boroughs/barnet/childrenInCare/c", seed));
      career.record.set_child(absl::StrCat("boroughs/barnet/children/k", seed));
      EXPECT_TRUE(WriteChainRows(harness_.Database(), career.record).ok());
    }
  }

  // The figure of a month; its parts, where they do not overlap, are its total.
  int64_t Figure(const std::string& id, absl::CivilMonth month) {
    const CivilDay first(month), last = CivilDay(month + 1) - 1;
    for (const IndicatorQuery& query : ChainIndicators()) {
      if (query.definition.id() != id) continue;
      const auto indicator = Compute(harness_.Database(), query,
                                     {"barnet", first, last, StartOfDay(first), EndOfDay(last)});
      EXPECT_TRUE(indicator.ok()) << indicator.status();
      for (const auto& breakdown : indicator->breakdowns()) {
        int64_t sum = 0;
        for (const auto& part : breakdown.parts()) sum += part.figure().numerator();
        EXPECT_EQ(sum, indicator->total().numerator()) << id << " by " << breakdown.name();
      }
      return indicator->total().numerator();
    }
    ADD_FAILURE() << "no indicator " << id;
    return 0;
  }

  testing::HandlerHarness harness_{{"children-in-care", kMigrations}};
};

TEST_F(ChainTotals, AMonthsChildrenAreThoseOfTheLastAndWhoCameLessWhoLeft) {
  int64_t stock = 0;
  int64_t most = 0;
  for (absl::CivilMonth month(2019, 12); month < absl::CivilMonth(2024, 1); ++month) {
    SCOPED_TRACE(absl::FormatCivilTime(month));
    stock += Figure("care_started", month) - Figure("care_ended", month);
    EXPECT_EQ(Figure("children_in_care", month), stock);
    EXPECT_LE(Figure("three_placements_since_april", month), stock);
    EXPECT_LE(Figure("three_placements_since_april", month),
              Figure("three_placements_in_12_months", month));
    most = std::max(most, stock);
  }
  EXPECT_GT(most, 10);
}

}  // namespace
}  // namespace lscp::children_in_care
