#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/journal/transaction.h"

namespace lscp {

// Who takes a step, for which agency, and when.
struct Step {
  std::string person;
  std::string agency;
  absl::Time now;
};

inline Step StepOf(const Transaction& tx) {
  return {tx.caller().person, tx.caller().agency, tx.now()};
}

}  // namespace lscp
