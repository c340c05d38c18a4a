#include "child_protection/set_up.h"

#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace lscp::child_protection {
namespace {

absl::Status SetUpFor(const std::string& borough, const std::string& settings_file) {
  safeguarding::config::v1::ServiceConfig config;
  config.add_boroughs(borough);
  config.set_settings_file(std::string(LSCP_CHILD_PROTECTION_SETTINGS) + "/" + settings_file);
  const SystemClock clock;
  ServiceContext context(&config, &clock);
  if (const absl::Status status = SetUpChildProtection(context); !status.ok()) return status;
  return context.methods().Check();
}

TEST(SetUp, RegistersEveryMethodOfTheServicesThatItServes) {
  EXPECT_EQ(SetUpFor("barnet", "barnet.textproto"), absl::OkStatus());
  EXPECT_EQ(SetUpFor("barking-and-dagenham", "barking-and-dagenham.textproto"), absl::OkStatus());
}

TEST(SetUp, NeedsSettingsOfEveryBoroughServed) {
  EXPECT_EQ(SetUpFor("camden", "barnet.textproto").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(SetUpFor("barnet", "none.textproto").ok());
}

}  // namespace
}  // namespace lscp::child_protection
