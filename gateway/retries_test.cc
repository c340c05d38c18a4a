#include "gateway/retries.h"

#include "gateway/test_contract.h"
#include "gtest/gtest.h"

namespace lscp::gateway {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
double AlmostOne() { return 0.999; }
double Zero() { return 0; }

struct Case {
  const char* method;
  absl::StatusCode code;
  int made;
  absl::Duration left;
  bool again;
};

class Attempts : public testing::TestWithParam<Case> {};

TEST_P(Attempts, AgainOnlyWhereItIsSafe) {
  const MethodTable methods = TestMethods();
  const Method& method = *methods.Find(std::string("/example.v1.Things/") + GetParam().method);
  RetryBudget budget;
  const Attempt attempt{GetParam().made, GetParam().code, kNow + GetParam().left, kNow};
  EXPECT_EQ(RetryDelay(method, 3, attempt, budget, AlmostOne).has_value(), GetParam().again);
}

using absl::StatusCode;

INSTANTIATE_TEST_SUITE_P(
    Retries, Attempts,
    testing::Values(Case{"Get", StatusCode::kUnavailable, 1, absl::Seconds(1), true},
                    Case{"Change", StatusCode::kUnavailable, 1, absl::Seconds(1), true},
                    Case{"Decide", StatusCode::kUnavailable, 1, absl::Seconds(1), false},
                    Case{"Chat", StatusCode::kUnavailable, 1, absl::Seconds(1), false},
                    Case{"Get", StatusCode::kOk, 1, absl::Seconds(1), false},
                    Case{"Get", StatusCode::kInternal, 1, absl::Seconds(1), false},
                    Case{"Get", StatusCode::kDeadlineExceeded, 1, absl::Seconds(1), false},
                    Case{"Get", StatusCode::kAborted, 1, absl::Seconds(1), false},
                    Case{"Get", StatusCode::kUnavailable, 2, absl::Seconds(1), true},
                    Case{"Get", StatusCode::kUnavailable, 3, absl::Seconds(1), false},
                    Case{"Get", StatusCode::kUnavailable, 1, absl::Milliseconds(20), false}));

TEST(RetryDelay, GrowsWithTheAttemptsAndIsSpread) {
  const MethodTable methods = TestMethods();
  const Method& get = *methods.Find("/example.v1.Things/Get");
  RetryBudget budget;
  const auto delay = [&](int made, double (*random)()) {
    return *RetryDelay(get, 100, {made, StatusCode::kUnavailable, absl::InfiniteFuture(), kNow},
                       budget, random);
  };
  EXPECT_LT(delay(1, AlmostOne), absl::Milliseconds(25));
  EXPECT_GT(delay(2, AlmostOne), absl::Milliseconds(49));
  EXPECT_LE(delay(50, AlmostOne), absl::Seconds(1));
  EXPECT_EQ(delay(3, Zero), absl::Milliseconds(1));
}

TEST(RetryBudget, RetriesAreATenthOfTheCallsInTheLongRun) {
  RetryBudget budget;
  int spent = 0;
  while (budget.Spend()) ++spent;
  EXPECT_EQ(spent, 50);
  for (int i = 0; i < 105; ++i) budget.Earn();
  spent = 0;
  while (budget.Spend()) ++spent;
  EXPECT_EQ(spent, 10);
}

}  // namespace
}  // namespace lscp::gateway
