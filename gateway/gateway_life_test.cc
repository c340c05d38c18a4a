#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/error.h"
#include "gateway/test_gateway.h"
#include "gmock/gmock.h"

namespace lscp::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kThings[] = "example.v1.Things";

TEST_F(GatewayTest, ADrainLetsCallsFinishAndTellsWatchesToGo) {
  Start();
  TestClient client = Client();
  const auto call = client.Open("Get", With());
  ASSERT_TRUE(call->Write("hold") && call->WritesDone());
  const auto watch = client.Open("Watch", With());
  ASSERT_TRUE(watch->Write("hold"));
  ASSERT_TRUE(Eventually([&] { return backend_->seen().size() == 2; }));

  std::thread drain([&] { gateway_->Shutdown(absl::Now() + absl::Seconds(10)); });
  std::string message;
  EXPECT_FALSE(watch->Read(&message));
  EXPECT_EQ(ReasonOf(watch->Finish().status), reason::ERROR_REASON_SHUTTING_DOWN);
  backend_->Release();
  EXPECT_TRUE(call->Read(&message));
  EXPECT_EQ(message, "hold");
  EXPECT_TRUE(call->Finish().status.ok());
  drain.join();
}

TEST_F(GatewayTest, ADrainEndsAtItsDeadlineWhateverHangs) {
  Start();
  TestClient client = Client();
  const auto call = client.Open("Get", With());
  ASSERT_TRUE(call->Write("hold") && call->WritesDone());
  const auto chat = client.Open("Chat", With());
  ASSERT_TRUE(chat->Write("flood 100000 20000"));
  ASSERT_TRUE(Eventually([&] { return backend_->seen().size() == 2; }));
  gateway_->Shutdown(absl::Now() + absl::Milliseconds(200));
  EXPECT_FALSE(call->Finish().status.ok());
}

TEST_F(GatewayTest, HealthSaysWhetherTheServiceCanBeReached) {
  Start();
  EXPECT_TRUE(Healthy(""));
  backend_->SetServing(false);
  EXPECT_TRUE(Eventually([&] { return !Healthy(kThings); }));
  EXPECT_TRUE(Healthy(""));
  // A backend that says it is not serving gets no calls.
  const size_t before = backend_->seen().size();
  const TestReply answer = Client().Call("Get", "x", With());
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_BACKEND_UNAVAILABLE);
  EXPECT_EQ(backend_->seen().size(), before);
  backend_->SetServing(true);
  EXPECT_TRUE(Eventually([&] { return Healthy(kThings); }));
  gateway_->StopServing();
  EXPECT_FALSE(Healthy(""));
  EXPECT_FALSE(Healthy(kThings));
}

TEST_F(GatewayTest, AServiceThatWentAndCameBackIsFoundAgain) {
  Start();
  TestClient client = Client();
  const int port = backend_->port();
  backend_.reset();
  const TestReply answer = client.Call("Get", "x", With());
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_BACKEND_UNAVAILABLE);
  EXPECT_THAT(std::string(answer.status.message()), Not(HasSubstr("127.0.0.1")));
  EXPECT_TRUE(Eventually([&] { return !Healthy(kThings); }));
  backend_ = std::make_unique<TestBackend>(pki_.Service("things"), port);
  EXPECT_TRUE(Eventually([&] { return client.Call("Get", "x", With()).status.ok(); }));
}

TEST_F(GatewayTest, AServiceOfAnotherAuthorityIsNotTrusted) {
  ::lscp::testing::TestPki other;
  auto tls = other.Service("things");
  tls.set_ca_file(pki_.directory() + "/ca.pem");
  TestBackend impostor(tls);
  config().mutable_routes(0)->add_boroughs("camden");
  *config().add_routes() = config().routes(0);
  config().mutable_routes(0)->clear_boroughs();
  config().mutable_routes(0)->add_boroughs("enfield");
  config().mutable_routes(0)->set_target(absl::StrCat("127.0.0.1:", impostor.port()));
  Start();
  const TestReply answer =
      Client().Call("Get", "x", {{"lscp-borough", "enfield"}, {"lscp-purpose", "safeguarding"}});
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_BACKEND_UNAVAILABLE) << answer.status;
  EXPECT_TRUE(impostor.seen().empty());
}

