#include "gateway/deadlines.h"

#include "common/status/error.h"
#include "gateway/settings.h"
#include "gateway/test_contract.h"
#include "gtest/gtest.h"

namespace lscp::gateway {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

safeguarding::config::v1::GatewayConfig Config() {
  safeguarding::config::v1::GatewayConfig config;
  config.set_default_deadline_ms(10'000);
  config.set_max_deadline_ms(60'000);
  config.set_deadline_margin_ms(20);
  return config;
}

struct Case {
  const char* method;
  absl::Duration asked;
  absl::Duration given;  // zero: refused
};

class Gives : public testing::TestWithParam<Case> {};

TEST_P(Gives, TheServiceItsTime) {
  const MethodTable methods = TestMethods();
  const Method& method = *methods.Find(std::string("/example.v1.Things/") + GetParam().method);
  const auto deadline = ServiceDeadline(method, Config(), kNow + GetParam().asked, kNow);
  if (GetParam().given == absl::ZeroDuration()) {
    EXPECT_EQ(ReasonOf(deadline.status()), reason::ERROR_REASON_TOO_LATE);
  } else {
    ASSERT_TRUE(deadline.ok()) << deadline.status();
    EXPECT_EQ(*deadline - kNow, GetParam().given);
  }
}

constexpr absl::Duration kNone = absl::InfiniteDuration();

INSTANTIATE_TEST_SUITE_P(Deadlines, Gives,
                         testing::Values(Case{"Get", absl::Seconds(5), absl::Milliseconds(4'980)},
                                         Case{"Get", kNone, absl::Milliseconds(9'980)},
                                         Case{"Get", absl::Hours(1), absl::Milliseconds(59'980)},
                                         Case{"Get", absl::Milliseconds(21), absl::Milliseconds(1)},
                                         Case{"Get", absl::Milliseconds(20), absl::ZeroDuration()},
                                         Case{"Get", -absl::Seconds(1), absl::ZeroDuration()},
                                         // The method's own rule goes first.
                                         Case{"Decide", kNone, absl::Milliseconds(1'980)},
                                         Case{"Decide", absl::Hours(1), absl::Milliseconds(3'980)},
                                         // A stream lasts as long as its caller wants.
                                         Case{"Watch", kNone, kNone},
                                         Case{"Watch", absl::Hours(1),
                                              absl::Hours(1) - absl::Milliseconds(20)}));

TEST(Complete, FillsWhatIsNotSet) {
  safeguarding::config::v1::GatewayConfig config;
  config.mutable_server()->set_address("127.0.0.1:0");
  config.mutable_server()->mutable_tls()->set_ca_file("ca.pem");
  config.set_policy_file("policy");
  config.set_descriptor_file("suite");
  auto* route = config.add_routes();
  route->set_service("things");
  route->add_packages("example.v1");
  route->set_target("dns:///things:8443");
  const auto complete = Complete(config);
  ASSERT_TRUE(complete.ok()) << complete.status();
  EXPECT_EQ(complete->default_deadline_ms(), 10'000u);
  EXPECT_EQ(complete->max_attempts(), 3u);
  EXPECT_EQ(complete->upstream_tls().ca_file(), "ca.pem");
  route->clear_target();
  EXPECT_EQ(Complete(config).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lscp::gateway
