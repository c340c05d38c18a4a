// The scripts of k8s/database, as the CronJob of k8s/components/backup runs them: a database that
// was destroyed comes back with everything that was acknowledged, and its audit's chains verify.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/testing/process.h"
#include "safeguarding/audit/v1/audit_service.pb.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace fs = std::filesystem;
namespace audit = safeguarding::audit::v1;
namespace referrals = safeguarding::referrals::v1;

constexpr char kScripts[] = LSCP_SOURCE_DIR "/k8s/database/";

std::string ContentOf(const std::string& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string Submit(Suite& suite, const referrals::SubmitContactRequest& request) {
  referrals::SubmitContactResponse reply;
  const absl::Status status = suite.As("example-primary-school")
                                  ->Call("/safeguarding.referrals.v1.ContactsService/SubmitContact",
                                         request, {{"lscp-borough", "barnet"}}, &reply);
  EXPECT_TRUE(status.ok()) << status;
  return reply.referral().name();
}

// The journal's chain, once everything has its place in it.
audit::ChainReport Journal(Suite& suite, int64_t rows) {
  auto auditor = suite.As("barnet-council", "a.auditor", {"auditor"});
  audit::VerifyAuditRequest request;
  request.set_parent("boroughs/barnet");
  audit::VerifyAuditResponse reply;
  EXPECT_TRUE(WaitUntil([&] {
    const absl::Status status =
        auditor->Call("/safeguarding.audit.v1.AuditService/VerifyAudit", request,
                      {{"lscp-borough", "barnet"}, {"lscp-service", "referrals"}}, &reply);
    return status.ok() && reply.chains(0).verified() >= rows;
  }));
  EXPECT_EQ(reply.chains(0).account(), audit::AuditEntry::ACCOUNT_JOURNAL);
  return reply.chains(0);
}

std::string SchemaOf(Suite& suite) {
  const auto schema = suite.OwnerConnection()->Query("SELECT DATABASE()", {});
  EXPECT_TRUE(schema.ok()) << schema.status();
  return std::string((*schema)[0].Text(0));
}

// Runs a script; its exit code and output.
std::pair<int, std::string> RunScript(Suite& suite, std::vector<std::string> command) {
  const std::string output = absl::StrCat(suite.pki().directory(), "/script.out");
  command.front() = kScripts + command.front();
  fs::remove(output);
  testing::ChildProcess script(command, output);
  const int code = script.Wait();
  return {code, std::string(absl::StripSuffix(ContentOf(output), "\n"))};
}

TEST(Backup, ADestroyedDatabaseComesBackWithItsChain) {
  Suite suite;
  const std::string schema = SchemaOf(suite);
  // The very file that the service has read.
  const std::string config = suite.pki().directory() + "/referrals.textproto";
  std::vector<referrals::SubmitContactRequest> sent;
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) {
    sent.push_back(ConcernOf("barnet", absl::StrCat("BACKUP-", i)));
    names.push_back(Submit(suite, sent.back()));
  }
  const audit::ChainReport before = Journal(suite, 20);

  const auto [backed_up, file] =
      RunScript(suite, {"scheduled-backup", config, suite.pki().directory(), "1"});
  ASSERT_EQ(backed_up, 0) << file;
  EXPECT_EQ(suite.StopService(), 0);
  const auto [refused, why] = RunScript(suite, {"of-service", config, "restore", file});
  EXPECT_EQ(refused, 1) << "a schema that is in use was written over";
  suite.mariadb().RunAsRoot(
      {absl::StrCat("DROP DATABASE ", schema),
       absl::StrCat("CREATE DATABASE ", schema, " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")});
  const auto [restored, output] = RunScript(suite, {"of-service", config, "restore", file});
  ASSERT_EQ(restored, 0) << output;
  suite.StartService();

  const audit::ChainReport after = Journal(suite, 20);
  EXPECT_EQ(after.first_broken_position(), 0) << after.problem();
  EXPECT_EQ(after.unsealed(), 0);
  EXPECT_EQ(after.verified(), before.verified());
  EXPECT_EQ(after.head_hash(), before.head_hash());
  for (size_t i = 0; i < sent.size(); ++i) EXPECT_EQ(Submit(suite, sent[i]), names[i]);
}

TEST(Backup, OnlyOneThatSucceedsRemovesOldOnes) {
  Suite suite;
  const std::string schema = SchemaOf(suite);
  const std::string config = suite.pki().directory() + "/referrals.textproto";
  const fs::path folder = suite.pki().directory() + "/backups";
  fs::create_directory(folder);
  const auto names = [&] {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder))
      found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  };
  const std::string oldest = schema + "-20200101T020000Z.sql.gz";
  const std::string old = schema + "-20200102T020000Z.sql.gz";
  const std::string killed = schema + "-20200103T020000Z.sql.gz.part";
  const std::string others = "another-20200101T020000Z.sql.gz";
  for (const std::string& name : {oldest, old, killed, others}) std::ofstream(folder / name);

  suite.mariadb().Kill9();
  EXPECT_NE(RunScript(suite, {"scheduled-backup", config, folder, "1"}).first, 0);
  EXPECT_EQ(names().size(), 4);
  suite.mariadb().Restart();
  const auto [code, made] = RunScript(suite, {"scheduled-backup", config, folder, "2"});
  ASSERT_EQ(code, 0) << made;
  EXPECT_EQ(names(), (std::vector<std::string>{others, old, fs::path(made).filename()}));
  EXPECT_EQ(fs::status(made).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace lscp::tests