TEST_F(GatewayTest, AConnectionEndsForItsAgeWithoutALostCall) {
  config().mutable_server()->set_max_connection_age_seconds(1);
  config().set_agency_calls_per_second(1'000'000);
  Start();
  TestClient client = Client();
  const auto held = client.Open("Get", With());
  ASSERT_TRUE(held->Write("hold") && held->WritesDone());
  const absl::Time end = absl::Now() + absl::Milliseconds(1'500);
  for (int i = 0; absl::Now() < end; ++i) {
    const TestReply answer = client.Call("Get", "x", With());
    ASSERT_TRUE(answer.status.ok()) << answer.status << " of call " << i;
  }
  backend_->Release();
  std::string message;
  EXPECT_TRUE(held->Read(&message));
  EXPECT_TRUE(held->Finish().status.ok());
}

TEST_F(GatewayTest, AWatchOfHealthIsToldOfADrain) {
  Start();
  TestClient client = Client();
  const auto watch = client.Open("/grpc.health.v1.Health/Watch", {});
  std::string message;
  ASSERT_TRUE(watch->Write("") && watch->WritesDone());
  ASSERT_TRUE(watch->Read(&message));
  gateway_->StopServing();
  ASSERT_TRUE(watch->Read(&message));
  const absl::Time before = absl::Now();
  gateway_->Shutdown(before + absl::Seconds(10));
  while (watch->Read(&message)) continue;
  EXPECT_EQ(watch->Finish().status.code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(absl::Now(), before + absl::Seconds(9));
}

// A call for barnet that arrives at enfield's gateway, which sends it on to barnet's. Each has an
// authority of its own; barnet's has made a certificate for enfield's gateway.
TEST_F(GatewayTest, AnotherBoroughsGatewayChecksForItself) {
  Start();
  auto enfield_config = config();
  ::lscp::testing::TestPki theirs;
  *enfield_config.mutable_server()->mutable_tls() = theirs.Gateway("enfield");
  *enfield_config.mutable_routes(0)->mutable_tls() = pki_.Gateway("enfield");
  enfield_config.mutable_routes(0)->set_gateway(true);
  enfield_config.mutable_routes(0)->set_target(absl::StrCat("127.0.0.1:", gateway_->port()));
  enfield_config.set_policy_file(pki_.WriteFile("lax.textproto", R"(
      roles { name: "all" permissions: "things.*" }
      agencies { id: "school" grants { boroughs: "*" system_roles: "all" person_roles: "all" } }
      agencies { id: "police" grants { boroughs: "*" system_roles: "all" } })"));
  Metrics metrics;
  const auto enfield = StartAnother(enfield_config, metrics);
  ASSERT_NE(enfield, nullptr);

  TestClient school(enfield->port(), theirs.Agency("school"));
  const MetadataList metadata = With({{"authorization", "Bearer " + Token("school", "ann")}});
  ASSERT_TRUE(Eventually([&] { return school.Call("Decide", "x", metadata).status.ok(); }));
  const auto caller = CallerOf(backend_->seen().back());
  EXPECT_EQ(caller.agency(), "school");
  EXPECT_EQ(caller.person(), "ann");
  EXPECT_EQ(caller.purpose(), "safeguarding");

  const size_t before = backend_->seen().size();
  TestClient police(enfield->port(), theirs.Agency("police"));
  const TestReply denied = police.Call("Get", "x", With());
  EXPECT_EQ(ReasonOf(denied.status), reason::ERROR_REASON_PERMISSION_DENIED) << denied.status;
  EXPECT_EQ(backend_->seen().size(), before);
}

TEST_F(GatewayTest, AConfigurationThatCannotWorkIsRefused) {
  Metrics metrics;
  auto broken = config();
  broken.set_descriptor_file("/no/such/file");
  EXPECT_FALSE(Gateway::Start(broken, metrics).ok());
  broken = config();
  broken.set_policy_file(pki_.WriteFile("bad.textproto", "roles {"));
  EXPECT_FALSE(Gateway::Start(broken, metrics).ok());
  broken = config();
  broken.mutable_server()->mutable_tls()->set_key_file("/no/such/key");
  EXPECT_FALSE(Gateway::Start(broken, metrics).ok());
  broken = config();
  broken.mutable_routes(0)->mutable_tls()->set_key_file("/no/such/key");
  EXPECT_FALSE(Gateway::Start(broken, metrics).ok());
}

}  // namespace
}  // namespace lscp::gateway
