#include "common/indicators/linear_program.h"

#include <memory>

#include "Clp_C_Interface.h"

namespace lscp {

std::optional<std::vector<double>> Solve(const LinearProgram& program) {
  std::vector<double> costs;
  std::vector<double> most;
  for (const LinearProgram::Variable& variable : program.variables) {
    costs.push_back(variable.cost);
    most.push_back(variable.most);
  }
  // Rows one after the other, each with its variables' indices, as Clp takes them.
  std::vector<CoinBigIndex> starts = {0};
  std::vector<int> indices;
  std::vector<double> factors;
  std::vector<double> sums;
  for (const LinearProgram::Row& row : program.rows) {
    for (const LinearProgram::Term& term : row.terms) {
      indices.push_back(static_cast<int>(term.variable));
      factors.push_back(term.factor);
    }
    starts.push_back(static_cast<CoinBigIndex>(indices.size()));
    sums.push_back(row.sum);
  }

  const std::unique_ptr<Clp_Simplex, decltype(&Clp_deleteModel)> model(Clp_newModel(),
                                                                       &Clp_deleteModel);
  Clp_setLogLevel(model.get(), 0);
  Clp_resize(model.get(), 0, static_cast<int>(costs.size()));
  Clp_chgObjCoefficients(model.get(), costs.data());
  Clp_chgColumnUpper(model.get(), most.data());
  Clp_addRows(model.get(), static_cast<int>(sums.size()), sums.data(), sums.data(), starts.data(),
              indices.data(), factors.data());
  // Not the barrier method, whose answer need not be a corner.
  Clp_dual(model.get(), 0);
  if (!Clp_isProvenOptimal(model.get())) return std::nullopt;
  const double* const amounts = Clp_getColSolution(model.get());
  return std::vector<double>(amounts, amounts + costs.size());
}

}  // namespace lscp
