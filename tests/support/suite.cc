#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/substitute.h"
#include "common/auth/jwt_mint.h"

namespace lscp::tests {
namespace {

using safeguarding::config::v1::TlsConfig;

constexpr char kAudience[] = "lscp";

// Who is told what of whose events, as in .ci/lib/config.sh.
struct Subscription {
  const char* from;
  const char* to;
  std::vector<const char*> event_types;
};
const std::vector<Subscription>& Subscriptions() {
  static const auto& all = *new std::vector<Subscription>{
      {Suite::kReferrals,
       Suite::kChildProtection,
       {"referrals.child_changed", "referrals.children_merged", "referrals.children_unmerged",
        "referrals.strategy_discussion_requested"}},
      {Suite::kReferrals,
       Suite::kChildrenInCare,
       {"referrals.child_changed", "referrals.children_merged", "referrals.children_unmerged"}},
      {Suite::kChildProtection, Suite::kChildrenInCare, {"child_protection.missing_*"}},
      {Suite::kChildrenInCare, Suite::kChildProtection, {"children_in_care.care_*"}},
      {Suite::kChildDeathReviews,
       Suite::kChildProtection,
       {"child_death_reviews.siblings_referred"}},
      {Suite::kChildProtection,
       Suite::kChildDeathReviews,
       {"child_protection.sibling_referral_decided"}},
  };
  return all;
}

std::string SubscriberBlock(const Subscription& subscription, int port) {
  std::string block = absl::Substitute(
      "subscribers { name: \"$0\" target: \"ipv4:127.0.0.1:$1\" tls_server_name: \"localhost\"\n",
      subscription.to, port);
  for (const char* type : subscription.event_types) {
    absl::SubstituteAndAppend(&block, "  event_types: \"$0\"\n", type);
  }
  return block + "}\n";
}

// What other boroughs' services say.
constexpr char kPeerEvents[] = "  packages: \"safeguarding.events.v1\"\n";

// Folders and packages have underscores where names have hyphens.
std::string FolderOf(const std::string& service) {
  return absl::StrReplaceAll(service, {{"-", "_"}});
}

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "the suite for tests cannot run: %s\n", why.c_str());
  std::abort();
}

std::string FileContent(const std::string& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string TlsBlock(const char* field, const TlsConfig& tls) {
  return absl::Substitute("$0 { certificate_file: \"$1\" key_file: \"$2\" ca_file: \"$3\" }\n",
                          field, tls.certificate_file(), tls.key_file(), tls.ca_file());
}

}  // namespace

std::string HttpGet(int port, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\nHost: localhost\r\n\r\n");
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
      char buffer[65536];
      ssize_t count;
      while ((count = recv(fd, buffer, sizeof(buffer), 0)) > 0) reply.append(buffer, count);
    }
  }
  close(fd);
  const size_t body = reply.find("\r\n\r\n");
  if (body == std::string::npos || reply.find(" 200 ") > 16) return "";
  return reply.substr(body + 4);
}

