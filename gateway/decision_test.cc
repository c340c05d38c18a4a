#include "gateway/decision.h"

#include <filesystem>
#include <fstream>

#include "common/status/error.h"
#include "gateway/settings.h"
#include "gateway/test_contract.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "safeguarding/internal/v1/caller.pb.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::GatewayConfig;

constexpr char kConfig[] = R"(
  server { address: "127.0.0.1:0" } policy_file: "unused" descriptor_file: "unused"
  agency_calls_per_second: 5 max_calls_in_flight: 4
  routes { service: "things" packages: "example.v1" boroughs: "barnet" target: "0" }
  routes { service: "things" packages: "example.v1" boroughs: "camden" target: "1" gateway: true }
)";
constexpr char kPolicy[] = R"(
  roles { name: "all" permissions: "things.*" }
  agencies { id: "school" grants { boroughs: "barnet" boroughs: "camden" boroughs: "enfield"
                                   system_roles: "all" } }
)";

class Decides : public testing::Test {
 protected:
  Decides() {
    GatewayConfig config;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kConfig, &config));
    config_ = *Complete(config);
    routes_ = *RouteTable::Create(config_.routes());
    policy_file_ = testing::TempDir() + "/policy." + std::to_string(getpid());
    WritePolicy(kPolicy);
    policy_ = *PolicySource::Open(policy_file_, routes_.boroughs());
    decider_ = std::make_unique<Decider>(
        config_, routes_, *policy_, [](std::string_view, absl::Time) -> absl::StatusOr<Person> {
          ++tokens_verified_;
          return absl::UnauthenticatedError("not in this test");
        });
    tokens_verified_ = 0;
  }
  ~Decides() override { std::filesystem::remove(policy_file_); }

  // A new file in the old one's place, as a mounted ConfigMap changes.
  void WritePolicy(const std::string& text) {
    std::ofstream(policy_file_ + ".new") << text;
    std::filesystem::rename(policy_file_ + ".new", policy_file_);
  }

  absl::StatusOr<Decision> Decide(MetadataView metadata,
                                  const std::string& peer = "spiffe://lscp/agency/school") {
    record_ = CallRecord();
    metadata.emplace_back("lscp-purpose", "safeguarding");
    const Arrival arrival{peer, std::move(metadata), absl::InfiniteFuture(), now_};
    return decider_->Decide(*methods_.Find("/example.v1.Things/Get"), arrival, record_);
  }

  static std::string ValueOf(const Decision& decision, const std::string& key) {
    std::string values;
    for (const auto& [name, value] : decision.metadata) {
      if (name == key) values += value + ";";
    }
    return values;
  }

  static inline int tokens_verified_ = 0;
  const MethodTable methods_ = TestMethods();
  GatewayConfig config_;
  RouteTable routes_ = *RouteTable::Create({});
  std::string policy_file_;
  std::unique_ptr<PolicySource> policy_;
  std::unique_ptr<Decider> decider_;
  CallRecord record_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(Decides, WhereACallGoesAndWhatTravelsWithIt) {
  constexpr char kParent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto decision = Decide({{"lscp-borough", "barnet"},
                                {"lscp-caller-bin", "spoofed"},
                                {"traceparent", kParent},
                                {"x-mine", "1"}});
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->route, 0u);
  EXPECT_EQ(decision->deadline, now_ + absl::Milliseconds(9'980));
  EXPECT_EQ(ValueOf(*decision, "x-mine"), "1;");
  EXPECT_EQ(ValueOf(*decision, "lscp-borough"), "barnet;");
  const std::string traceparent = ValueOf(*decision, "traceparent");
  EXPECT_EQ(traceparent.substr(0, 36), std::string(kParent).substr(0, 36));
  EXPECT_NE(traceparent.substr(36, 16), std::string(kParent).substr(36, 16));

  for (const auto& [key, value] : decision->metadata) {
    if (key != "lscp-caller-bin") continue;
    safeguarding::internal::v1::CallerContext caller;
    ASSERT_TRUE(caller.ParseFromString(value));
    EXPECT_EQ(caller.agency(), "school");
    EXPECT_EQ(caller.purpose(), "safeguarding");
    ASSERT_EQ(caller.grants_size(), 1);
    EXPECT_EQ(caller.grants(0).borough(), "barnet");
  }
  EXPECT_EQ(record_.agency, "school");
  EXPECT_EQ(record_.borough, "barnet");
  EXPECT_EQ(record_.trace_id, "0af7651916cd43dd8448eb211c80319c");
}

TEST_F(Decides, ARouteToNowhereIsRefused) {
  EXPECT_EQ(ReasonOf(Decide({{"lscp-borough", "enfield"}}).status()),
            reason::ERROR_REASON_NO_ROUTE);
}

TEST_F(Decides, ACallFromAGatewayDoesNotGoToAnother) {
  safeguarding::internal::v1::CallerContext caller;
  caller.set_agency("school");
  const std::string bytes = caller.SerializeAsString();
  const char* peer = "spiffe://lscp/gateway/west";
  EXPECT_EQ(Decide({{"lscp-borough", "camden"}})->route, 1u);
  EXPECT_EQ(
      ReasonOf(Decide({{"lscp-borough", "camden"}, {"lscp-caller-bin", bytes}}, peer).status()),
      reason::ERROR_REASON_NO_ROUTE);
  EXPECT_EQ(Decide({{"lscp-borough", "barnet"}, {"lscp-caller-bin", bytes}}, peer)->route, 0u);
}

TEST_F(Decides, TheRateAndTheSizeAreCheckedBeforeATokenIsVerified) {
  const std::string long_value(9'000, 'x');
  EXPECT_EQ(ReasonOf(Decide({{"authorization", "Bearer t"}, {"k", long_value}}).status()),
            reason::ERROR_REASON_TOO_LARGE);
  while (Decide({{"lscp-borough", "barnet"}}).ok()) {
  }
  EXPECT_EQ(ReasonOf(Decide({{"authorization", "Bearer t"}}).status()),
            reason::ERROR_REASON_RATE_LIMITED);
  EXPECT_EQ(tokens_verified_, 0);
}

TEST_F(Decides, CallsUnderWayAreCounted) {
  std::vector<Decision> under_way;
  while (true) {
    auto decision = Decide({{"lscp-borough", "barnet"}});
    if (!decision.ok()) {
      EXPECT_EQ(ReasonOf(decision.status()), reason::ERROR_REASON_OVERLOADED);
      break;
    }
    under_way.push_back(*std::move(decision));
  }
  EXPECT_EQ(under_way.size(), 4u);
  EXPECT_EQ(decider_->in_flight(), 4);
  under_way.clear();
  EXPECT_EQ(decider_->in_flight(), 0);
}

TEST_F(Decides, LabelsCannotBeInvented) {
  EXPECT_FALSE(Decide({{"lscp-borough", "made-up"}}, "spiffe://lscp/agency/made-up-agency").ok());
  EXPECT_EQ(record_.agency, "unknown");
  EXPECT_EQ(record_.borough, "unknown");
}

TEST_F(Decides, AChangedPolicyIsInForceAndABrokenOneIsNot) {
  EXPECT_FALSE(policy_->Refresh());
  WritePolicy("roles { name: 'all' ");
  EXPECT_FALSE(policy_->Refresh());
  EXPECT_TRUE(Decide({{"lscp-borough", "barnet"}}).ok());
  WritePolicy(R"(agencies { id: "school" })");
  EXPECT_TRUE(policy_->Refresh());
  EXPECT_EQ(ReasonOf(Decide({{"lscp-borough", "barnet"}}).status()),
            reason::ERROR_REASON_PERMISSION_DENIED);
}

}  // namespace
}  // namespace lscp::gateway
