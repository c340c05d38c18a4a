#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/db/connection.h"
#include "common/journal/chore.h"
#include "common/lifecycle/periodic.h"
#include "common/observe/metrics.h"
#include "common/time/clock.h"

namespace lscp {

// The chores of a service, each looked after every few seconds on a thread of its own, with
// lscp_chore_{done,failures}_total{chore}. What fails is logged, and tried again.
class Chores {
 public:
  // `usable`: the database can be worked with. All pointers must outlive this.
  Chores(const std::string& service, const std::vector<Chore>& chores, const db::Database* database,
         const Clock* clock, Metrics* metrics, const std::function<bool()>& usable);

 private:
  std::vector<std::unique_ptr<Periodic>> periodic_;
};

}  // namespace lscp
