#include "children_in_care/set_up.h"

#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace lscp::children_in_care {
namespace {

absl::Status SetUpFor(const std::vector<std::string>& boroughs, const std::string& settings_file) {
  safeguarding::config::v1::ServiceConfig config;
  config.mutable_boroughs()->Assign(boroughs.begin(), boroughs.end());
  config.set_settings_file(std::string(LSCP_CHILDREN_IN_CARE_SETTINGS) + "/" + settings_file);
  const SystemClock clock;
  ServiceContext context(&config, &clock);
  if (const absl::Status status = SetUpChildrenInCare(context); !status.ok()) return status;
  return context.methods().Check();
}

TEST(SetUp, RegistersEveryMethodOfTheServicesThatItServes) {
  EXPECT_EQ(SetUpFor({"barnet"}, "barnet.textproto"), absl::OkStatus());
  EXPECT_EQ(SetUpFor({"barking-and-dagenham"}, "barking-and-dagenham.textproto"), absl::OkStatus());
}

TEST(SetUp, NeedsSettingsOfEveryBoroughServed) {
  EXPECT_EQ(SetUpFor({"havering", "barnet"}, "barnet.textproto").code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(SetUpFor({"barnet"}, "none.textproto").ok());
}

}  // namespace
}  // namespace lscp::children_in_care
