#include "gateway/routes.h"

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::GatewayConfig;

constexpr char kRoutes[] = R"(
  routes { service: "referrals" packages: "a.v1" packages: "timescales.v1" boroughs: "barnet"
           target: "0" }
  routes { service: "referrals" packages: "a.v1" packages: "timescales.v1" target: "1" }
  routes { service: "deaths" packages: "b.v1" packages: "timescales.v1"
           boroughs: ["barking", "havering"] target: "2" }
  routes { service: "deaths" packages: "b.v1" boroughs: "camden" target: "3" gateway: true }
)";

RouteTable Table(const std::string& text = kRoutes) {
  GatewayConfig config;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &config));
  const auto table = RouteTable::Create(config.routes());
  EXPECT_TRUE(table.ok()) << table.status();
  return *table;
}

struct Case {
  const char* package;
  std::vector<std::string> boroughs;
  const char* service;
  int route;  // -1: none
  absl::StatusCode error = absl::StatusCode::kUnimplemented;
};

class FindsRoute : public testing::TestWithParam<Case> {};

TEST_P(FindsRoute, ByPackageAndBorough) {
  const Case& call = GetParam();
  const auto route = Table().Find(call.package, call.boroughs, call.service);
  if (call.route >= 0) {
    ASSERT_TRUE(route.ok()) << route.status();
    EXPECT_EQ(*route, static_cast<size_t>(call.route));
  } else {
    EXPECT_EQ(route.status().code(), call.error) << route.status();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Routes, FindsRoute,
    testing::Values(Case{"a.v1", {"barnet"}, "", 0}, Case{"a.v1", {"enfield"}, "", 1},
                    Case{"a.v1", {"enfield", "haringey"}, "", 1},
                    Case{"a.v1", {"barnet", "enfield"}, "", -1},  // served in different places
                    Case{"b.v1", {"barking", "havering"}, "", 2}, Case{"b.v1", {"camden"}, "", 3},
                    Case{"b.v1", {"enfield", "havering", "barking"}, "", 2},  // enfield elsewhere
                    Case{"b.v1", {"enfield", "hackney"}, "", -1},
                    Case{"b.v1", {"havering", "camden"}, "", -1},  // served in different places
                    Case{"b.v1", {"enfield"}, "", -1}, Case{"c.v1", {"barnet"}, "", -1},
                    Case{"a.v1", {}, "", -1}, Case{"timescales.v1", {"enfield"}, "", 1},
                    Case{"timescales.v1", {"barking"}, "referrals", 1},
                    Case{"timescales.v1", {"barking"}, "deaths", 2},
                    Case{"timescales.v1", {"barking"}, "", -1, absl::StatusCode::kInvalidArgument},
                    Case{"timescales.v1", {"barnet"}, "deaths", -1},
                    Case{"a.v1", {"barnet"}, "deaths", -1}));

TEST(RouteTable, ARefusalHasAReason) {
  EXPECT_EQ(ReasonOf(Table().Find("c.v1", {"barnet"}, "").status()), reason::ERROR_REASON_NO_ROUTE);
}

TEST(RouteTable, TwoRoutesForTheSameAreRefused) {
  GatewayConfig config;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(routes { service: "x" packages: "a.v1" target: "0" }
         routes { service: "x" packages: "a.v1" target: "1" })",
      &config));
  EXPECT_EQ(RouteTable::Create(config.routes()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(RouteTable, KnowsWhoServesAPackageAndWhichBoroughsAreNamed) {
  const RouteTable table = Table();
  EXPECT_THAT(table.Serving("timescales.v1"), testing::ElementsAre(0, 1, 2));
  EXPECT_THAT(table.boroughs(), testing::ElementsAre("barking", "barnet", "camden", "havering"));
}

}  // namespace
}  // namespace lscp::gateway
