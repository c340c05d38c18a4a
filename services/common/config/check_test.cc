#include "common/config/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/load.h"

namespace lscp {
namespace {

using safeguarding::config::v1::GatewayConfig;
using safeguarding::config::v1::ServiceConfig;
using ::testing::HasSubstr;

constexpr char kServer[] = R"(
  server {
    address: "0.0.0.0:8443"
    tls { certificate_file: "c.pem" key_file: "k.pem" ca_file: "ca.pem" }
  }
  admin { address: ":0" }
  policy_file: "policy.textproto"
)";

constexpr char kService[] = R"(
  database { host: "unix:///run/db.sock" schema: "trial" user: "trial" }
  boroughs: "north"
  subscribers { name: "other" target: "dns:///other:8443" event_types: "thing.*" }
)";

constexpr char kGateway[] = R"(
  descriptor_file: "suite.binpb"
  routes { service: "things" packages: "trial.things.v1" target: "dns:///things:8443" }
  routes { service: "things" packages: "trial.things.v1" boroughs: "south" target: "dns:///south:8443" gateway: true }
  token_issuers { issuer: "https://id.example" audience: "lscp" jwks_file: "keys.json" }
)";

template <typename Config>
Config Parse(const std::string& text) {
  Config config;
  EXPECT_TRUE(ParseTextProto(text, "config", config).ok()) << text;
  return config;
}

// The sound configuration with more merged into it.
ServiceConfig ServiceWith(const std::string& more) {
  auto config = Parse<ServiceConfig>(std::string(kServer) + kService);
  config.MergeFrom(Parse<ServiceConfig>(more));
  return config;
}

GatewayConfig GatewayWith(const std::string& more) {
  auto config = Parse<GatewayConfig>(std::string(kServer) + kGateway);
  config.MergeFrom(Parse<GatewayConfig>(more));
  return config;
}

struct Case {
  const char* more;
  const char* violation;
};

TEST(CheckServiceConfig, ASoundOnePasses) {
  for (const char* more :
       {"", R"(database { host: "tcp://db.example:3306" })", R"(boroughs: "south" workers: 16)"}) {
    EXPECT_TRUE(CheckServiceConfig(ServiceWith(more)).ok())
        << CheckServiceConfig(ServiceWith(more));
  }
}

TEST(CheckServiceConfig, EachMistakeIsNamed) {
  const Case kCases[] = {
      {R"(server { address: "8443" })", "server.address: is not host:port"},
      {R"(admin { address: "x:y" })", "admin.address: is not host:port"},
      {R"(server { max_message_bytes: 99999999 })", "server.max_message_bytes: is more than"},
      {R"(server { drain_delay_seconds: 601 })", "server.drain_delay_seconds: is more than 600"},
      {R"(database { host: "db:3306" })", "database.host: is neither"},
      {R"(database { host: "tcp://db" })", "database.host: is not tcp://host:port"},
      {R"(database { host: "tcp://db:0" })", "database.host: is not tcp://host:port"},
      {R"(boroughs: "north")", "boroughs: \"north\" is there twice"},
      {R"(boroughs: "North")", "boroughs: \"North\" is no id"},
      {R"(boroughs: "*")", "boroughs: \"*\" is no id"},
      {R"(workers: 257)", "workers: is more than 256"},
      {R"(queue_capacity: 100001)", "queue_capacity: is more than 100000"},
      {R"(subscribers { target: "t" })", "subscribers[1].name: is required"},
      {R"(subscribers { name: "s" })", "subscribers[1].target: is required"},
      {R"(subscribers { name: "other" target: "t" })", "subscribers[1].name: is there twice"},
      {R"(subscribers { name: "An Other" target: "t" })", "subscribers[1].name: is no id"},
      {R"(subscribers { name: "s" target: "t" boroughs: "South" })",
       "subscribers[1].boroughs: \"South\" is no id"},
      {R"(subscribers { name: "s" target: "t" event_types: "a*b" })", "subscribers[1].event_types"},
      {R"(subscribers { name: "s" target: "t" peer {} })", "subscribers[1].peer.agency: is no id"},
      {R"(subscribers { name: "s" target: "t" peer { agency: "a" } })",
       "subscribers[1].peer.tls.key_file: is required"},
      {R"(subscribers { name: "s" target: "t" peer { agency: "a" } })",
       "subscribers[1].boroughs: is required of a peer"},
      {R"(subscribers { name: "s" target: "t" boroughs: "south" peer { agency: "a" } }
          subscribers { name: "r" target: "t" boroughs: "south" peer { agency: "b" } })",
       "subscribers[1].boroughs: \"south\" has another peer"},
  };
  for (const Case& c : kCases) {
    const absl::Status status = CheckServiceConfig(ServiceWith(c.more));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.more;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.violation));
  }
}

TEST(CheckServiceConfig, AllMistakesAreListedAtOnce) {
  const std::string message(CheckServiceConfig(ServiceConfig()).message());
  for (const char* field : {"server.address", "server.tls.certificate_file", "server.tls.key_file",
                            "server.tls.ca_file", "database.host", "database.schema",
                            "database.user", "admin.address", "policy_file", "boroughs"}) {
    EXPECT_THAT(message, HasSubstr(std::string(field) + ": is required"));
  }
}

TEST(CheckGatewayConfig, ASoundOnePasses) {
  EXPECT_TRUE(CheckGatewayConfig(GatewayWith("")).ok()) << CheckGatewayConfig(GatewayWith(""));
}

TEST(CheckGatewayConfig, EachMistakeIsNamed) {
  const Case kCases[] = {
      {R"(upstream_tls { key_file: "k.pem" })", "upstream_tls.certificate_file: is required"},
      {R"(routes {})", "routes[2].service: is no id"},
      {R"(routes { service: "s" target: "t" })", "routes[2].packages: is required"},
      {R"(routes { service: "s" packages: "p" })", "routes[2].target: is required"},
      {R"(routes { service: "things" packages: "p" target: "t" })",
       "routes[2]: another route is for the same service and all other boroughs"},
      {R"(routes { service: "things" packages: "p" target: "t" boroughs: "south" })",
       "routes[2]: another route is for the same service and south"},
      {R"(routes { service: "s" packages: "p" target: "t" boroughs: "*" })", "\"*\" is no id"},
      {R"(token_issuers {})", "token_issuers[1].issuer: is required"},
      {R"(token_issuers { issuer: "https://id.example" })",
       "token_issuers[1].issuer: is there twice"},
      {R"(default_deadline_ms: 60001)", "default_deadline_ms: is more than max_deadline_ms"},
      {R"(max_deadline_ms: 3600001)", "max_deadline_ms: is more than"},
      {R"(deadline_margin_ms: 10000)", "deadline_margin_ms: leaves nothing"},
      {R"(max_attempts: 6)", "max_attempts: is more than 5"},
  };
  for (const Case& c : kCases) {
    const absl::Status status = CheckGatewayConfig(GatewayWith(c.more));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.more;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.violation));
  }
  const std::string message(CheckGatewayConfig(GatewayConfig()).message());
  for (const char* field : {"server.address", "policy_file", "descriptor_file", "routes"}) {
    EXPECT_THAT(message, HasSubstr(std::string(field) + ": is required"));
  }
}

}  // namespace
}  // namespace lscp
