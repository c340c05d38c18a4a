#pragma once

#include "children_in_care/settings.h"
#include "common/journal/transaction.h"

namespace lscp::children_in_care {

// What every resource of the service works with. What it points to lives as long as the process.
struct Parts {
  const Settings* settings;

  // The settings of the borough of a call.
  const Settings::Borough& Borough(const Transaction& tx) const {
    return settings->Of(tx.call().borough);
  }
};

}  // namespace lscp::children_in_care
