#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

// Small numbers are left out of figures that are published, and so much beside them that nobody
// works them out by adding and subtracting.
namespace lscp {

// Figures and the sums that tie them to each other, of any number of tables: a figure that is in
// several tables (a total that they share) is one figure here. Not thread-safe.
class LinkedFigures {
 public:
  // Result: the figure's number, counted from 0.
  size_t Add(int64_t value);
  // `total` is the sum of `parts`, and whoever reads the figures knows that it is.
  void AddSum(size_t total, std::vector<size_t> parts);

  struct Sum {
    size_t total;
    std::vector<size_t> parts;
  };
  const std::vector<int64_t>& values() const { return values_; }
  const std::vector<Sum>& sums() const { return sums_; }

 private:
  std::vector<int64_t> values_;
  std::vector<Sum> sums_;
};

struct SuppressionRule {
  // Figures from 1 to below this are small. 0 says nothing of anybody, and is not.
  int64_t threshold = 5;
  // How uncertain a small figure remains at least: the least and the greatest number that it can
  // be, by all that is published, are so far apart.
  int64_t width = 3;
};

// Which figures are to be left out; the others are published as they are. Who knows all sums, and
// that no figure is negative, finds for each small figure whole numbers at least `width` apart that
// it can be, and more than one for each other that is left out. Few are left out beyond what
// is small, small ones rather than large ones and parts rather than totals, not always the fewest.
// Errors: INVALID_ARGUMENT  a figure is negative, a sum is not that of its parts, or the rule has
//                           a threshold or a width below 1.
//         INTERNAL          no such figures were found: then nothing may be published.
absl::StatusOr<std::vector<bool>> Suppress(const LinkedFigures& figures,
                                           const SuppressionRule& rule);

}  // namespace lscp
