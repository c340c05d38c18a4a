#include <cppconn/connection.h>
#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/parameter_metadata.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "absl/time/clock.h"
#include "common/db/connection_impl.h"
#include "common/db/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp::db {
namespace {

// Statements differ in how many rows they insert or ids they list, so their number has a bound.
constexpr size_t kMostPrepared = 200;

sql::SQLString Text(std::string_view text) { return {text.data(), text.size()}; }

void Bind(sql::PreparedStatement& statement, unsigned index, const Value& value) {
  struct Binder {
    sql::PreparedStatement& statement;
    unsigned index;
    void operator()(std::monostate) { statement.setNull(index, sql::DataType::SQLNULL); }
    void operator()(int64_t number) { statement.setInt64(index, number); }
    void operator()(const std::string& text) { statement.setString(index, Text(text)); }
    void operator()(absl::Time time) {
      statement.setString(index,
                          absl::FormatTime("%E4Y-%m-%d %H:%M:%E6S", time, absl::UTCTimeZone()));
    }
    void operator()(absl::CivilDay day) { statement.setString(index, absl::FormatCivilTime(day)); }
  };
  std::visit(Binder{statement, index}, value.variant());
}

Rows ReadAll(sql::ResultSet& result) {
  const unsigned columns = result.getMetaData()->getColumnCount();
  Rows rows;
  rows.reserve(result.rowsCount());
  while (result.next()) {
    std::vector<std::optional<std::string>> cells(columns);
    for (unsigned i = 0; i < columns; ++i) {
      if (!result.isNull(i + 1)) cells[i] = result.getString(i + 1).asStdString();
    }
    rows.emplace_back(std::move(cells));
  }
  return rows;
}

class DriverConnection : public Connection {
 public:
  DriverConnection(std::unique_ptr<sql::Connection> driver, Mode mode, absl::Duration life)
      : driver_(std::move(driver)),
        mode_(mode),
        life_(absl::ToChronoNanoseconds(life)),
        plain_(driver_->createStatement()) {}

  absl::StatusOr<Rows> Query(std::string_view sql, const Args& args) override {
    RETURN_IF_ERROR(BeforeStatement());
    return Guarded<absl::StatusOr<Rows>>([&] {
      sql::PreparedStatement& statement = Prepared(sql, args);
      const std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
      return ReadAll(*result);
    });
  }

  absl::StatusOr<int64_t> Execute(std::string_view sql, const Args& args) override {
    RETURN_IF_ERROR(BeforeStatement());
    return Guarded<absl::StatusOr<int64_t>>(
        [&] { return int64_t{Prepared(sql, args).executeUpdate()}; });
  }

  absl::Status Run(std::string_view sql) override {
    RETURN_IF_ERROR(BeforeStatement());
    return Guarded<absl::Status>([&] {
      RunPlain(sql);
      return absl::OkStatus();
    });
  }

  absl::Status Commit() override {
    if (!in_transaction_) return absl::OkStatus();
    RETURN_IF_ERROR(BeforeStatement());
    in_transaction_ = false;
    return Guarded<absl::Status>([&] {
      RunPlain("COMMIT");
      return absl::OkStatus();
    });
  }

  void Rollback() override {
    if (!std::exchange(in_transaction_, false) || broken_) return;
    try {
      RunPlain("ROLLBACK");
    } catch (const std::exception&) {
      broken_ = true;
    }
  }

  bool Alive() override {
    try {
      broken_ = broken_ || !driver_->isValid();
    } catch (const std::exception&) {
      broken_ = true;
    }
    return !broken_;
  }

  bool broken() const override { return broken_; }

 private:
  using Steady = std::chrono::steady_clock;
  struct Entry {
    std::unique_ptr<sql::PreparedStatement> statement;
    size_t placeholders = 0;
    uint64_t last_used = 0;
  };

  absl::Status BeforeStatement() {
    if (broken_) return BackendUnavailable("database connection was lost");
    if (mode_ == Mode::kAutocommit) return absl::OkStatus();
    const auto now = Steady::now();
    if (!std::exchange(in_transaction_, true)) began_ = now;
    if (now - began_ <= life_) return absl::OkStatus();
    Rollback();
    return Error(absl::StatusCode::kDeadlineExceeded, reason::ERROR_REASON_TOO_LATE,
                 "database transaction took too long and was rolled back");
  }

  template <typename Result, typename Function>
  Result Guarded(Function function) {
    try {
      return function();
    } catch (const sql::SQLException& error) {
      return Failed(error);
    } catch (const std::exception&) {
      broken_ = true;  // out of memory, say: what state the driver is in can't be told
      return absl::InternalError("database driver failed");
    }
  }

  absl::Status Failed(const sql::SQLException& error) {
    absl::Status status = ToStatus(error.getErrorCode(), error.getSQLState(), error.what());
    if (LosesConnection(error.getErrorCode())) broken_ = true;
    // After a lock wait only the statement was rolled back, the rest still holds its locks.
    if (LostToAnotherTransaction(status)) {
      in_transaction_ = mode_ != Mode::kAutocommit;
      Rollback();
    }
    return status;
  }

  void RunPlain(std::string_view sql) {
    if (plain_->execute(Text(sql))) delete plain_->getResultSet();
  }

  sql::PreparedStatement& Prepared(std::string_view sql, const Args& args) {
    auto found = prepared_.find(std::string(sql));
    if (found == prepared_.end()) {
      if (prepared_.size() >= kMostPrepared) ForgetOldest();
      Entry entry{std::unique_ptr<sql::PreparedStatement>(driver_->prepareStatement(Text(sql)))};
      entry.placeholders = entry.statement->getParameterMetaData()->getParameterCount();
      found = prepared_.emplace(sql, std::move(entry)).first;
    }
    found->second.last_used = ++uses_;
    sql::PreparedStatement& statement = *found->second.statement;
    // One that is not bound would have the value of the call before.
    if (args.size() != found->second.placeholders) {
      throw sql::InvalidArgumentException("not as many values as placeholders");
    }
    for (size_t i = 0; i < args.size(); ++i) Bind(statement, i + 1, args[i]);
    return statement;
  }

  void ForgetOldest() {
    prepared_.erase(std::min_element(
        prepared_.begin(), prepared_.end(),
        [](const auto& a, const auto& b) { return a.second.last_used < b.second.last_used; }));
  }

  // Order matters: statements must go before their connection.
  const std::unique_ptr<sql::Connection> driver_;
  const Mode mode_;
  const std::chrono::nanoseconds life_;
  const std::unique_ptr<sql::Statement> plain_;
  std::unordered_map<std::string, Entry> prepared_;
  uint64_t uses_ = 0;
  bool in_transaction_ = false;
  Steady::time_point began_;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<Connection> WrapConnection(std::unique_ptr<sql::Connection> driver, Mode mode,
                                           absl::Duration life) {
  return std::make_unique<DriverConnection>(std::move(driver), mode, life);
}

}  // namespace lscp::db
