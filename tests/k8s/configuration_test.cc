// The configurations of k8s/boroughs and k8s/partnerships, given to the real binaries: each starts
// with what its pod is given, and is alive though its database is not there.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/testing/process.h"
#include "common/testing/test_pki.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kManifests = LSCP_SOURCE_DIR "/k8s";

// Folders of stacks. LSCP_MANIFESTS names other manifests to test.
std::vector<fs::path> Stacks() {
  const char* other = std::getenv("LSCP_MANIFESTS");
  const fs::path manifests = other ? other : kManifests;
  return {manifests / "boroughs", manifests / "partnerships"};
}

std::string ContentOf(const fs::path& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Folders of servers, e.g. boroughs/barnet/referrals.
std::vector<fs::path> Servers() {
  std::vector<fs::path> servers;
  for (const fs::path& stacks : Stacks()) {
    for (const auto& entry : fs::recursive_directory_iterator(stacks)) {
      if (entry.path().filename() == "config.textproto")
        servers.push_back(entry.path().parent_path());
    }
  }
  return servers;
}

// Below /etc/lscp, where certificates may be; a gateway has some for the gateways of other stacks.
std::vector<std::string> PlacesOfCertificates() {
  std::vector<std::string> places = {"tls", "upstream-tls", "peer-tls"};
  for (const fs::path& stacks : Stacks()) {
    for (const auto& stack : fs::directory_iterator(stacks))
      places.push_back("neighbours/" + stack.path().filename().string());
  }
  return places;
}

// A borough's own policy, or else the development policy (gateway/policy/kustomization.yaml).
std::string PolicyOf(const fs::path& borough) {
  const fs::path own = borough / "policy.textproto";
  return fs::exists(own) ? own.string() : LSCP_SOURCE_DIR "/gateway/policy/development.textproto";
}

// A server's process with the files that its pod has, at other places.
class Server {
 public:
  explicit Server(const fs::path& folder) : name_(folder.filename()) {
    const fs::path borough = folder.parent_path();
    const auto tls = name_ == "gateway" ? pki_.Gateway(name_) : pki_.Service(name_);
    std::string config = ContentOf(folder / "config.textproto");
    for (const std::string& place : PlacesOfCertificates()) {
      absl::StrReplaceAll({{absl::StrCat("/etc/lscp/", place, "/tls.crt"), tls.certificate_file()},
                           {absl::StrCat("/etc/lscp/", place, "/tls.key"), tls.key_file()},
                           {absl::StrCat("/etc/lscp/", place, "/ca.crt"), tls.ca_file()}},
                          &config);
    }
    absl::StrReplaceAll(
        {{"/etc/lscp/config/", folder.string() + "/"},
         {"/etc/lscp/policy/policy.textproto", PolicyOf(borough)},
         {"/etc/lscp/token-issuers/", folder.string() + "/"},
         {"/usr/share/lscp/suite.binpb", LSCP_DESCRIPTOR_SET},
         {"\"0.0.0.0:8443\"", "\"127.0.0.1:0\""},
         {"\"0.0.0.0:9090\"", absl::StrCat("\"127.0.0.1:0\" port_file: \"", PortFile(), "\"")}},
        &config);
    process_ = std::make_unique<testing::ChildProcess>(
        std::vector<std::string>{absl::StrCat(LSCP_BINARY_DIR, "/lscp-", name_), "--config",
                                 pki_.WriteFile("config.textproto", config)},
        LogFile());
  }

  const std::string& name() const { return name_; }
  bool Running() { return process_->Running(); }
  std::string Log() const { return ContentOf(LogFile()); }

  // A page of the admin port, with its status in the last line; empty when nobody answers.
  std::string Page(const std::string& path) const {
    const int port = std::atoi(ContentOf(PortFile()).c_str());
    if (port == 0) return "";
    const std::string command =
        absl::StrCat("curl -s -w '\\n%{http_code}' http://127.0.0.1:", port, path);
    std::string page;
    FILE* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    size_t count;
    while (pipe && (count = fread(buffer, 1, sizeof(buffer), pipe)) > 0) page.append(buffer, count);
    if (pipe) pclose(pipe);
    return page;
  }

 private:
  std::string PortFile() const { return pki_.directory() + "/admin-port"; }
  std::string LogFile() const { return pki_.directory() + "/log"; }

  const std::string name_;
  testing::TestPki pki_;
  std::unique_ptr<testing::ChildProcess> process_;
};

// The metrics that an autoscaler asks for, in the text of its manifest.
std::vector<std::string> MetricsAskedOf(const std::string& server) {
  const fs::path file =
      kManifests / "base" /
      (server == "gateway" ? "gateway/calls-in-flight.yaml" : "service/busy-workers.yaml");
  const std::string text = ContentOf(file);
  const std::string before = "metric: { name: ";
  std::vector<std::string> metrics;
  for (size_t at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
    const size_t from = at + before.size();
    metrics.push_back(text.substr(from, text.find(' ', from) - from));
  }
  return metrics;
}

TEST(EveryConfigurationInTheManifests, IsTakenByItsBinary) {
  const std::vector<fs::path> servers = Servers();
  ASSERT_FALSE(servers.empty());
  for (const fs::path& folder : servers) {
    SCOPED_TRACE(folder);
    Server server(folder);
    const auto lives = [&] {
      return !server.Running() || server.Page("/livez").ends_with("\n200");
    };
    EXPECT_TRUE(WaitUntil(lives, absl::Minutes(2))) << server.Log();
    ASSERT_TRUE(server.Running()) << server.Log();
    EXPECT_TRUE(WaitUntil(
        [&] { return server.Page("/readyz").ends_with("\n503") || server.name() == "gateway"; }));
    const std::vector<std::string> metrics = MetricsAskedOf(server.name());
    EXPECT_FALSE(metrics.empty());
    for (const std::string& metric : metrics) {
      const std::string line = absl::StrCat("\n", metric, " ");
      EXPECT_TRUE(WaitUntil([&] { return absl::StrContains(server.Page("/metrics"), line); }))
          << metric << "\n"
          << server.Log();
    }
  }
}

}  // namespace
}  // namespace lscp::tests
