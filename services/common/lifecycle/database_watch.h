#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "common/db/connection.h"
#include "common/db/migrator.h"
#include "common/lifecycle/periodic.h"
#include "common/observe/metrics.h"

namespace lscp {

// Keeps the truth about the database: whether it answers and whether its schema is ours. Looks
// every second on a connection of its own, so that readiness never waits for a query. In
// development it also brings the schema up to date, as soon as the database answers. For monitoring
// it sets lscp_database_reachable and lscp_schema_fits, each 0 or 1.
class DatabaseWatch {
 public:
  // `on_change` is called on the watch's thread whenever the answer changes; `database` and
  // `metrics` must outlive this.
  DatabaseWatch(const db::Database* database, std::vector<db::Component> components, bool migrate,
                Metrics* metrics, std::function<void(bool usable)> on_change);

  // The database answered within the last seconds, with a schema that this process can serve.
  bool usable() const { return usable_; }

 private:
  void Look();
  absl::Status Check();

  const db::Database* const database_;
  const std::vector<db::Component> components_;
  bool must_migrate_;
  prometheus::Gauge& reachable_;
  prometheus::Gauge& schema_fits_;
  const std::function<void(bool)> on_change_;
  std::unique_ptr<db::Connection> connection_;
  std::atomic<bool> usable_ = false;
  Periodic looking_;
};

}  // namespace lscp
