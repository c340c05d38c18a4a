#include "common/db/migrator.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/errors.h"
#include "common/db/grants.h"
#include "common/db/migrator_lock.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp::db {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(10);
constexpr std::string_view kContractMark = "-- contract\n";

// schema_migrations: one row for each step begun. schema_migrator: the lock.
constexpr const char* kBookkeeping[] = {
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "component VARCHAR(64) NOT NULL, version INT NOT NULL, title VARCHAR(100) NOT NULL, "
    "min_server_version INT NOT NULL, started_at DATETIME(6) NOT NULL, "
    "finished_at DATETIME(6) NULL, PRIMARY KEY (component, version)"
    ") ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    "CREATE TABLE IF NOT EXISTS schema_migrator ("
    "name VARCHAR(20) NOT NULL, holder VARCHAR(64) NOT NULL, expires_at DATETIME(6) NOT NULL, "
    "PRIMARY KEY (name)) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    "INSERT IGNORE INTO schema_migrator (name, holder, expires_at) "
    "VALUES ('migrator', '', '2000-01-01')",
};

// A component's steps as the database remembers them.
struct Applied {
  std::map<int, std::string> titles;  // by version
  int interrupted = 0;                // version of a step that was begun and not finished
  int min_server_version = 0;
};

absl::Status Refused(const std::string& text) {
  return Error(absl::StatusCode::kFailedPrecondition, reason::ERROR_REASON_RULE_NOT_MET, text);
}

std::string StepName(const Component& component, const Migration& step) {
  return absl::StrCat(component.name, " ", step.version, " (", step.title, ")");
}

int Version(const Component& component) {
  return component.migrations.empty() ? 0 : component.migrations.back().version;
}

// The server of the version before a contract step must work on the schema after it; one that is
// older still need not. Expanding steps ask nothing of anybody.
int MinServerVersion(const Migration& step) {
  return std::string_view(step.sql).starts_with(kContractMark) ? step.version - 1 : 0;
}

absl::StatusOr<Applied> ReadApplied(Connection& connection, const Component& component) {
  ASSIGN_OR_RETURN(const Rows rows,
                   connection.Query("SELECT version, title, finished_at, min_server_version FROM "
                                    "schema_migrations WHERE component = ? ORDER BY version",
                                    {component.name}));
  Applied applied;
  for (const Row& row : rows) {
    const int version = static_cast<int>(row.Int(0));
    applied.titles[version] = row.Text(1);
    if (!row.Has(2)) applied.interrupted = version;
    applied.min_server_version = std::max(applied.min_server_version, static_cast<int>(row.Int(3)));
  }
  return applied;
}

absl::Status CheckNotTooNew(const Component& component, const Applied& applied) {
  if (applied.min_server_version <= Version(component)) return absl::OkStatus();
  return Refused(absl::StrCat("schema of ", component.name, " is at version ",
                              applied.titles.rbegin()->first, " and needs a server of version ",
                              applied.min_server_version, " at least; this one is of version ",
                              Version(component)));
}

absl::Status CheckNotInterrupted(const Component& component, const Applied& applied) {
  if (applied.interrupted == 0) return absl::OkStatus();
  return Refused(absl::StrCat("migration ", component.name, " ", applied.interrupted, " (",
                              applied.titles.at(applied.interrupted),
                              ") was begun and not finished: see how far it came, complete or undo "
                              "it by hand, then set finished_at in schema_migrations or delete "
                              "the row"));
}

// Steps of two branches that took the same number.
absl::Status CheckSameStep(const Component& component, const Migration& step,
                           const std::string& title) {
  if (title == step.title) return absl::OkStatus();
  return Refused(absl::StrCat("migration ", StepName(component, step),
                              " is known to the database as ", title));
}

// A line without any statement's text. (Comments may end with a semicolon, too.)
bool IsBlank(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos || line.substr(first).starts_with("--");
}

// Statements end with ";" at the end of a line.
std::vector<std::string> Statements(std::string_view sql) {
  std::vector<std::string> statements;
  std::string current;
  while (!sql.empty()) {
    const size_t end = sql.find('\n');
    std::string_view line = sql.substr(0, end);
    sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
    if (IsBlank(line)) continue;
    const bool last = line.ends_with(';');
    if (last) line.remove_suffix(1);
    absl::StrAppend(&current, std::string(line), "\n");
    if (last) statements.push_back(std::exchange(current, ""));
  }
  if (!current.empty()) statements.push_back(current);
  return statements;
}

absl::Status Annotate(const absl::Status& status, const std::string& where) {
  absl::Status annotated(status.code(), absl::StrCat(where, ": ", status.message()));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    annotated.SetPayload(type, payload);
  });
  return annotated;
}

