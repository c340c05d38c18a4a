#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "absl/time/clock.h"
#include "common/db/connection.h"
#include "common/status/error.h"
#include "common/testing/mariadb.h"
#include "common/testing/process.h"

namespace lscp::db {
namespace {

using ::testing::HasSubstr;

void AddRow(const testing::TestDatabase& schema) {
  ASSERT_TRUE(schema.Connect()->Run("INSERT INTO event_progress VALUES ('somebody', 0)").ok());
}

absl::Status Update(Connection& connection) {
  return connection.Execute("UPDATE event_progress SET pos = pos + 1", {}).status();
}

TEST(Database, RefusedOrUnreachableIsUnavailable) {
  const testing::TestDatabase schema;
  auto unknown = schema.config();
  unknown.set_user("nobody_of_this_name");
  auto elsewhere = schema.config();
  elsewhere.set_host("unix:///nowhere/s.sock");
  for (const auto& config : {unknown, elsewhere}) {
    const absl::Status status = Database(config).Connect(Mode::kAutocommit).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_BACKEND_UNAVAILABLE);
  }
}

// Makes NAME.pem and NAME.key: an authority that is its own server certificate, for `host`.
std::string MakeCertificate(const std::string& name, const std::string& host) {
  const std::string base = ::testing::TempDir() + name + "_" + std::to_string(getpid());
  testing::ChildProcess openssl(
      {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
       "-days", "2", "-subj", "/CN=" + host, "-keyout", base + ".key", "-out", base + ".pem"},
      base + ".log");
  EXPECT_EQ(openssl.Wait(), 0) << "see " << base << ".log";
  return base;
}

absl::Status ConnectTrusting(const testing::TestDatabase& schema, const std::string& authority) {
  auto config = schema.config();
  config.set_ca_file(authority);
  const auto connection = Database(config).Connect(Mode::kAutocommit);
  if (!connection.ok()) return connection.status();
  const auto rows = (*connection)->Query("SHOW STATUS LIKE 'Ssl_version'", {});
  EXPECT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->at(0).Text(1), HasSubstr("TLS"));
  return rows.status();
}

TEST(Tls, WithAnAuthorityOnlyAServerThatItVouchesForWillDo) {
  const std::string server = MakeCertificate("server", "localhost");
  const std::string stranger = MakeCertificate("stranger", "localhost");
  testing::TestMariaDb mariadb({"--ssl-cert=" + server + ".pem", "--ssl-key=" + server + ".key"});
  const testing::TestDatabase schema({}, mariadb);
  EXPECT_TRUE(ConnectTrusting(schema, server + ".pem").ok());
  EXPECT_EQ(ConnectTrusting(schema, stranger + ".pem").code(), absl::StatusCode::kUnavailable);
}

TEST(Tls, TheCertificateMustBeForTheServersName) {
  const std::string other = MakeCertificate("other", "elsewhere.invalid");
  testing::TestMariaDb mariadb({"--ssl-cert=" + other + ".pem", "--ssl-key=" + other + ".key"});
  const testing::TestDatabase schema({}, mariadb);
  EXPECT_EQ(ConnectTrusting(schema, other + ".pem").code(), absl::StatusCode::kUnavailable);
}

TEST(Tls, AServerWithoutItIsRefused) {
  const std::string authority = MakeCertificate("authority", "localhost");
  const testing::TestDatabase schema;
  EXPECT_EQ(ConnectTrusting(schema, authority + ".pem").code(), absl::StatusCode::kUnavailable);
}

TEST(Database, APasswordMayBeRotatedInItsFile) {
  const testing::TestDatabase schema;
  const std::string user = "rotating_" + std::to_string(getpid());
  const std::string account = "'" + user + "'@'localhost'";
  auto& server = testing::TestMariaDb::Shared();
  server.RunAsRoot({"CREATE USER " + account + " IDENTIFIED BY 'first-Invented-1'",
                    "GRANT SELECT ON " + schema.config().schema() + ".* TO " + account});
  const std::string file = ::testing::TempDir() + user;
  auto config = schema.config();
  config.set_user(user);
  config.set_password_file(file);
  const Database database(config);
  EXPECT_EQ(database.Connect(Mode::kAutocommit).status().code(),
            absl::StatusCode::kFailedPrecondition);
  std::ofstream(file) << "first-Invented-1\n";
  EXPECT_TRUE(database.Connect(Mode::kAutocommit).ok());
  server.RunAsRoot({"ALTER USER " + account + " IDENTIFIED BY 'second-Invented-2'"});
  EXPECT_EQ(database.Connect(Mode::kAutocommit).status().code(), absl::StatusCode::kUnavailable);
  std::ofstream(file) << "second-Invented-2";
  EXPECT_TRUE(database.Connect(Mode::kAutocommit).ok());
  server.RunAsRoot({"DROP USER " + account});
  unlink(file.c_str());
}

TEST(Session, KeepsItsConnectionsAndLeavesNoTransactionOpen) {
  const testing::TestDatabase schema;
  AddRow(schema);
  Session session(&schema.database());
  Connection* const writer = *session.Writer();
  ASSERT_TRUE(Update(*writer).ok());
  EXPECT_EQ(*session.Writer(), writer);
  EXPECT_EQ((*(*session.Reader())->Query("SELECT pos FROM event_progress", {}))[0].Int(0), 0);
  EXPECT_TRUE(Update(**session.Reader()).ok());  // nobody holds its lock
}

TEST(Session, ReplacesAConnectionThatDiedWhileItIdled) {
  const testing::TestDatabase schema;
  Session session(&schema.database());
  Connection* const reader = *session.Reader();
  ASSERT_TRUE(reader->Run("SET wait_timeout = 1").ok());
  const auto root = schema.database().ConnectAsOwner();
  const auto id = reader->Query("SELECT CONNECTION_ID()", {})->at(0).Int(0);
  // Long enough that the session pings before it hands the connection out.
  const absl::Time began = absl::Now();
  while (
      (*root)->Query("SELECT 1 FROM information_schema.processlist WHERE id = ?", {id})->size() ==
          1 ||
      absl::Now() - began < absl::Milliseconds(1100)) {
    ASSERT_LT(absl::Now() - began, absl::Seconds(30));
    absl::SleepFor(absl::Milliseconds(10));
  }
  const auto again = session.Reader();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE((*again)->Query("SELECT 1", {}).ok());
}

TEST(Session, RecoversWhenTheServerIsBack) {
  testing::TestMariaDb server;
  const testing::TestDatabase schema({}, server);
  AddRow(schema);
  Session session(&schema.database());
  ASSERT_TRUE(Update(**session.Writer()).ok());
  ASSERT_TRUE((*session.Writer())->Commit().ok());
  Connection* const writer = *session.Writer();
  ASSERT_TRUE(Update(*writer).ok());
  server.Kill9();

  const absl::Status lost = writer->Commit();
  EXPECT_EQ(lost.code(), absl::StatusCode::kUnavailable) << lost;
  EXPECT_TRUE(writer->broken());
  writer->Rollback();
  EXPECT_EQ(Update(*writer).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(session.Writer().status().code(), absl::StatusCode::kUnavailable);

  server.Restart();
  const auto recovered = session.Writer();
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_TRUE(Update(**recovered).ok());
  EXPECT_TRUE((*recovered)->Commit().ok());
}

}  // namespace
}  // namespace lscp::db
