#include "common/indicators/linear_program.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>

namespace lscp {
namespace {

constexpr double kTiny = 1e-9;
constexpr size_t kManySteps = 2'000;
constexpr size_t kNone = std::numeric_limits<size_t>::max();

// The simplex method with a tableau: each row says what one of the variables, its basic one, is.
// The last column is the value. Rows begin with variables of their own (artificial), which the
// first phase drives out. The column that helps most comes in; after many steps the first that
// helps at all (Bland's rule), with which it always ends.
class Tableau {
 public:
  explicit Tableau(const LinearProgram& program)
      : variables_(program.costs.size()), width_(variables_ + program.rows.size() + 1) {
    for (size_t i = 0; i < program.rows.size(); ++i) {
      std::vector<double> row(width_, 0);
      const double sign = program.bounds[i] < 0 ? -1 : 1;
      for (size_t j = 0; j < variables_; ++j) row[j] = sign * program.rows[i][j];
      row[variables_ + i] = 1;
      row.back() = sign * program.bounds[i];
      rows_.push_back(std::move(row));
      basis_.push_back(variables_ + i);
    }
  }

  // Whether there is any x at all: the artificial variables can be nothing.
  bool FindAny() {
    std::vector<double> artificial(width_ - 1, 0);
    for (size_t j = variables_; j + 1 < width_; ++j) artificial[j] = 1;
    Minimise(artificial, width_ - 1);
    double left = 0;
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (basis_[i] >= variables_) left += rows_[i].back();
    }
    if (left > 1e-7) return false;
    DriveOut();
    return true;
  }

  void Minimise(const std::vector<double>& costs) { Minimise(costs, variables_); }

  std::vector<double> Solution() const {
    std::vector<double> x(variables_, 0);
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (basis_[i] < variables_) x[basis_[i]] = rows_[i].back();
    }
    return x;
  }

 private:
  // `usable` columns, from the first, may come into the basis.
  void Minimise(const std::vector<double>& costs, size_t usable) {
    std::vector<double> reduced = costs;
    reduced.resize(width_, 0);
    for (size_t i = 0; i < rows_.size(); ++i) {
      const double cost = basis_[i] < costs.size() ? costs[basis_[i]] : 0;
      if (cost != 0) Subtract(rows_[i], cost, reduced);
    }
    for (size_t step = 0;; ++step) {
      const size_t column = Entering(reduced, usable, step > kManySteps);
      if (column == kNone) return;
      const size_t row = Leaving(column);
      if (row == kNone)
        return;  // costs nothing without end, which costs that are not negative never do
      Pivot(row, column);
      Subtract(rows_[row], reduced[column], reduced);
    }
  }

  static size_t Entering(const std::vector<double>& reduced, size_t usable, bool first) {
    size_t best = kNone;
    for (size_t j = 0; j < usable; ++j) {
      if (reduced[j] > -kTiny) continue;
      if (best == kNone || reduced[j] < reduced[best]) best = j;
      if (first) break;
    }
    return best;
  }

  // The row that limits how far a column may grow.
  size_t Leaving(size_t column) const {
    size_t best = kNone;
    double least = 0;
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i][column] < kTiny) continue;
      const double ratio = rows_[i].back() / rows_[i][column];
      const bool better = best == kNone || ratio < least - kTiny ||
                          (ratio < least + kTiny && basis_[i] < basis_[best]);
      if (better) best = i, least = ratio;
    }
    return best;
  }

  // An artificial variable that is nothing, but basic, makes place for another; a row that says
  // nothing new keeps its own.
  void DriveOut() {
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (basis_[i] < variables_) continue;
      size_t column = 0;
      while (column < variables_ && std::abs(rows_[i][column]) < kTiny) ++column;
      if (column < variables_) Pivot(i, column);
    }
  }

  void Pivot(size_t row, size_t column) {
    const double by = rows_[row][column];
    for (double& value : rows_[row]) value /= by;
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (i != row && rows_[i][column] != 0) Subtract(rows_[row], rows_[i][column], rows_[i]);
    }
    basis_[row] = column;
  }

  static void Subtract(const std::vector<double>& what, double times, std::vector<double>& from) {
    for (size_t j = 0; j < from.size(); ++j) from[j] -= times * what[j];
  }

  const size_t variables_;
  const size_t width_;
  std::vector<std::vector<double>> rows_;
  std::vector<size_t> basis_;
};

}  // namespace

std::optional<std::vector<double>> Solve(const LinearProgram& program) {
  Tableau tableau(program);
  if (!tableau.FindAny()) return std::nullopt;
  tableau.Minimise(program.costs);
  return tableau.Solution();
}

}  // namespace lscp
