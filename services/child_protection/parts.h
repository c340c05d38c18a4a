#pragma once

#include "child_protection/children.h"
#include "child_protection/settings.h"

namespace lscp::child_protection {

// What every resource of the service works with. What it points to lives as long as the process.
struct Parts {
  const Settings* settings;
  const Children* children;
};

}  // namespace lscp::child_protection
