#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/db/connection.h"
#include "common/db/migrator.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::testing {

// A MariaDB for tests: own data directory, unix socket, no TCP; nothing of the system's own server
// is touched. Everything here ends the process with a message when the machine does not play
// along: a test can't go on without its database.
class TestMariaDb {
 public:
  // The server that tests share: the one at LSCP_TEST_MARIADB_SOCKET (ctest sets it for tests
  // labelled `store`), else one of this process, started at the first call. Thread-safe.
  static TestMariaDb& Shared();

  // A server of one's own, for tests that break it or need options of their own ("--ssl-cert=…").
  explicit TestMariaDb(std::vector<std::string> options = {});
  // Kills the server and removes its data. (A process that crashes takes its server with it; its
  // data is removed by the next process that starts a server.)
  ~TestMariaDb();
  TestMariaDb(const TestMariaDb&) = delete;
  TestMariaDb& operator=(const TestMariaDb&) = delete;

  const std::string& socket() const { return socket_; }

  // SIGKILL, and the server is gone when this returns. Not for the shared server.
  void Kill9();
  // Starts it again on the data it left (after Kill9), and returns when it answers.
  void Restart();

  // Runs statements as the server's root.
  void RunAsRoot(const std::vector<std::string>& statements);

 private:
  class Process;
  struct Running {
    std::string socket;
  };
  explicit TestMariaDb(Running server);
  void CreateAccounts();

  std::vector<std::string> options_;
  std::string directory_;  // empty: somebody else's server
  std::string socket_;
  std::unique_ptr<Process> process_;
};

// A schema of its own for one test: with the tables of the platform and of `components`, a server's
// account that has the rights a service has in production and an owner's account. Dropped at the
// end.
class TestDatabase {
 public:
  explicit TestDatabase(const std::vector<db::Component>& components = {},
                        TestMariaDb& server = TestMariaDb::Shared());
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // Without any table.
  static std::unique_ptr<TestDatabase> Empty(TestMariaDb& server = TestMariaDb::Shared());

  const safeguarding::config::v1::DatabaseConfig& config() const { return database_.config(); }
  const db::Database& database() const { return database_; }
  // A connection of the server's account.
  std::unique_ptr<db::Connection> Connect(db::Mode mode = db::Mode::kAutocommit) const;

 private:
  explicit TestDatabase(TestMariaDb& server);

  TestMariaDb& server_;
  db::Database database_;
};

}  // namespace lscp::testing