// A statement either happens or doesn't, so a step that fails at its first one has changed nothing
// and may be begun again.
void ForgetStep(Connection& connection, const Component& component, const Migration& step) {
  connection
      .Execute("DELETE FROM schema_migrations WHERE component = ? AND version = ?",
               {component.name, step.version})
      .IgnoreError();
}

absl::Status Apply(Connection& connection, const Component& component, const Migration& step) {
  const std::string name = absl::StrCat("migration ", StepName(component, step));
  const auto begun = connection.Execute(
      "INSERT INTO schema_migrations (component, version, title, min_server_version, started_at) "
      "VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))",
      {component.name, step.version, step.title, MinServerVersion(step)});
  if (!begun.ok()) return Annotate(begun.status(), name);
  const std::vector<std::string> statements = Statements(step.sql);
  for (size_t i = 0; i < statements.size(); ++i) {
    const absl::Status status = connection.Run(statements[i]);
    if (status.ok()) continue;
    if (i == 0 && !connection.broken()) ForgetStep(connection, component, step);
    return Annotate(status, absl::StrCat(name, ", statement ", i + 1));
  }
  const auto finished = connection.Execute(
      "UPDATE schema_migrations SET finished_at = UTC_TIMESTAMP(6) "
      "WHERE component = ? AND version = ?",
      {component.name, step.version});
  return finished.ok() ? absl::OkStatus() : Annotate(finished.status(), name);
}

absl::Status MigrateComponent(Connection& connection, const Component& component) {
  ASSIGN_OR_RETURN(const Applied applied, ReadApplied(connection, component));
  RETURN_IF_ERROR(CheckNotInterrupted(component, applied));
  RETURN_IF_ERROR(CheckNotTooNew(component, applied));
  for (const Migration& step : component.migrations) {
    const auto known = applied.titles.find(step.version);
    if (known != applied.titles.end()) {
      RETURN_IF_ERROR(CheckSameStep(component, step, known->second));
      continue;
    }
    RETURN_IF_ERROR(Apply(connection, component, step));
  }
  return absl::OkStatus();
}

// Several processes may get here at once; on a cluster the losers of a race are told so and try
// again.
absl::Status CreateBookkeeping(Connection& connection) {
  constexpr int kAttempts = 20;
  for (const char* statement : kBookkeeping) {
    absl::Status status;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      status = connection.Run(statement);
      if (!LostToAnotherTransaction(status)) break;
    }
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HasBookkeeping(Connection& connection) {
  ASSIGN_OR_RETURN(const Rows rows,
                   connection.Query("SELECT 1 FROM information_schema.tables WHERE table_schema = "
                                    "DATABASE() AND table_name = 'schema_migrations'",
                                    {}));
  return !rows.empty();
}

absl::Status CheckComponent(Connection& connection, const Component& component) {
  ASSIGN_OR_RETURN(const Applied applied, ReadApplied(connection, component));
  RETURN_IF_ERROR(CheckNotInterrupted(component, applied));
  RETURN_IF_ERROR(CheckNotTooNew(component, applied));
  for (const Migration& step : component.migrations) {
    const auto known = applied.titles.find(step.version);
    if (known == applied.titles.end()) {
      return Refused(absl::StrCat("schema of ", component.name, " lacks migration ",
                                  StepName(component, step), ": run --migrate"));
    }
    RETURN_IF_ERROR(CheckSameStep(component, step, known->second));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(const Database& database, std::span<const Component> components) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, database.ConnectAsOwner());
  RETURN_IF_ERROR(CreateBookkeeping(*connection));
  ASSIGN_OR_RETURN(const std::unique_ptr<MigratorLock> lock,
                   MigratorLock::Acquire(database, kPatience));
  for (const Component& component : components) {
    RETURN_IF_ERROR(MigrateComponent(*connection, component));
  }
  return GrantServerAccount(*connection, database.config());
}

absl::Status CheckSchema(Connection& connection, std::span<const Component> components) {
  ASSIGN_OR_RETURN(const bool migrated, HasBookkeeping(connection));
  if (!migrated) return Refused("the schema is empty: run --migrate");
  for (const Component& component : components) {
    RETURN_IF_ERROR(CheckComponent(connection, component));
  }
  return absl::OkStatus();
}

}  // namespace lscp::db
