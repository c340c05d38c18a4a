#include "common/config/check.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/observe/admin_server.h"

namespace lscp {
namespace {

namespace config = safeguarding::config::v1;

constexpr uint32_t kMostWorkers = 256;
constexpr uint32_t kLongestQueue = 100'000;
constexpr uint32_t kLargestMessage = 64 << 20;
constexpr uint32_t kLongestDrainSeconds = 600;
constexpr uint32_t kLongestDeadlineMs = 3'600'000;
constexpr size_t kLongestSubscriberName = 50;  // it is a part of its lease's name
constexpr uint32_t kMostAttempts = 5;          // as gRPC's own retries, gRFC A6

// Collects violations as "field: what".
class Violations {
 public:
  void Add(const std::string& field, std::string_view what) {
    found_.push_back(absl::StrCat(field, ": ", std::string(what)));
  }
  void Require(const std::string& field, const std::string& value) {
    if (value.empty()) Add(field, "is required");
  }
  void AtMost(const std::string& field, uint32_t value, uint32_t most) {
    if (value > most) Add(field, absl::StrCat("is more than ", most));
  }
  absl::Status Result() const {
    if (found_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("configuration: ", absl::StrJoin(found_, "; ")));
  }

 private:
  std::vector<std::string> found_;
};

std::string Indexed(const char* field, int index) { return absl::StrCat(field, "[", index, "]"); }

void CheckAddress(const std::string& field, const std::string& address, Violations& violations) {
  if (address.empty()) {
    violations.Add(field, "is required");
  } else if (!ParseHostPort(address)) {
    violations.Add(field, "is not host:port");
  }
}

void CheckTls(const std::string& field, const config::TlsConfig& tls, Violations& violations) {
  violations.Require(field + ".certificate_file", tls.certificate_file());
  violations.Require(field + ".key_file", tls.key_file());
  violations.Require(field + ".ca_file", tls.ca_file());
}

void CheckServer(const config::ServerConfig& server, Violations& violations) {
  CheckAddress("server.address", server.address(), violations);
  CheckTls("server.tls", server.tls(), violations);
  violations.AtMost("server.max_message_bytes", server.max_message_bytes(), kLargestMessage);
  violations.AtMost("server.drain_delay_seconds", server.drain_delay_seconds(),
                    kLongestDrainSeconds);
  violations.AtMost("server.drain_timeout_seconds", server.drain_timeout_seconds(),
                    kLongestDrainSeconds);
}

void CheckDatabase(const config::DatabaseConfig& database, Violations& violations) {
  const std::string& host = database.host();
  if (host.empty()) {
    violations.Add("database.host", "is required");
  } else if (host.starts_with("tcp://")) {
    const auto address = ParseHostPort(std::string_view(host).substr(6));
    if (!address || address->host.empty() || address->port == 0) {
      violations.Add("database.host", "is not tcp://host:port");
    }
  } else if (!host.starts_with("unix:///")) {
    violations.Add("database.host", "is neither unix:///path nor tcp://host:port");
  }
  violations.Require("database.schema", database.schema());
  violations.Require("database.user", database.user());
}

// Reports ids that are malformed or there twice.
void CheckIds(const std::string& field, const google::protobuf::RepeatedPtrField<std::string>& ids,
              Violations& violations) {
  std::set<std::string> seen;
  for (const std::string& id : ids) {
    if (!IsConfigId(id)) violations.Add(field, absl::StrCat("\"", id, "\" is no id"));
    if (!seen.insert(id).second) violations.Add(field, absl::StrCat("\"", id, "\" is there twice"));
  }
}

void CheckPeer(const std::string& field, const config::ServiceConfig& service,
               const config::Subscriber& subscriber, Violations& violations) {
  if (!IsConfigId(subscriber.peer().agency())) violations.Add(field + ".peer.agency", "is no id");
  CheckTls(field + ".peer.tls", subscriber.peer().tls(), violations);
  if (subscriber.boroughs().empty()) violations.Add(field + ".boroughs", "is required of a peer");
  for (const std::string& borough : subscriber.boroughs()) {
    for (const config::Subscriber& other : service.subscribers()) {
      if (&other == &subscriber || !other.has_peer()) continue;
      if (std::find(other.boroughs().begin(), other.boroughs().end(), borough) !=
          other.boroughs().end()) {
        violations.Add(field + ".boroughs", absl::StrCat("\"", borough, "\" has another peer"));
      }
    }
  }
}

void CheckSubscribers(const config::ServiceConfig& service, Violations& violations) {
  std::set<std::string> names;
  for (int i = 0; i < service.subscribers_size(); ++i) {
    const auto& subscriber = service.subscribers(i);
    const std::string field = Indexed("subscribers", i);
    violations.Require(field + ".name", subscriber.name());
    violations.Require(field + ".target", subscriber.target());
    if (!subscriber.name().empty() &&
        (!IsConfigId(subscriber.name()) || subscriber.name().size() > kLongestSubscriberName)) {
      violations.Add(field + ".name", "is no id of at most 50 characters");
    }
    CheckIds(field + ".boroughs", subscriber.boroughs(), violations);
    if (subscriber.has_peer()) CheckPeer(field, service, subscriber, violations);
    if (!names.insert(subscriber.name()).second) violations.Add(field + ".name", "is there twice");
    for (const std::string& type : subscriber.event_types()) {
      const size_t star = type.find('*');
      if (type.empty() || (star != std::string::npos && star != type.size() - 1)) {
        violations.Add(field + ".event_types", "is empty or has a \"*\" that is not its end");
      }
    }
  }
}

void CheckRoutes(const config::GatewayConfig& gateway, Violations& violations) {
  if (gateway.routes().empty()) violations.Add("routes", "is required");
  std::set<std::pair<std::string, std::string>> routed;  // service, borough; "" is all others
  for (int i = 0; i < gateway.routes_size(); ++i) {
    const auto& route = gateway.routes(i);
    const std::string field = Indexed("routes", i);
    if (!IsConfigId(route.service())) violations.Add(field + ".service", "is no id");
    if (route.packages().empty()) violations.Add(field + ".packages", "is required");
    violations.Require(field + ".target", route.target());
    CheckIds(field + ".boroughs", route.boroughs(), violations);
    std::set<std::string> boroughs(route.boroughs().begin(), route.boroughs().end());
    if (boroughs.empty()) boroughs.insert("");
    for (const std::string& borough : boroughs) {
      if (!routed.emplace(route.service(), borough).second) {
        violations.Add(field, absl::StrCat("another route is for the same service and ",
                                           borough.empty() ? "all other boroughs" : borough));
      }
    }
  }
}

void CheckIssuers(const config::GatewayConfig& gateway, Violations& violations) {
  std::set<std::string> issuers;
  for (int i = 0; i < gateway.token_issuers_size(); ++i) {
    const auto& issuer = gateway.token_issuers(i);
    const std::string field = Indexed("token_issuers", i);
    violations.Require(field + ".issuer", issuer.issuer());
    violations.Require(field + ".audience", issuer.audience());
    violations.Require(field + ".jwks_file", issuer.jwks_file());
    if (!issuers.insert(issuer.issuer()).second) {
      violations.Add(field + ".issuer", "is there twice");
    }
    CheckIds(field + ".agencies", issuer.agencies(), violations);
  }
}

void CheckDeadlines(const config::GatewayConfig& gateway, Violations& violations) {
  // What 0 means, as the proto says.
  const uint32_t usual = gateway.default_deadline_ms() ? gateway.default_deadline_ms() : 10'000;
  const uint32_t longest = gateway.max_deadline_ms() ? gateway.max_deadline_ms() : 60'000;
  const uint32_t margin = gateway.deadline_margin_ms() ? gateway.deadline_margin_ms() : 20;
  violations.AtMost("max_deadline_ms", longest, kLongestDeadlineMs);
  if (usual > longest) violations.Add("default_deadline_ms", "is more than max_deadline_ms");
  if (margin >= usual)
    violations.Add("deadline_margin_ms", "leaves nothing of default_deadline_ms");
}

}  // namespace

bool IsConfigId(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.starts_with('-') || text.ends_with('-')) {
    return false;
  }
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

absl::Status CheckServiceConfig(const config::ServiceConfig& service) {
  Violations violations;
  CheckServer(service.server(), violations);
  CheckDatabase(service.database(), violations);
  CheckAddress("admin.address", service.admin().address(), violations);
  violations.Require("policy_file", service.policy_file());
  if (service.boroughs().empty()) violations.Add("boroughs", "is required");
  CheckIds("boroughs", service.boroughs(), violations);
  violations.AtMost("workers", service.workers(), kMostWorkers);
  violations.AtMost("queue_capacity", service.queue_capacity(), kLongestQueue);
  CheckSubscribers(service, violations);
  return violations.Result();
}

absl::Status CheckGatewayConfig(const config::GatewayConfig& gateway) {
  Violations violations;
  CheckServer(gateway.server(), violations);
  CheckAddress("admin.address", gateway.admin().address(), violations);
  if (gateway.has_upstream_tls()) CheckTls("upstream_tls", gateway.upstream_tls(), violations);
  violations.Require("policy_file", gateway.policy_file());
  violations.Require("descriptor_file", gateway.descriptor_file());
  CheckRoutes(gateway, violations);
  CheckIssuers(gateway, violations);
  CheckDeadlines(gateway, violations);
  violations.AtMost("max_attempts", gateway.max_attempts(), kMostAttempts);
  return violations.Result();
}

}  // namespace lscp
