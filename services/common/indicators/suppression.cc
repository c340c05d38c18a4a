#include "common/indicators/suppression.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/indicators/linear_program.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

// What leaving out a figure costs, beside its value: a total is in several tables.
constexpr double kCostOfOne = 1;
constexpr double kCostOfASum = 10;
// In more sums than this a figure ties tables together, and is moved only if nothing else helps.
constexpr size_t kSumsOfOneTable = 2;

// A change of figures after which every sum still holds and no figure is negative: who sees only
// what does not change cannot tell the figures from those that they would be then.
using Move = std::vector<int64_t>;

absl::Status Check(const LinkedFigures& figures, const SuppressionRule& rule) {
  if (rule.threshold < 1 || rule.width < 1) {
    return absl::InvalidArgumentError("a rule of suppression has a threshold and a width");
  }
  for (const int64_t value : figures.values()) {
    if (value < 0) return absl::InvalidArgumentError("a figure is negative");
  }
  for (const LinkedFigures::Sum& sum : figures.sums()) {
    int64_t left = figures.values()[sum.total];
    for (const size_t part : sum.parts) left -= figures.values()[part];
    if (left != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("parts differ from their total by ", left, ": figure ", sum.total));
    }
  }
  return absl::OkStatus();
}

class Suppressor {
 public:
  Suppressor(const LinkedFigures& figures, const SuppressionRule& rule)
      : figures_(figures),
        rule_(rule),
        sums_of_(Size()),
        suppressed_(Size()),
        least_(Size(), 0),
        greatest_(Size(), 0) {
    for (size_t s = 0; s < figures.sums().size(); ++s) {
      sums_of_[figures.sums()[s].total].push_back(s);
      for (const size_t part : figures.sums()[s].parts) sums_of_[part].push_back(s);
    }
    for (size_t f = 0; f < Size(); ++f) suppressed_[f] = IsSmall(f);
  }

  absl::StatusOr<std::vector<bool>> Run() {
    for (size_t f = 0; f < Size(); ++f) {
      if (!IsSmall(f) || greatest_[f] - least_[f] >= rule_.width) continue;
      std::optional<Move> move = CheapestMove(f, WithinOneTable(f));
      if (!move) move = CheapestMove(f, std::vector<bool>(Size(), true));
      if (!move) return absl::InternalError("small figures cannot be hidden; nothing is published");
      Take(*move);
    }
    return suppressed_;
  }

 private:
  size_t Size() const { return figures_.values().size(); }
  int64_t Value(size_t f) const { return figures_.values()[f]; }
  bool IsSmall(size_t f) const { return Value(f) > 0 && Value(f) < rule_.threshold; }

  double CostOf(size_t f) const {
    if (suppressed_[f]) return 0;
    return kCostOfOne + static_cast<double>(Value(f)) +
           kCostOfASum * static_cast<double>(sums_of_[f].size());
  }

  // The figures that a figure is tied to without one that ties tables together.
  std::vector<bool> WithinOneTable(size_t of) const {
    std::vector<bool> within(Size(), false);
    std::vector<size_t> open = {of};
    within[of] = true;
    while (!open.empty()) {
      const size_t f = open.back();
      open.pop_back();
      const auto reach = [&](size_t other) {
        if (within[other] || sums_of_[other].size() > kSumsOfOneTable) return;
        within[other] = true;
        open.push_back(other);
      };
      for (const size_t s : sums_of_[f]) {
        reach(figures_.sums()[s].total);
        for (const size_t part : figures_.sums()[s].parts) reach(part);
      }
    }
    return within;
  }

  // Of the moves that raise a figure by the width and change `movable` figures only, the one that
  // leaves out the least; nothing when there is none in whole numbers.
  std::optional<Move> CheapestMove(size_t raised, const std::vector<bool>& movable) const {
    const std::vector<Variable> variables = Variables(raised, movable);
    const std::optional<std::vector<double>> solution = Solve(ProgramOf(raised, variables));
    if (!solution) return std::nullopt;
    Move move(Size(), 0);
    move[raised] = rule_.width;
    for (size_t v = 0; v < variables.size(); ++v) {
      move[variables[v].figure] += variables[v].sign * std::llround((*solution)[v]);
    }
    if (!Holds(move)) return std::nullopt;
    return move;
  }

