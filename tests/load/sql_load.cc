#include "tests/load/sql_load.h"

#include <semaphore>
#include <thread>
#include <utility>
#include <variant>

#include "absl/time/clock.h"
#include "common/journal/disclosures.h"
#include "common/status/macros.h"
#include "common/store/id.h"
#include "tests/support/requests.h"

namespace lscp::tests {
namespace {

constexpr char kJournal[] = "INSERT INTO journal (at,";

// An instant as db::Connection binds it.
std::string TextOf(absl::Time time) {
  return absl::FormatTime("%E4Y-%m-%d %H:%M:%E6S", time, absl::UTCTimeZone());
}

// When the call was made, as its values say; empty when it changed nothing.
std::string TimeOf(const StatementsOfCall& call) {
  for (const Statement& statement : call.statements) {
    if (statement.sql.rfind(kJournal, 0) != 0) continue;
    return std::get<std::string>(statement.args.front().variant());
  }
  return "";
}

absl::Status RunAll(db::Connection& connection, const StatementsOfCall& call,
                    const Changes& changes) {
  for (const Statement& statement : call.statements) {
    const db::Args args = Replaced(statement.args, changes);
    RETURN_IF_ERROR(statement.query ? connection.Query(statement.sql, args).status()
                                    : connection.Execute(statement.sql, args).status());
  }
  return call.commits ? connection.Commit() : absl::OkStatus();
}

// A thread with a connection of its own for each client.
class SqlLoad : public Load {
 public:
  SqlLoad(const db::Database* database, db::Mode mode) : database_(database), mode_(mode) {}

  void Start(int clients, Meter* meter) override {
    for (int i = 0; i < clients; ++i) {
      threads_.emplace_back([this, i, meter] { Work(i, meter); });
    }
  }

  void Join() override {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 protected:
  virtual absl::Status RunOne(db::Connection& connection, size_t count) = 0;

 private:
  void Work(int client, Meter* meter) {
    const auto connection = database_->Connect(mode_);
    for (size_t count = client; !meter->ended(); ++count) {
      const auto began = std::chrono::steady_clock::now();
      const absl::Status status =
          connection.ok() ? RunOne(**connection, count) : connection.status();
      meter->Done(client, began, status.ok() ? "" : status.ToString());
      if (!status.ok()) return;
    }
  }

  const db::Database* const database_;
  const db::Mode mode_;
  std::vector<std::thread> threads_;
};

class SqlWrites final : public SqlLoad {
 public:
  SqlWrites(const db::Database* database, StatementsOfCall call, std::string id,
            std::string request_id, std::function<Changes()> more)
      : SqlLoad(database, db::Mode::kTransaction),
        call_(std::move(call)),
        id_(std::move(id)),
        request_id_(std::move(request_id)),
        time_(TimeOf(call_)),
        more_(std::move(more)) {}

 private:
  absl::Status RunOne(db::Connection& connection, size_t) override {
    const absl::Time now = absl::Now();
    Changes changes = more_();
    changes.insert(changes.end(),
                   {{id_, NewId(now)}, {request_id_, NewRequestId()}, {time_, TextOf(now)}});
    return RunAll(connection, call_, changes);
  }

  const StatementsOfCall call_;
  const std::string id_;
  const std::string request_id_;
  const std::string time_;
  const std::function<Changes()> more_;
};

class SqlReads final : public SqlLoad {
 public:
  SqlReads(const db::Database* database, StatementsOfCall call, std::string id,
           std::string resource, std::vector<std::string> ids, lscp::Call as)
      : SqlLoad(database, db::Mode::kAutocommit),
        call_(std::move(call)),
        id_(std::move(id)),
        resource_(std::move(resource)),
        ids_(std::move(ids)),
        as_(std::move(as)),
        disclosures_(database) {}

 private:
  absl::Status RunOne(db::Connection& connection, size_t count) override {
    const std::string& id = ids_[count % ids_.size()];
    RETURN_IF_ERROR(RunAll(connection, call_, {{id_, id}}));
    lscp::Call as = as_;
    as.now = absl::Now();
    std::string resource = resource_;
    resource.replace(resource.find(id_), id_.size(), id);
    absl::Status outcome;
    std::binary_semaphore durable(0);
    disclosures_.Write(as, {std::move(resource)}, [&](absl::Status status) {
      outcome = std::move(status);
      durable.release();
    });
    durable.acquire();
    return outcome;
  }

  const StatementsOfCall call_;
  const std::string id_;
  const std::string resource_;
  const std::vector<std::string> ids_;
  const lscp::Call as_;
  Disclosures disclosures_;
};

}  // namespace

std::unique_ptr<Load> MakeSqlWrites(const db::Database* database, StatementsOfCall call,
                                    std::string id, std::string request_id,
                                    std::function<Changes()> more) {
  return std::make_unique<SqlWrites>(database, std::move(call), std::move(id),
                                     std::move(request_id), std::move(more));
}

std::unique_ptr<Load> MakeSqlReads(const db::Database* database, StatementsOfCall call,
                                   std::string id, std::string resource,
                                   std::vector<std::string> ids, Call as) {
  return std::make_unique<SqlReads>(database, std::move(call), std::move(id), std::move(resource),
                                    std::move(ids), std::move(as));
}

}  // namespace lscp::tests
