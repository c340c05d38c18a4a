#include "common/rpc/event_channel.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/events/relay.h"
#include "common/events/test_support.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/host.h"
#include "common/testing/test_pki.h"

namespace lscp::rpc {
namespace {

using safeguarding::config::v1::ServerConfig;
using safeguarding::config::v1::Subscriber;
using safeguarding::config::v1::TlsConfig;
using safeguarding::events::v1::DeliverRequest;
using testing::Eventually;

constexpr char kService[] = "safeguarding.events.v1.EventSinkService";

// A service that takes events, behind the choke point and on the wire.
class Subscribed {
 public:
  explicit Subscribed(const TlsConfig& tls) {
    *config_.mutable_tls() = tls;
    config_.set_address("127.0.0.1:0");
    methods_.Of(kService, &receiver_.sink()).Write("Deliver", &EventSink::Deliver);
    EXPECT_TRUE(methods_.Check().ok()) << methods_.Check();
    pipeline_ = std::make_unique<Pipeline>(PipelineParts{.boroughs = {"northborough"},
                                                         .clock = &clock_,
                                                         .policy = [this] { return policy_; },
                                                         .validator = &validator_,
                                                         .executor = &executor_,
                                                         .disclosures = &disclosures_,
                                                         .metrics = &rpc_metrics_});
    host_ = std::make_unique<Host>(&methods_, pipeline_.get(), &feed_, "tests.safeguarding");
    StartServer();
  }
  ~Subscribed() { StopServer(); }

  void StartServer() {
    auto server = GrpcServer::Start(config_, {host_->service()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    server_->SetServing("", true);
    config_.set_address(absl::StrCat("127.0.0.1:", server_->port()));
  }
  void StopServer() {
    if (server_) server_->Shutdown(absl::Now() + absl::Seconds(5));
    server_.reset();
  }

  testing::Receiver& receiver() { return receiver_; }
  Subscriber AsSubscriber() const {
    Subscriber subscriber;
    subscriber.set_name("receiver");
    subscriber.set_target("ipv4:" + config_.address());
    subscriber.set_tls_server_name("localhost");
    return subscriber;
  }

 private:
  testing::Receiver receiver_;
  ServerConfig config_;
  Methods methods_;
  const SystemClock clock_;
  const std::shared_ptr<const Policy> policy_ = std::make_shared<const Policy>(*Policy::Create({}));
  const Validator validator_;
  Metrics metrics_;
  const std::vector<RpcMethod> metered_ = {{"unary", kService, "Deliver"}};
  RpcMetrics rpc_metrics_{metrics_, RpcMetrics::Side::kServer, metered_};
  Disclosures disclosures_{&receiver_.database().database()};
  Feed feed_{&receiver_.database().database()};
  Executor executor_{&receiver_.database().database(), 2, 8};
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<Host> host_;
  std::unique_ptr<GrpcServer> server_;
};

class EventChannelTest : public ::testing::Test {
 protected:
  std::unique_ptr<EventChannel> Open(const TlsConfig& tls) {
    auto channel = OpenEventChannel("sender", subscribed_.AsSubscriber(), tls);
    EXPECT_TRUE(channel.ok()) << channel.status();
    return *std::move(channel);
  }
  static DeliverRequest OneStep(const std::string& borough = "northborough") {
    DeliverRequest request;
    request.set_parent("boroughs/" + borough);
    request.set_request_id("00000000-0000-4000-8000-000000000001");
    DeliveredEvent& event = *request.add_events();
    event.set_id("sender/" + borough + "/1");
    event.set_type(testing::kStepped);
    event.set_subject("boroughs/" + borough + "/subjects/one");
    event.mutable_content()->PackFrom(testing::Step(1));
    return request;
  }
  static absl::Status Deliver(EventChannel& channel, const DeliverRequest& request) {
    return channel.Deliver(request, absl::Now() + absl::Seconds(20));
  }

  testing::TestPki pki_;
  Subscribed subscribed_{pki_.Service("receiver")};
};

TEST_F(EventChannelTest, ASiblingServicesEventsAreTaken) {
  const auto channel = Open(pki_.Service("sender"));
  const absl::Status status = Deliver(*channel, OneStep());
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(subscribed_.receiver().Steps("one"), 1);
  EXPECT_EQ(
      subscribed_.receiver().Number("SELECT COUNT(*) FROM journal WHERE agency = 'service.sender'"),
      1);
}

TEST_F(EventChannelTest, NobodyElseMayDeliver) {
  for (const TlsConfig& tls : {pki_.Gateway("gateway"), pki_.Agency("an-agency")}) {
    EXPECT_TRUE(absl::IsUnauthenticated(Deliver(*Open(tls), OneStep())));
  }
  testing::TestPki others;
  EXPECT_TRUE(absl::IsUnavailable(Deliver(*Open(others.Service("sender")), OneStep())));
  EXPECT_EQ(subscribed_.receiver().Steps("one"), 0);
}

TEST_F(EventChannelTest, RefusalsArriveAsWhatTheyAre) {
  const auto channel = Open(pki_.Service("sender"));
  DeliverRequest malformed = OneStep();
  malformed.mutable_events(0)->set_id("no id");
  EXPECT_TRUE(absl::IsInvalidArgument(Deliver(*channel, malformed)));
  EXPECT_TRUE(absl::IsPermissionDenied(Deliver(*channel, OneStep("southborough"))));
}

TEST_F(EventChannelTest, AfterCancelNothingIsDelivered) {
  const auto channel = Open(pki_.Service("sender"));
  channel->Cancel();
  EXPECT_TRUE(absl::IsCancelled(Deliver(*channel, OneStep())));
  EXPECT_EQ(subscribed_.receiver().Steps("one"), 0);
}

TEST_F(EventChannelTest, ARelayDeliversThroughARestartOfTheSubscriber) {
  testing::TestDatabase sender;
  Feed feed(&sender.database());
  db::Session session(&sender.database());
  Relay::Options options;
  options.service = "sender";
  options.subscriber = subscribed_.AsSubscriber();
  std::atomic<int> failures = 0;
  const Relay relay(
      &sender.database(), &feed, Open(pki_.Service("sender")), options,
      [&](const Relay::Progress& progress) { failures += progress.failure.ok() ? 0 : 1; });
  const auto step = [&](int number) {
    testing::Publish(session, "one", number);
    testing::Seal(sender);
  };
  for (int i = 1; i <= 5; ++i) step(i);
  ASSERT_TRUE(Eventually([&] { return subscribed_.receiver().Steps("one") == 5; }));
  subscribed_.StopServer();
  step(6);
  ASSERT_TRUE(Eventually([&] { return failures > 0; }));
  subscribed_.StartServer();
  step(7);
  EXPECT_TRUE(Eventually([&] { return subscribed_.receiver().Steps("one") == 7; }));
}

}  // namespace
}  // namespace lscp::rpc