bool WaitUntil(const std::function<bool()>& condition, absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

Suite::Suite(Options options)
    : options_(std::move(options)),
      pki_(options_.authority),
      gateway_tls_(pki_.Gateway("tests")),
      issuer_key_(testing::TestPki::NewKey()) {
  const auto mint = TokenMint::FromPem(issuer_key_, "tests");
  if (!mint.ok()) Fail(mint.status().ToString());
  pki_.WriteFile("jwks.json", mint->Jwks());
  for (const std::string& name : options_.services) {
    services_[name].database = testing::TestDatabase::Empty(mariadb_);
    services_[name].tls = pki_.Service(name);
    StartService(name);
  }
  StartGateway();
}

Suite::~Suite() = default;

std::string Suite::ServerBlock(const std::string& name, const TlsConfig& tls) {
  const std::string policy = pki_.WriteFile(
      name + ".policy", FileContent(LSCP_SOURCE_DIR "/gateway/policy/development.textproto"));
  return absl::Substitute(
      "server { address: \"127.0.0.1:$0\" reflection: true $3 }\n"
      "admin { address: \"127.0.0.1:0\" port_file: \"$1/$2.admin-port\" }\n"
      "policy_file: \"$4\"\n",
      ports_[name].number(), pki_.directory(), name, TlsBlock("tls", tls), policy);
}

void Suite::ReplacePolicy(const std::string& process, const std::string& policy) {
  pki_.WriteFile(process + ".policy", policy);
}

std::string Suite::ServiceConfig(const std::string& name) {
  const Service& service = services_.at(name);
  std::string config = ServerBlock(name, service.tls);
  absl::StrAppend(&config, "database { ", service.database->config().ShortDebugString(), " }\n");
  absl::StrAppend(&config, "migrate_at_start: true\n");
  for (const std::string& borough : options_.boroughs) {
    absl::StrAppend(&config, "boroughs: \"", borough, "\"\n");
  }
  absl::StrAppend(&config, "settings_file: \"", LSCP_SOURCE_DIR, "/services/", FolderOf(name),
                  "/settings/",
                  options_.settings.empty() ? options_.boroughs.front() : options_.settings,
                  ".textproto\"\n", options_.service_config);
  for (const Subscription& subscription : Subscriptions()) {
    if (name != subscription.from) continue;
    absl::StrAppend(&config, SubscriberBlock(subscription, ports_[subscription.to].number()));
  }
  return config + added_config_[name];
}

std::string Suite::GatewayConfig() {
  std::string routes, boroughs;
  // A stack of one borough serves whoever asks; one of several says whom.
  for (const std::string& borough : options_.boroughs) {
    if (options_.boroughs.size() > 1) absl::StrAppend(&boroughs, "  boroughs: \"", borough, "\"\n");
  }
  for (const auto& [name, service] : services_) {
    absl::SubstituteAndAppend(&routes,
                              "routes { service: \"$0\" packages: \"safeguarding.$1.v1\"\n"
                              "  packages: \"safeguarding.timescales.v1\"\n"
                              "  packages: \"safeguarding.indicators.v1\"\n"
                              "  packages: \"safeguarding.audit.v1\"\n"
                              "$3$4  target: \"ipv4:$2\" tls_server_name: \"localhost\" }\n",
                              name, FolderOf(name), service_endpoint(name),
                              name == kChildProtection ? kPeerEvents : "", boroughs);
  }
  return absl::StrCat(
      ServerBlock("gateway", gateway_tls_), "descriptor_file: \"", LSCP_DESCRIPTOR_SET, "\"\n",
      routes,
      absl::Substitute("token_issuers { issuer: \"$0\" audience: \"$1\" jwks_file: \"$2\" }\n",
                       options_.issuer, kAudience, pki_.directory() + "/jwks.json"),
      options_.gateway_config, added_config_["gateway"]);
}

std::unique_ptr<testing::ChildProcess> Suite::Start(const std::string& name,
                                                    const std::string& config) {
  const std::string directory = pki_.directory();
  std::remove(absl::StrCat(directory, "/", name, ".admin-port").c_str());
  const std::string file = pki_.WriteFile(name + ".textproto", config);
  auto process = std::make_unique<testing::ChildProcess>(
      std::vector<std::string>{absl::StrCat(LSCP_BINARY_DIR, "/lscp-", name), "--config", file},
      absl::StrCat(directory, "/", name, ".log"));
  const bool ready = WaitUntil(
      [&] { return !process->Running() || !AdminPage(name, "/readyz").empty(); }, absl::Minutes(2));
  if (!ready || !process->Running()) Fail(absl::StrCat(name, ": ", LogOf(name)));
  return process;
}

void Suite::StartService(const std::string& service) {
  services_.at(service).process = Start(service, ServiceConfig(service));
}
void Suite::StartGateway() { gateway_ = Start("gateway", GatewayConfig()); }
void Suite::KillService(const std::string& service) { services_.at(service).process = nullptr; }
void Suite::KillGateway() { gateway_ = nullptr; }

int Suite::StopService(const std::string& service) {
  services_.at(service).process->Signal(SIGTERM);
  return services_.at(service).process->Wait();
}

int Suite::StopGateway() {
  gateway_->Signal(SIGTERM);
  return gateway_->Wait();
}

std::string Suite::gateway_endpoint() const {
  return absl::StrCat("127.0.0.1:", ports_.at("gateway").number());
}
std::string Suite::service_endpoint(const std::string& service) const {
  return absl::StrCat("127.0.0.1:", ports_.at(service).number());
}

std::string Suite::Token(const std::string& agency, const std::string& person,
                         const std::vector<std::string>& roles, absl::Duration valid,
                         const std::function<void(TokenContent&)>& change) {
  const auto mint = TokenMint::FromPem(issuer_key_, "tests");
  const absl::Time now = absl::Now();
  TokenContent content = {.issuer = options_.issuer,
                          .audience = kAudience,
                          .person = person,
                          .agency = agency,
                          .team = "",
                          .roles = roles,
                          .issued_at = std::min(now, now + valid) - absl::Seconds(1),
                          .expires_at = now + valid};
  change(content);
  const auto token = mint->Mint(content);
  if (!token.ok()) Fail(token.status().ToString());
  return *token;
}

client::Target Suite::TargetOf(const std::string& agency, const std::string& person,
                               const std::vector<std::string>& roles) {
  if (!agency_tls_.contains(agency)) agency_tls_[agency] = pki_.Agency(agency);
  const TlsConfig& tls = agency_tls_[agency];
  client::Target target;
  target.endpoint = gateway_endpoint();
  target.certificate_file = tls.certificate_file();
  target.key_file = tls.key_file();
  target.ca_file = tls.ca_file();
  target.tls_server_name = "localhost";
  if (!person.empty()) target.token = Token(agency, person, roles);
  target.purpose = "safeguarding";
  target.timeout = absl::Seconds(30);
  return target;
}

std::unique_ptr<client::Channel> Suite::As(const std::string& agency, const std::string& person,
                                           const std::vector<std::string>& roles) {
  auto channel = client::Channel::Open(TargetOf(agency, person, roles));
  if (!channel.ok()) Fail(channel.status().ToString());
  return *std::move(channel);
}

std::unique_ptr<db::Connection> Suite::OwnerConnection(const std::string& service) {
  auto connection = services_.at(service).database->database().ConnectAsOwner();
  if (!connection.ok()) Fail(connection.status().ToString());
  return *std::move(connection);
}

int Suite::AdminPort(const std::string& process) const {
  return std::atoi(
      FileContent(absl::StrCat(pki_.directory(), "/", process, ".admin-port")).c_str());
}

std::string Suite::AdminPage(const std::string& process, const std::string& path) const {
  const int port = AdminPort(process);
  return port == 0 ? "" : HttpGet(port, path);
}

std::string Suite::LogOf(const std::string& process) const {
  return FileContent(absl::StrCat(pki_.directory(), "/", process, ".log"));
}

}  // namespace lscp::tests
