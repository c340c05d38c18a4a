// What k8s/components/monitoring ships, on the real binaries: it names only what they serve, and
// its alerts fire when they should.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/testing/process.h"
#include "common/testing/reserved_port.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

constexpr char kHere[] = LSCP_SOURCE_DIR "/tests/monitoring/";
const std::vector<std::string> kServices(Suite::kServices.begin(), Suite::kServices.end());
const std::vector<std::string> kProcesses = {"gateway", Suite::kReferrals, Suite::kChildProtection,
                                             Suite::kChildDeathReviews, Suite::kChildrenInCare};

Suite& TheSuite() {
  static auto& suite = *new Suite;
  return suite;
}

absl::Status SubmitContact() {
  safeguarding::referrals::v1::SubmitContactResponse reply;
  return TheSuite()
      .As("example-primary-school")
      ->Call("/safeguarding.referrals.v1.ContactsService/SubmitContact",
             ConcernOf("barnet", NewRequestId()), {{"lscp-borough", "barnet"}}, &reply);
}

// Changes the referrals service's database behind its back.
void Change(const std::string& sql) {
  const auto changed = TheSuite().OwnerConnection()->Execute(sql, {});
  EXPECT_TRUE(changed.ok()) << changed.status();
  EXPECT_GT(changed.value_or(0), 0) << sql;
}

// Obligations are counted when a service starts, and then every 15 seconds.
void RestartServices() {
  for (const std::string& service : kServices) {
    EXPECT_EQ(TheSuite().StopService(service), 0);
    TheSuite().StartService(service);
    EXPECT_TRUE(WaitUntil([&] {
      return TheSuite().AdminPage(service, "/metrics").find("lscp_timescales{") !=
             std::string::npos;
    }));
  }
}

// Runs one of the scripts beside this file, which must succeed.
void RunScript(const std::string& script, const std::vector<std::string>& arguments) {
  const std::string output = absl::StrCat(TheSuite().pki().directory(), "/", script, ".out");
  std::vector<std::string> command = {"/usr/bin/python3", "-B", kHere + script};
  command.insert(command.end(), arguments.begin(), arguments.end());
  testing::ChildProcess process(command, output);
  const int code = process.Wait();
  std::ifstream said(output);
  EXPECT_EQ(code, 0) << std::string(std::istreambuf_iterator<char>(said), {});
}

std::string PercentEncoded(const std::string& text) {
  std::string encoded;
  for (const unsigned char c : text) absl::StrAppendFormat(&encoded, "%%%02X", c);
  return encoded;
}

// A Prometheus that watches the suite by the shipped rules, 60 times as impatient.
class Prometheus {
 public:
  Prometheus() {
    std::vector<std::string> arguments = {directory()};
    for (const std::string& name : kProcesses) {
      arguments.push_back(absl::StrCat(name, "=", TheSuite().AdminPort(name)));
    }
    RunScript("configure.py", arguments);
    process_ = std::make_unique<testing::ChildProcess>(
        std::vector<std::string>{"prometheus",
                                 absl::StrCat("--config.file=", directory(), "/prometheus.yml"),
                                 absl::StrCat("--storage.tsdb.path=", directory(), "/prometheus"),
                                 absl::StrCat("--web.listen-address=127.0.0.1:", port_.number())},
        directory() + "/prometheus.log");
  }

  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_.number()); }

  // What it answers to a question now, as JSON; nothing when no series does.
  std::string Answer(const std::string& question) const {
    const std::string reply =
        HttpGet(port_.number(), "/api/v1/query?query=" + PercentEncoded(question));
    return reply.find("\"metric\"") == std::string::npos ? "" : reply;
  }
  std::string Firing(const std::string& labels) const {
    return Answer(absl::StrCat("ALERTS{alertstate=\"firing\",", labels, "}"));
  }
  void ExpectFires(const std::string& labels) const {
    EXPECT_TRUE(WaitUntil([&] { return !Firing(labels).empty(); })) << labels;
  }

 private:
  static std::string directory() { return TheSuite().pki().directory(); }

  const testing::ReservedPort port_;
  std::unique_ptr<testing::ChildProcess> process_;
};

TEST(RulesAndDashboards, NameOnlyWhatTheProcessesServe) {
  const absl::Status submitted = SubmitContact();
  ASSERT_TRUE(submitted.ok()) << submitted;
  RestartServices();
  std::vector<std::string> files;
  for (const std::string& name : kProcesses) {
    files.push_back(
        TheSuite().pki().WriteFile(name + ".metrics", TheSuite().AdminPage(name, "/metrics")));
  }
  RunScript("served_names.py", files);
}

TEST(Alerts, FireOnAProvokedFaultAndOnNothingElse) {
  ASSERT_TRUE(SubmitContact().ok());
  Change("UPDATE timescales SET due_at = started_at WHERE rule = 'contact_decision'");
  RestartServices();
  const Prometheus prometheus;
  ASSERT_TRUE(
      WaitUntil([&] { return !prometheus.Answer("sum(up{suite=\"lscp\"}) == 5").empty(); }));
  RunScript("ask_dashboards.py", {prometheus.url()});

  prometheus.ExpectFires(
      "alertname=\"TimescaleOverdue\",rule=\"contact_decision\",borough=\"barnet\","
      "severity=\"critical\",namespace=\"tests\"");
  EXPECT_EQ(prometheus.Firing("audience=\"practice\",rule!=\"contact_decision\""), "");
  // The tests' certificates are short-lived. Whatever else were wrong would fire as soon as this.
  prometheus.ExpectFires("alertname=\"CertificateEnds\",job=\"gateway\"");
  EXPECT_EQ(prometheus.Firing("audience=\"platform\",alertname!=\"CertificateEnds\""), "");

  TheSuite().mariadb().Kill9();
  prometheus.ExpectFires("alertname=\"DatabaseAway\",job=\"referrals\"");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(SubmitContact().ok());
  prometheus.ExpectFires("alertname=\"MethodFails\",grpc_method=\"SubmitContact\"");
  // One fault, one cause: what needs the database says nothing of its own.
  EXPECT_EQ(prometheus.Firing("alertname=~\"SchemaWrong|AuditNotSealed|TimescalesNotCounted\""),
            "");

  TheSuite().mariadb().Restart();
  EXPECT_TRUE(WaitUntil([&] { return prometheus.Firing("alertname=\"DatabaseAway\"").empty(); }));
  // A migration that broke off.
  Change("UPDATE schema_migrations SET finished_at = NULL WHERE component = 'referrals'");
  prometheus.ExpectFires("alertname=\"SchemaWrong\",job=\"referrals\"");
  EXPECT_EQ(prometheus.Firing("alertname=\"SchemaWrong\",job!=\"referrals\""), "");

  TheSuite().KillService();
  prometheus.ExpectFires("alertname=\"ServiceDown\",job=\"referrals\"");
  EXPECT_EQ(prometheus.Firing("alertname=\"ServiceDown\",job=\"gateway\""), "");
}

}  // namespace
}  // namespace lscp::tests
