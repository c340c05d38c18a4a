#pragma once

#include <optional>
#include <vector>

namespace lscp {

// The least of `costs` times x, where every x is at least 0 and each row of `rows` times x is its
// `bound`. Dense and small: some hundreds of rows.
struct LinearProgram {
  std::vector<double> costs;              // none is negative
  std::vector<std::vector<double>> rows;  // each as long as costs
  std::vector<double> bounds;             // as many as rows
};

// One x that costs least; nothing when there is none. It is a corner of what is possible, so whole
// numbers where rows are those of a network. Thread-safe.
std::optional<std::vector<double>> Solve(const LinearProgram& program);

}  // namespace lscp
