#include "common/lifecycle/database_watch.h"

#include "common/observe/log.h"
#include "common/status/macros.h"

namespace lscp {

DatabaseWatch::DatabaseWatch(const db::Database* database, std::vector<db::Component> components,
                             bool migrate, Metrics* metrics,
                             std::function<void(bool usable)> on_change)
    : database_(database),
      components_(std::move(components)),
      must_migrate_(migrate),
      reachable_(
          metrics->Gauge("lscp_database_reachable", "1 while the database answers this process.")),
      schema_fits_(metrics->Gauge(
          "lscp_schema_fits", "1 while the database has a schema that this process can serve.")),
      on_change_(std::move(on_change)),
      looking_(absl::Seconds(1), [this] { Look(); }) {}

void DatabaseWatch::Look() {
  const absl::Status status = Check();
  if (!status.ok()) connection_ = nullptr;
  reachable_.Set(absl::IsUnavailable(status) ? 0 : 1);
  schema_fits_.Set(status.ok() ? 1 : 0);
  if (usable_.exchange(status.ok()) == status.ok()) return;
  if (status.ok()) {
    LogInfo("database usable");
  } else {
    LogWarning("database not usable", {{"why", std::string(status.message())}});
  }
  on_change_(status.ok());
}

absl::Status DatabaseWatch::Check() {
  if (must_migrate_) {
    RETURN_IF_ERROR(db::Migrate(*database_, components_));
    must_migrate_ = false;
  }
  if (!connection_) {
    ASSIGN_OR_RETURN(connection_, database_->Connect(db::Mode::kAutocommit));
  }
  return db::CheckSchema(*connection_, components_);
}

}  // namespace lscp
