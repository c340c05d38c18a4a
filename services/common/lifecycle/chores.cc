#include "common/lifecycle/chores.h"

#include <utility>

#include "common/observe/log.h"

namespace lscp {
namespace {

constexpr absl::Duration kPause = absl::Seconds(10);

}  // namespace

Chores::Chores(const std::string& service, const std::vector<Chore>& chores,
               const db::Database* database, const Clock* clock, Metrics* metrics,
               const std::function<bool()>& usable) {
  for (const Chore& chore : chores) {
    const prometheus::Labels labels = {{"chore", chore.verb}};
    auto& done = metrics->Counter("lscp_chore_done_total",
                                  "Things that this process did because they were due.", labels);
    auto& failures = metrics->Counter("lscp_chore_failures_total",
                                      "Things due that could not be done, or looked for.", labels);
    auto runner = std::make_shared<ChoreRunner>(database, clock, service, chore);
    periodic_.push_back(std::make_unique<Periodic>(kPause, [runner, usable, &done, &failures] {
      if (!usable()) return;
      const ChoreRunner::Pass pass = runner->Run();
      done.Increment(pass.done);
      failures.Increment(pass.failed);
      if (pass.failed == 0) return;
      LogWarning(
          "a chore failed, and is tried again",
          {{"chore", runner->verb()}, {"failed", pass.failed}, {"error", pass.failure.ToString()}});
    }));
  }
}

}  // namespace lscp
