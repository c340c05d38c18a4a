#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace lscp {

// The least cost at which variables, each from 0 to its most, make every row's terms its sum.
struct LinearProgram {
  struct Variable {
    double cost;
    double most;  // infinity: as much as it likes
  };
  struct Term {
    size_t variable;  // its index
    double factor;
  };
  struct Row {
    std::vector<Term> terms;  // each of another variable
    double sum;
  };
  std::vector<Variable> variables;
  std::vector<Row> rows;
};

// Amounts of the variables that cost least, as near as floating point comes to them; nothing when
// there are none. They are a corner of what is possible, so whole numbers where rows are those of a
// network. Thread-safe.
std::optional<std::vector<double>> Solve(const LinearProgram& program);

}  // namespace lscp
