#include "gateway/test_gateway.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gateway/test_contract.h"
#include "google/protobuf/text_format.h"
#include "grpc/health/v1/health.pb.h"

namespace lscp::gateway {
namespace {

constexpr char kIssuer[] = "https://id.invented.example";
constexpr char kAudience[] = "lscp-test";
constexpr char kPolicy[] = R"(
  roles { name: "all" permissions: "things.*" }
  agencies { id: "school" grants { boroughs: ["barnet", "enfield"] system_roles: "all"
                                   person_roles: "all" } }
  agencies { id: "police" }
)";

}  // namespace

GatewayTest::GatewayTest() {
  backend_ = std::make_unique<TestBackend>(pki_.Service("things"));
  config_.mutable_server()->set_address("127.0.0.1:0");
  *config_.mutable_server()->mutable_tls() = pki_.Gateway("barnet");
  config_.mutable_server()->set_reflection(true);
  config_.set_policy_file(pki_.WriteFile("policy.textproto", kPolicy));
  config_.set_descriptor_file(pki_.WriteFile("suite.binpb", TestContract().SerializeAsString()));
  auto* route = config_.add_routes();
  route->set_service("things");
  route->add_packages("example.v1");
  route->add_boroughs("barnet");
  route->set_target(absl::StrCat("127.0.0.1:", backend_->port()));
  route->set_tls_server_name("localhost");
  auto* issuer = config_.add_token_issuers();
  issuer->set_issuer(kIssuer);
  issuer->set_audience(kAudience);
  issuer->set_jwks_file(
      pki_.WriteFile("keys.json", TokenMint::FromPem(token_key_, "key-1")->Jwks()));
}

GatewayTest::~GatewayTest() {
  if (backend_) backend_->Release();
}

void GatewayTest::Start() {
  auto gateway = Gateway::Start(config_, metrics_);
  ASSERT_TRUE(gateway.ok()) << gateway.status();
  gateway_ = *std::move(gateway);
  ASSERT_TRUE(Eventually([&] { return Healthy("example.v1.Things"); }));
}

std::unique_ptr<Gateway> GatewayTest::StartAnother(safeguarding::config::v1::GatewayConfig config,
                                                   Metrics& metrics) {
  auto gateway = Gateway::Start(std::move(config), metrics);
  EXPECT_TRUE(gateway.ok()) << gateway.status();
  return gateway.ok() ? *std::move(gateway) : nullptr;
}

std::string GatewayTest::Token(const std::string& agency, const std::string& person,
                               absl::Duration age) {
  const absl::Time issued_at = absl::Now() - age;
  return *TokenMint::FromPem(token_key_, "key-1")
              ->Mint({.issuer = kIssuer,
                      .audience = kAudience,
                      .person = person,
                      .agency = agency,
                      .team = "front door",
                      .roles = {"all"},
                      .issued_at = issued_at,
                      .expires_at = issued_at + absl::Minutes(10)});
}

MetadataList GatewayTest::With(MetadataList more) {
  more.insert(more.begin(), {{"lscp-borough", "barnet"}, {"lscp-purpose", "safeguarding"}});
  return more;
}

safeguarding::internal::v1::CallerContext GatewayTest::CallerOf(const TestBackend::Seen& call) {
  safeguarding::internal::v1::CallerContext caller;
  EXPECT_EQ(call.metadata.count("lscp-caller-bin"), 1u);
  const auto found = call.metadata.find("lscp-caller-bin");
  EXPECT_TRUE(found != call.metadata.end() && caller.ParseFromString(found->second));
  return caller;
}

bool GatewayTest::Healthy(const std::string& service) {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  const TestReply answer =
      Client().Call("/grpc.health.v1.Health/Check", request.SerializeAsString(), {});
  grpc::health::v1::HealthCheckResponse reply;
  return answer.status.ok() && reply.ParseFromString(answer.reply) &&
         reply.status() == grpc::health::v1::HealthCheckResponse::SERVING;
}

}  // namespace lscp::gateway