  // By how much a figure rises (sign 1), or falls (-1).
  struct Variable {
    size_t figure;
    int sign;
  };

  std::vector<Variable> Variables(size_t raised, const std::vector<bool>& movable) const {
    std::vector<Variable> variables;
    for (size_t f = 0; f < Size(); ++f) {
      if (!movable[f] || f == raised) continue;
      variables.push_back({f, 1});
      if (Value(f) > 0) variables.push_back({f, -1});
    }
    return variables;
  }

  LinearProgram ProgramOf(size_t raised, const std::vector<Variable>& variables) const {
    LinearProgram program;
    // Every sum that has something to do with it holds again.
    std::map<size_t, std::vector<LinearProgram::Term>> terms;
    for (const size_t s : sums_of_[raised]) terms.try_emplace(s);
    for (size_t v = 0; v < variables.size(); ++v) {
      const auto [figure, sign] = variables[v];
      for (const size_t s : sums_of_[figure]) {
        terms[s].push_back({v, sign * SignIn(s, figure)});
      }
      // No figure falls below 0.
      const double most =
          sign < 0 ? static_cast<double>(Value(figure)) : std::numeric_limits<double>::infinity();
      program.variables.push_back({CostOf(figure) + kTie, most});
    }
    for (auto& [s, of_sum] : terms) {
      program.rows.push_back(
          {std::move(of_sum), -SignIn(s, raised) * static_cast<double>(rule_.width)});
    }
    return program;
  }

  // A part counts for its sum, the total against it, and any other figure not at all.
  double SignIn(size_t sum, size_t f) const {
    const LinkedFigures::Sum& of = figures_.sums()[sum];
    if (of.total == f) return -1;
    return std::count(of.parts.begin(), of.parts.end(), f) > 0 ? 1 : 0;
  }

  // The move is one, in whole numbers: what the solver computed is not taken on trust.
  bool Holds(const Move& move) const {
    for (size_t f = 0; f < Size(); ++f) {
      if (Value(f) + move[f] < 0) return false;
    }
    return std::all_of(figures_.sums().begin(), figures_.sums().end(),
                       [&](const LinkedFigures::Sum& sum) {
                         int64_t left = move[sum.total];
                         for (const size_t part : sum.parts) left -= move[part];
                         return left == 0;
                       });
  }

  // Leaves out what the move changes, which is then uncertain by as much.
  void Take(const Move& move) {
    for (size_t f = 0; f < Size(); ++f) {
      if (move[f] != 0) suppressed_[f] = true;
      least_[f] = std::min(least_[f], move[f]);
      greatest_[f] = std::max(greatest_[f], move[f]);
    }
  }

  // So that a move changes nothing that it need not.
  static constexpr double kTie = 1e-3;

  const LinkedFigures& figures_;
  const SuppressionRule& rule_;
  std::vector<std::vector<size_t>> sums_of_;
  std::vector<bool> suppressed_;
  // How far below and above its value each figure can be, as far as moves have shown.
  std::vector<int64_t> least_;
  std::vector<int64_t> greatest_;
};

}  // namespace

size_t LinkedFigures::Add(int64_t value) {
  values_.push_back(value);
  return values_.size() - 1;
}

void LinkedFigures::AddSum(size_t total, std::vector<size_t> parts) {
  sums_.push_back({total, std::move(parts)});
}

absl::StatusOr<std::vector<bool>> Suppress(const LinkedFigures& figures,
                                           const SuppressionRule& rule) {
  RETURN_IF_ERROR(Check(figures, rule));
  return Suppressor(figures, rule).Run();
}

}  // namespace lscp
