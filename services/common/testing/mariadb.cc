#include "common/testing/mariadb.h"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <thread>

#include "common/db/platform_migrations.h"
#include "common/testing/process.h"

namespace lscp::testing {
namespace {

namespace fs = std::filesystem;
using safeguarding::config::v1::DatabaseConfig;

constexpr char kPrefix[] = "lscp-mariadb-";
constexpr char kSocket[] = "/s.sock";
constexpr char kOwner[] = "lscp_owner";
constexpr char kServer[] = "lscp_server";
constexpr std::chrono::seconds kPatience(60);

[[noreturn]] void GiveUp(const std::string& what) {
  std::fprintf(stderr, "test database: %s\n", what.c_str());
  std::abort();
}

void Require(const absl::Status& status, const std::string& what) {
  if (!status.ok()) GiveUp(what + ": " + status.ToString());
}

// Where data goes: into memory if there is room, since most of a test's time would be spent waiting
// for the disk to have a schema made. (A process that is killed loses nothing there either.)
fs::path Place() {
  const fs::path memory = "/dev/shm";
  std::error_code failed;
  const bool room = fs::space(memory, failed).available > (uintmax_t{2} << 30);
  return !failed && room && access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

// Data of processes that crashed.
void RemoveLeftovers() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(Place(), ignored)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(kPrefix)) continue;
    pid_t pid = 0;
    std::from_chars(name.data() + sizeof(kPrefix) - 1, name.data() + name.size(), pid);
    if (pid > 0 && kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

std::string MakeDirectory() {
  RemoveLeftovers();
  std::string path = Place() / (kPrefix + std::to_string(getpid()) + "-XXXXXX");
  if (mkdtemp(path.data()) == nullptr) GiveUp("cannot make " + path);
  // Its own temporary directory: servers that share one collide.
  fs::create_directory(path + "/tmp");
  return path;
}

// mariadbd refuses root unless it is told so.
void AppendUser(std::vector<std::string>& command) {
  if (geteuid() == 0) command.push_back("--user=root");
}

void Install(const std::string& directory) {
  std::vector<std::string> command = {"mariadb-install-db",
                                      "--no-defaults",
                                      "--datadir=" + directory + "/data",
                                      "--tmpdir=" + directory + "/tmp",
                                      "--auth-root-authentication-method=normal",
                                      "--skip-test-db",
                                      "--skip-name-resolve"};
  AppendUser(command);
  const std::string log = directory + "/install.log";
  if (ChildProcess(command, log).Wait() != 0) GiveUp("mariadb-install-db failed, see " + log);
}

DatabaseConfig RootConfig(const std::string& socket) {
  DatabaseConfig config;
  config.set_host("unix://" + socket);
  config.set_user("root");
  return config;
}

// Unique among the processes and tests that share the server.
std::string NewSchemaName() {
  static std::atomic<int> count = 0;
  return "test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
}

DatabaseConfig SchemaConfig(const std::string& socket) {
  DatabaseConfig config;
  config.set_host("unix://" + socket);
  config.set_schema(NewSchemaName());
  config.set_user(kServer);
  config.set_migration_user(kOwner);
  return config;
}

}  // namespace

class TestMariaDb::Process {
 public:
  Process(const std::string& directory, const std::vector<std::string>& options)
      : child_(Command(directory, options), directory + "/server.log") {}

  ChildProcess& child() { return child_; }

 private:
  static std::vector<std::string> Command(const std::string& directory,
                                          const std::vector<std::string>& options) {
    std::vector<std::string> command = {"mariadbd",
                                        "--no-defaults",
                                        "--datadir=" + directory + "/data",
                                        "--tmpdir=" + directory + "/tmp",
                                        "--pid-file=" + directory + "/pid",
                                        "--socket=" + directory + kSocket,
                                        "--skip-networking",
                                        "--skip-name-resolve",
                                        "--character-set-server=utf8mb4",
                                        "--collation-server=utf8mb4_bin",
                                        "--innodb-log-file-size=16M",
                                        "--innodb-buffer-pool-size=64M",
                                        "--max-connections=300"};
    AppendUser(command);
    command.insert(command.end(), options.begin(), options.end());
    return command;
  }

  ChildProcess child_;
};

TestMariaDb& TestMariaDb::Shared() {
  static const std::unique_ptr<TestMariaDb> server([] {
    const char* const socket = std::getenv("LSCP_TEST_MARIADB_SOCKET");
    return socket != nullptr && *socket != '\0' ? new TestMariaDb(Running{socket})
                                                : new TestMariaDb();
  }());
  return *server;
}

TestMariaDb::TestMariaDb(std::vector<std::string> options)
    : options_(std::move(options)), directory_(MakeDirectory()), socket_(directory_ + kSocket) {
  Install(directory_);
  Restart();
  CreateAccounts();
}

TestMariaDb::TestMariaDb(Running server) : socket_(std::move(server.socket)) { CreateAccounts(); }

TestMariaDb::~TestMariaDb() {
  if (directory_.empty()) return;
  process_.reset();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void TestMariaDb::Kill9() {
  if (directory_.empty()) GiveUp("the shared server is not to be killed");
  process_.reset();
}

void TestMariaDb::Restart() {
  process_ = std::make_unique<Process>(directory_, options_);
  const db::Database root(RootConfig(socket_));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  absl::Status last;
  while (!(last = root.Connect(db::Mode::kAutocommit).status()).ok()) {
    if (!process_->child().Running() || std::chrono::steady_clock::now() > deadline) {
      GiveUp("mariadbd does not answer, see " + directory_ + "/server.log: " + last.ToString());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void TestMariaDb::RunAsRoot(const std::vector<std::string>& statements) {
  auto connection = db::Database(RootConfig(socket_)).Connect(db::Mode::kAutocommit);
  Require(connection.status(), "connecting to " + socket_);
  for (const std::string& statement : statements) {
    Require((*connection)->Run(statement), statement);
  }
}

void TestMariaDb::CreateAccounts() {
  const std::string owner = std::string("'") + kOwner + "'@'localhost'";
  RunAsRoot({"CREATE USER IF NOT EXISTS " + owner,
             "GRANT ALL ON `test\\_%`.* TO " + owner + " WITH GRANT OPTION",
             std::string("CREATE USER IF NOT EXISTS '") + kServer + "'@'localhost'"});
}

TestDatabase::TestDatabase(TestMariaDb& server)
    : server_(server), database_(SchemaConfig(server.socket())) {
  server_.RunAsRoot({"CREATE DATABASE " + config().schema()});
}

TestDatabase::TestDatabase(const std::vector<db::Component>& components, TestMariaDb& server)
    : TestDatabase(server) {
  std::vector<db::Component> all = {db::platform::Tables()};
  all.insert(all.end(), components.begin(), components.end());
  Require(db::Migrate(database_, all), "migrating");
}

std::unique_ptr<TestDatabase> TestDatabase::Empty(TestMariaDb& server) {
  return std::unique_ptr<TestDatabase>(new TestDatabase(server));
}

// A server that a test has killed need not be there any more.
TestDatabase::~TestDatabase() {
  auto root = RootConfig(server_.socket());
  auto connection = db::Database(std::move(root)).Connect(db::Mode::kAutocommit);
  if (!connection.ok()) return;
  (*connection)->Run("DROP DATABASE " + config().schema()).IgnoreError();
}

std::unique_ptr<db::Connection> TestDatabase::Connect(db::Mode mode) const {
  auto connection = database_.Connect(mode);
  Require(connection.status(), "connecting");
  return *std::move(connection);
}

}  // namespace lscp::testing
