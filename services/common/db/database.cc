#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "common/db/connection_impl.h"
#include "common/db/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp::db {
namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(5);
// How long we listen beyond the time that the server gives a statement.
constexpr absl::Duration kReadMargin = absl::Seconds(5);
// The owner's statements are ALTER TABLEs; they take as long as they take.
constexpr absl::Duration kOwnerReadTimeout = absl::Hours(6);
// A row that is locked longer than this is somebody's fault, not normal contention.
constexpr absl::Duration kLockWait = absl::Seconds(5);

// A transaction's statements and its COMMIT must begin in the first half of its life; what the
// server gives the last of them, or a client that stands still, is the other half.
const absl::Duration kHalfLife = Database::kMaxTransactionLife / 2;

struct Account {
  std::string user;
  std::string password_file;
};

// What a connection may do with time; zero is without limit.
struct Limits {
  absl::Duration statement;
  absl::Duration read;
};

// The driver's own state for this thread, kept while the thread lives.
sql::mysql::MySQL_Driver* Driver() {
  static sql::mysql::MySQL_Driver* const driver = sql::mysql::get_mysql_driver_instance();
  struct ThreadScope {
    ThreadScope() { driver->threadInit(); }
    ~ThreadScope() { driver->threadEnd(); }
  };
  thread_local const ThreadScope scope;
  return driver;
}

absl::StatusOr<std::string> ReadPassword(const std::string& file) {
  if (file.empty()) return std::string();
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) {
    return Error(absl::StatusCode::kFailedPrecondition, reason::ERROR_REASON_RULE_NOT_MET,
                 absl::StrCat("cannot read the database password file ", file));
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

int Seconds(absl::Duration duration) { return static_cast<int>(absl::ToInt64Seconds(duration)); }

sql::ConnectOptionsMap Options(const safeguarding::config::v1::DatabaseConfig& config,
                               const Account& account, const std::string& password,
                               const Limits& limits) {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(config.host());
  options["userName"] = sql::SQLString(account.user);
  options["password"] = sql::SQLString(password);
  options["schema"] = sql::SQLString(config.schema());
  options["OPT_CONNECT_TIMEOUT"] = Seconds(kConnectTimeout);
  options["OPT_READ_TIMEOUT"] = Seconds(limits.read);
  options["OPT_WRITE_TIMEOUT"] = Seconds(limits.read);
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  options["OPT_LOCAL_INFILE"] = 0;
  options["CLIENT_FOUND_ROWS"] = true;
  if (!config.ca_file().empty()) {
    options["sslCA"] = sql::SQLString(config.ca_file());
    options["sslEnforce"] = true;
    options["sslVerify"] = true;
  }
  return options;
}

// One round trip. sql_mode and lc_messages, so that a server's configuration changes neither what
// is accepted nor how errors.cc reads.
std::string SessionSettings(Mode mode, const Limits& limits) {
  return absl::StrCat(
      "SET time_zone = '+00:00', lc_messages = 'en_US', ",
      "sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,",
      "NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = ", Seconds(kLockWait),
      ", max_statement_time = ", Seconds(limits.statement),
      ", idle_transaction_timeout = ", Seconds(limits.statement), ", tx_isolation = '",
      mode == Mode::kSnapshot ? "REPEATABLE-READ" : "READ-COMMITTED",
      "', autocommit = ", mode == Mode::kAutocommit ? 1 : 0);
}

// Whatever the server has against us (a wrong password, an unknown schema): it is of no use now
// and may be later.
absl::Status CannotConnect(const sql::SQLException& error) {
  const absl::Status status = ToStatus(error.getErrorCode(), error.getSQLState(), error.what());
  if (absl::IsUnavailable(status)) return status;
  return BackendUnavailable(absl::StrCat("cannot connect: ", std::string(status.message())));
}

absl::StatusOr<std::unique_ptr<Connection>> Open(
    const safeguarding::config::v1::DatabaseConfig& config, const Account& account, Mode mode,
    const Limits& limits) {
  ASSIGN_OR_RETURN(const std::string password, ReadPassword(account.password_file));
  try {
    sql::ConnectOptionsMap options = Options(config, account, password, limits);
    std::unique_ptr<sql::Connection> driver(Driver()->connect(options));
    const std::unique_ptr<sql::Statement> statement(driver->createStatement());
    statement->execute(SessionSettings(mode, limits));
    return WrapConnection(std::move(driver), mode, kHalfLife);
  } catch (const sql::SQLException& error) {
    return CannotConnect(error);
  } catch (const std::exception&) {
    return absl::InternalError("database driver failed to connect");
  }
}

}  // namespace

Database::Database(safeguarding::config::v1::DatabaseConfig config) : config_(std::move(config)) {
  Driver();
}

absl::StatusOr<std::unique_ptr<Connection>> Database::Connect(Mode mode) const {
  const absl::Duration statement = mode == Mode::kAutocommit ? kMaxTransactionLife : kHalfLife;
  return Open(config_, {config_.user(), config_.password_file()}, mode,
              {.statement = statement, .read = statement + kReadMargin});
}

absl::StatusOr<std::unique_ptr<Connection>> Database::ConnectAsOwner() const {
  const Account account =
      config_.migration_user().empty()
          ? Account{config_.user(), config_.password_file()}
          : Account{config_.migration_user(), config_.migration_password_file()};
  return Open(config_, account, Mode::kAutocommit,
              {.statement = absl::ZeroDuration(), .read = kOwnerReadTimeout});
}

}  // namespace lscp::db
