#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/jwt_mint.h"
#include "common/testing/mariadb.h"
#include "common/testing/process.h"
#include "common/testing/reserved_port.h"
#include "common/testing/test_pki.h"
#include "gateway/client/channel.h"

namespace lscp::tests {

// The suite as it runs in earnest, for tests that cross processes: a MariaDB, every service, each
// with a database of its own, and the gateway as real binaries with real certificates, the policy
// and settings of this repository, on ports that nobody else is given. Ends the test process with a
// message when something cannot be started. Not thread-safe, but for its channels.
class Suite {
 public:
  static constexpr char kReferrals[] = "referrals";
  static constexpr char kChildProtection[] = "child-protection";
  static constexpr char kChildDeathReviews[] = "child-death-reviews";
  static constexpr char kChildrenInCare[] = "children-in-care";
  static constexpr std::array<const char*, 4> kServices = {kReferrals, kChildProtection,
                                                           kChildDeathReviews, kChildrenInCare};

  struct Options {
    std::vector<std::string> boroughs = {"barnet"};
    // Those that run; the others are not there at all.
    std::vector<std::string> services = {kServices.begin(), kServices.end()};
    // Name of the services' settings file; the first borough's when empty.
    std::string settings;
    // Who signs people's tokens.
    std::string issuer = "https://issuer.example/tests";
    // Lines added to the configurations; the first to every service's.
    std::string service_config;
    // A test is quicker than any agency.
    std::string gateway_config = "agency_calls_per_second: 1000000\n";
    // Whose certificates it trusts and shows; its own when null.
    const testing::TestPki* authority = nullptr;
  };
  Suite() : Suite(Options()) {}
  explicit Suite(Options options);
  ~Suite();

  // A channel to the gateway as an agency's system, or as a person of it with these roles. Each
  // call makes a connection of its own; give `purpose` for personal data.
  std::unique_ptr<client::Channel> As(const std::string& agency, const std::string& person = "",
                                      const std::vector<std::string>& roles = {});
  // What such a channel is made of, for clients in other languages.
  client::Target TargetOf(const std::string& agency, const std::string& person = "",
                          const std::vector<std::string>& roles = {});
  // A token as the tests' issuer signs it; `change` may spoil its content first.
  std::string Token(
      const std::string& agency, const std::string& person, const std::vector<std::string>& roles,
      absl::Duration valid = absl::Hours(1),
      const std::function<void(TokenContent&)>& change = [](TokenContent&) {});

  std::string gateway_endpoint() const;
  std::string service_endpoint(const std::string& service = kReferrals) const;
  const safeguarding::config::v1::TlsConfig& gateway_tls() const { return gateway_tls_; }
  const safeguarding::config::v1::TlsConfig& service_tls(
      const std::string& service = kReferrals) const {
    return services_.at(service).tls;
  }

  // SIGKILL, and gone when this returns; and started again where it was, ready when this returns.
  void KillService(const std::string& service = kReferrals);
  void StartService(const std::string& service = kReferrals);
  void KillGateway();
  void StartGateway();
  // SIGTERM; the exit code.
  int StopService(const std::string& service = kReferrals);
  int StopGateway();
  int service_pid(const std::string& service = kReferrals) const {
    return services_.at(service).process->pid();
  }
  int gateway_pid() const { return gateway_->pid(); }

  // Lines added to a process's configuration from its next start.
  void AddConfig(const std::string& process, const std::string& lines) {
    added_config_[process] += lines;
  }

  // Another policy for one process, in its file: this repository's is there from the start.
  void ReplacePolicy(const std::string& process, const std::string& policy);

  testing::TestMariaDb& mariadb() { return mariadb_; }
  testing::TestPki& pki() { return pki_; }
  // A connection as the owner of a service's schema: may do what the service may not.
  std::unique_ptr<db::Connection> OwnerConnection(const std::string& service = kReferrals);

  // Port of a process's admin pages; 0 when it has not said so yet.
  int AdminPort(const std::string& process) const;
  // Text of an admin page, e.g. AdminPage("gateway", "/metrics"); empty when it isn't served.
  std::string AdminPage(const std::string& process, const std::string& path) const;
  // What a process has logged so far.
  std::string LogOf(const std::string& process) const;

 private:
  std::string ServerBlock(const std::string& name, const safeguarding::config::v1::TlsConfig& tls);
  struct Service {
    std::unique_ptr<testing::TestDatabase> database;
    safeguarding::config::v1::TlsConfig tls;
    std::unique_ptr<testing::ChildProcess> process;
  };

  std::string ServiceConfig(const std::string& name);
  std::string GatewayConfig();
  std::unique_ptr<testing::ChildProcess> Start(const std::string& name, const std::string& config);

  const Options options_;
  std::map<std::string, std::string> added_config_;  // by process
  testing::TestPki pki_;
  testing::TestMariaDb mariadb_;
  safeguarding::config::v1::TlsConfig gateway_tls_;
  std::map<std::string, safeguarding::config::v1::TlsConfig> agency_tls_;
  std::string issuer_key_;
  // Of each process, so that one that was killed comes back where it was.
  std::map<std::string, testing::ReservedPort> ports_;
  std::map<std::string, Service> services_;  // by name
  std::unique_ptr<testing::ChildProcess> gateway_;
};

// Waits until `condition` holds, looking often, at most `limit`. Result: whether it held.
bool WaitUntil(const std::function<bool()>& condition, absl::Duration limit = absl::Seconds(30));

// The body of a page of 127.0.0.1, asked for over plain HTTP; empty unless it is 200.
std::string HttpGet(int port, const std::string& path);

}  // namespace lscp::tests
