#include "common/indicators/suppression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

#include "absl/strings/str_cat.h"

namespace lscp {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kEndless = std::numeric_limits<int32_t>::max();

// Rows by columns with the totals of both and the total of all, as one table of a report.
struct Table {
  std::vector<std::vector<size_t>> cells;  // the last row and column are totals
};

Table AddTable(LinkedFigures& figures, const std::vector<std::vector<int64_t>>& values,
               const std::vector<size_t>* row_totals = nullptr) {
  Table table;
  const size_t columns = values[0].size();
  std::vector<int64_t> of_columns(columns, 0);
  for (size_t r = 0; r < values.size(); ++r) {
    std::vector<size_t>& row = table.cells.emplace_back();
    for (size_t c = 0; c < columns; ++c) {
      row.push_back(figures.Add(values[r][c]));
      of_columns[c] += values[r][c];
    }
    const int64_t sum = std::accumulate(values[r].begin(), values[r].end(), int64_t{0});
    const size_t total = row_totals ? (*row_totals)[r] : figures.Add(sum);
    figures.AddSum(total, row);
    row.push_back(total);
  }
  std::vector<size_t>& last = table.cells.emplace_back();
  for (const int64_t sum : of_columns) last.push_back(figures.Add(sum));
  const int64_t sum = std::accumulate(of_columns.begin(), of_columns.end(), int64_t{0});
  const size_t total = row_totals ? row_totals->back() : figures.Add(sum);
  figures.AddSum(total, last);
  last.push_back(total);
  for (size_t c = 0; c <= columns; ++c) {
    if (c == columns && row_totals) break;  // the shared totals have their sum already
    std::vector<size_t> parts;
    for (size_t r = 0; r < values.size(); ++r) parts.push_back(table.cells[r][c]);
    figures.AddSum(last[c], parts);
  }
  return table;
}

std::vector<size_t> RowTotals(const Table& table) {
  std::vector<size_t> totals;
  for (const auto& row : table.cells) totals.push_back(row.back());
  return totals;
}

struct Interval {
  int64_t least = 0;
  int64_t greatest = kEndless;
};

// Who reads what is published and narrows every figure that is left out by every sum, again and
// again, until nothing more comes of it: adding and subtracting.
std::vector<Interval> Narrowed(const LinkedFigures& figures, std::vector<Interval> known) {
  const auto narrow = [](Interval& of, int64_t least, int64_t greatest) {
    const bool changes = least > of.least || greatest < of.greatest;
    of.least = std::max(of.least, least);
    of.greatest = std::min(of.greatest, greatest);
    return changes;
  };
  for (bool more = true; more;) {
    more = false;
    for (const LinkedFigures::Sum& sum : figures.sums()) {
      int64_t least = 0, greatest = 0;
      for (const size_t part : sum.parts) {
        least += known[part].least;
        greatest = std::min(kEndless, greatest + known[part].greatest);
      }
      more = narrow(known[sum.total], least, greatest) || more;
      for (const size_t part : sum.parts) {
        const int64_t others_least = least - known[part].least;
        int64_t others_greatest = 0;
        for (const size_t other : sum.parts) {
          if (other != part)
            others_greatest = std::min(kEndless, others_greatest + known[other].greatest);
        }
        const int64_t at_least =
            others_greatest == kEndless ? 0 : known[sum.total].least - others_greatest;
        const int64_t at_most = known[sum.total].greatest == kEndless
                                    ? kEndless
                                    : known[sum.total].greatest - others_least;
        if (narrow(known[part], at_least, at_most)) {
          more = true;
          least =
              std::accumulate(sum.parts.begin(), sum.parts.end(), int64_t{0},
                              [&](int64_t so_far, size_t p) { return so_far + known[p].least; });
        }
      }
    }
  }
  return known;
}

std::vector<Interval> Published(const LinkedFigures& figures, const std::vector<bool>& left_out) {
  std::vector<Interval> known(left_out.size());
  for (size_t f = 0; f < left_out.size(); ++f) {
    if (!left_out[f]) known[f] = {figures.values()[f], figures.values()[f]};
  }
  return known;
}

bool Empty(const std::vector<Interval>& known) {
  return std::any_of(known.begin(), known.end(),
                     [](const Interval& i) { return i.least > i.greatest; });
}

// Whether there are any figures that fit: tries whole numbers for what is open, one after the
// other.
bool Possible(const LinkedFigures& figures, std::vector<Interval> known) {
  known = Narrowed(figures, std::move(known));
  if (Empty(known)) return false;
  size_t open = known.size();
  for (size_t f = 0; f < known.size(); ++f) {
    const bool narrower = open == known.size() || known[f].greatest - known[f].least <
                                                      known[open].greatest - known[open].least;
    if (known[f].least < known[f].greatest && narrower) open = f;
  }
  if (open == known.size()) return true;
  // Nothing in these tests need be greater than this to fit.
  const int64_t end = std::min(known[open].greatest, known[open].least + 200);
  for (int64_t value = known[open].least; value <= end; ++value) {
    std::vector<Interval> tried = known;
    tried[open] = {value, value};
    if (Possible(figures, std::move(tried))) return true;
  }
  return false;
}

// Who solves the sums as equations: the figures that they fix.
std::vector<bool> Solved(const LinkedFigures& figures, const std::vector<bool>& left_out) {
  const size_t n = left_out.size();
  std::vector<std::vector<double>> rows;
  for (const LinkedFigures::Sum& sum : figures.sums()) {
    std::vector<double> row(n, 0);
    for (const size_t part : sum.parts) row[part] = left_out[part] ? 1 : 0;
    row[sum.total] = left_out[sum.total] ? -1 : 0;
    rows.push_back(row);
  }
  size_t rank = 0;
  for (size_t column = 0; column < n && rank < rows.size(); ++column) {
    size_t pivot = rank;
    while (pivot < rows.size() && std::abs(rows[pivot][column]) < 1e-9) ++pivot;
    if (pivot == rows.size()) continue;
    std::swap(rows[rank], rows[pivot]);
    const double by = rows[rank][column];
    for (double& value : rows[rank]) value /= by;
    for (size_t r = 0; r < rows.size(); ++r) {
      const double times = rows[r][column];
      if (r == rank || times == 0) continue;
      for (size_t c = 0; c < n; ++c) rows[r][c] -= times * rows[rank][c];
    }
    ++rank;
  }
  std::vector<bool> solved(n, false);
  for (size_t r = 0; r < rank; ++r) {
    std::vector<size_t> in;
    for (size_t c = 0; c < n; ++c) {
      if (std::abs(rows[r][c]) > 1e-9) in.push_back(c);
    }
    if (in.size() == 1) solved[in[0]] = true;
  }
  return solved;
}

// What must hold against who adds, subtracts and solves equations.
void ExpectHidden(const LinkedFigures& figures, const SuppressionRule& rule,
                  const std::vector<bool>& left_out) {
  const std::vector<Interval> known = Narrowed(figures, Published(figures, left_out));
  const std::vector<bool> solved = Solved(figures, left_out);
  for (size_t f = 0; f < left_out.size(); ++f) {
    const int64_t value = figures.values()[f];
    const bool small = value > 0 && value < rule.threshold;
    if (small) {
      EXPECT_TRUE(left_out[f]) << "figure " << f << " is published";
    }
    if (!left_out[f]) continue;
    EXPECT_FALSE(solved[f]) << "figure " << f << " is the solution of equations";
    EXPECT_LE(known[f].least, value);
    EXPECT_GE(known[f].greatest, value);
    EXPECT_GE(known[f].greatest - known[f].least, small ? rule.width : 1)
        << "figure " << f << ", " << value << ", is from " << known[f].least << " to "
        << known[f].greatest;
  }
}

std::vector<std::vector<int64_t>> RandomTable(std::mt19937& random, size_t rows, size_t columns,
                                              int most) {
  std::vector<std::vector<int64_t>> values(rows, std::vector<int64_t>(columns));
  // Many are nothing or small, as what is rare is.
  for (auto& row : values) {
    for (int64_t& value : row) {
      value = std::min<int64_t>(random() % (most + 1), random() % (most + 1));
    }
  }
  return values;
}

// The attackers of these tests find what is left out without cover: else they would prove nothing.
TEST(Attackers, WorkOutWhatOnlySmallNumbersBeingLeftOutGivesAway) {
  LinkedFigures figures;
  const Table table = AddTable(figures, {{1, 2, 30}, {20, 30, 40}});
  std::vector<bool> left_out(figures.values().size(), false);
  for (const size_t column : {0, 1}) left_out[table.cells[0][column]] = true;
  const std::vector<Interval> known = Narrowed(figures, Published(figures, left_out));
  for (const size_t column : {0, 1}) {
    const size_t figure = table.cells[0][column];
    EXPECT_EQ(known[figure].least, figures.values()[figure]);
    EXPECT_EQ(known[figure].greatest, figures.values()[figure]);
    EXPECT_TRUE(Solved(figures, left_out)[figure]);
  }
  std::vector<Interval> wrong = Published(figures, left_out);
  wrong[table.cells[0][0]] = {2, 2};
  EXPECT_FALSE(Possible(figures, wrong));
}

TEST(Suppression, WithoutSmallNumbersEverythingIsPublished) {
  LinkedFigures figures;
  AddTable(figures, {{12, 7, 0}, {9, 0, 30}});
  const auto left_out = Suppress(figures, {});
  ASSERT_TRUE(left_out.ok()) << left_out.status();
  EXPECT_EQ(std::count(left_out->begin(), left_out->end(), true), 0);
}

TEST(Suppression, ASmallNumberTakesAnotherWithItThatWouldGiveItAway) {
  LinkedFigures figures;
  const size_t boys = figures.Add(26), girls = figures.Add(1), all = figures.Add(27);
  figures.AddSum(all, {boys, girls});
  EXPECT_THAT(*Suppress(figures, {}), ElementsAre(true, true, false));
}

TEST(Suppression, TwoSmallNumbersThatHideEachOtherAreEnough) {
  LinkedFigures figures;
  std::vector<size_t> parts;
  for (const int64_t value : {4, 4, 40, 50}) parts.push_back(figures.Add(value));
  figures.AddSum(figures.Add(98), parts);
  EXPECT_THAT(*Suppress(figures, {}), ElementsAre(true, true, false, false, false));
}

// Two figures of which only one can be more than nothing are worked out by their sum.
TEST(Suppression, AndAreNotEnoughWhenTheirSumSaysTooMuch) {
  LinkedFigures figures;
  std::vector<size_t> parts;
  for (const int64_t value : {1, 1, 40, 50}) parts.push_back(figures.Add(value));
  figures.AddSum(figures.Add(92), parts);
  EXPECT_THAT(*Suppress(figures, {}), ElementsAre(true, true, true, false, false));
}

TEST(Suppression, ATotalThatIsSmallIsLeftOutWithItsParts) {
  LinkedFigures figures;
  const Table table = AddTable(figures, {{1, 2}, {20, 30}, {40, 10}});
  const auto left_out = Suppress(figures, {});
  ASSERT_TRUE(left_out.ok()) << left_out.status();
  for (const size_t figure : table.cells[0]) EXPECT_TRUE((*left_out)[figure]);
  ExpectHidden(figures, {}, *left_out);
}

TEST(Suppression, RefusesWhatDoesNotAddUp) {
  LinkedFigures figures;
  const size_t one = figures.Add(9), other = figures.Add(23), all = figures.Add(29);
  figures.AddSum(all, {one, other});
  EXPECT_TRUE(absl::IsInvalidArgument(Suppress(figures, {}).status()));
  LinkedFigures negative;
  negative.Add(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(Suppress(negative, {}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Suppress({}, {.threshold = 0}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Suppress({}, {.width = 0}).status()));
}

TEST(Suppression, WhatFiguresThereCanBeIsAsWideAsSaid) {
  std::mt19937 random(20'240'301);
  for (int i = 0; i < 40; ++i) {
    SCOPED_TRACE(absl::StrCat("table ", i));
    const SuppressionRule rule = {.threshold = 3 + i % 3, .width = 2 + i % 2};
    LinkedFigures figures;
    AddTable(figures, RandomTable(random, 2 + i % 2, 3, 9));
    const auto left_out = Suppress(figures, rule);
    ASSERT_TRUE(left_out.ok()) << left_out.status();
    ExpectHidden(figures, rule, *left_out);
    // Everything that could be is tried: the least and the greatest in whole numbers.
    const std::vector<Interval> known = Published(figures, *left_out);
    for (size_t f = 0; f < left_out->size(); ++f) {
      if (!(*left_out)[f]) continue;
      const Interval outer = Narrowed(figures, known)[f];
      const auto can_be = [&](int64_t value) {
        std::vector<Interval> tried = known;
        tried[f] = {value, value};
        return Possible(figures, tried);
      };
      const int64_t value = figures.values()[f];
      int64_t least = value, greatest = value;
      for (int64_t v = std::max(outer.least, value - 6); v < least; ++v) {
        if (can_be(v)) least = v;
      }
      for (int64_t v = std::min(outer.greatest, value + 6); v > greatest; --v) {
        if (can_be(v)) greatest = v;
      }
      const bool small = value > 0 && value < rule.threshold;
      EXPECT_GE(greatest - least, small ? rule.width : 1) << "figure " << f << ", " << value;
    }
  }
}

TEST(Suppression, HoldsInTablesThatShareTheirTotals) {
  std::mt19937 random(7);
  for (int i = 0; i < 25; ++i) {
    SCOPED_TRACE(absl::StrCat("tables ", i));
    const SuppressionRule rule = {.threshold = 3 + i % 4, .width = 1 + i % 4};
    LinkedFigures figures;
    // Three boroughs and together; the same deaths by several properties.
    const auto values = RandomTable(random, 3, 3, 8 + i);
    const Table first = AddTable(figures, values);
    const std::vector<size_t> totals = RowTotals(first);
    for (const size_t columns : {2, 6, 9}) {
      std::vector<std::vector<int64_t>> others(3, std::vector<int64_t>(columns, 0));
      for (size_t r = 0; r < 3; ++r) {
        for (int64_t n = figures.values()[totals[r]]; n > 0; --n) ++others[r][random() % columns];
      }
      AddTable(figures, others, &totals);
    }
    const auto left_out = Suppress(figures, rule);
    ASSERT_TRUE(left_out.ok()) << left_out.status();
    ExpectHidden(figures, rule, *left_out);
  }
}

TEST(Suppression, LeavesOutLittleThatIsNotSmall) {
  std::mt19937 random(11);
  int64_t small = 0, more = 0, all = 0;
  for (int i = 0; i < 30; ++i) {
    LinkedFigures figures;
    AddTable(figures, RandomTable(random, 3, 6, 40));
    const auto left_out = Suppress(figures, {});
    ASSERT_TRUE(left_out.ok()) << left_out.status();
    for (size_t f = 0; f < left_out->size(); ++f) {
      const int64_t value = figures.values()[f];
      const bool is_small = value > 0 && value < 5;
      small += is_small ? 1 : 0;
      more += (*left_out)[f] && !is_small ? 1 : 0;
      ++all;
    }
  }
  EXPECT_LT(more, 3 * small);
  EXPECT_LT(small + more, all);
}

}  // namespace
}  // namespace lscp
