#include "gateway/limits.h"

#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace lscp::gateway {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

int TakenAt(RateLimit& limit, const std::string& agency, absl::Time now) {
  int taken = 0;
  while (limit.Take(agency, now).ok()) ++taken;
  return taken;
}

bool HasRetryInfo(const absl::Status& status) {
  return status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value();
}

TEST(RateLimit, ABurstOfTwoSecondsWorthIsLetThroughAndThenTheRate) {
  RateLimit limit(10);
  EXPECT_EQ(TakenAt(limit, "school", kStart), 20);
  EXPECT_EQ(TakenAt(limit, "school", kStart + absl::Milliseconds(99)), 0);
  EXPECT_EQ(TakenAt(limit, "school", kStart + absl::Milliseconds(101)), 1);
  EXPECT_EQ(TakenAt(limit, "school", kStart + absl::Milliseconds(1102)), 10);
  EXPECT_EQ(TakenAt(limit, "school", kStart + absl::Hours(1)), 20);
}

TEST(RateLimit, AgenciesDoNotUseUpEachOthersRate) {
  RateLimit limit(1);
  EXPECT_EQ(TakenAt(limit, "school", kStart), 2);
  EXPECT_EQ(TakenAt(limit, "police", kStart), 2);
}

TEST(RateLimit, ARefusalSaysWhenToComeBack) {
  RateLimit limit(1);
  TakenAt(limit, "school", kStart);
  const absl::Status refused = limit.Take("school", kStart);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(refused), reason::ERROR_REASON_RATE_LIMITED);
  EXPECT_TRUE(HasRetryInfo(refused));
}

TEST(RateLimit, AClockThatGoesBackGivesNothingAway) {
  RateLimit limit(10);
  TakenAt(limit, "school", kStart);
  EXPECT_EQ(TakenAt(limit, "school", kStart - absl::Seconds(5)), 0);
  EXPECT_EQ(TakenAt(limit, "school", kStart), 0);
}

TEST(InFlightLimit, APlaceIsFreeAgainWhenItsSlotIsGone) {
  InFlightLimit limit(2);
  auto first = limit.Enter();
  auto second = limit.Enter();
  ASSERT_TRUE(first.ok() && second.ok());
  const auto third = limit.Enter();
  EXPECT_EQ(ReasonOf(third.status()), reason::ERROR_REASON_OVERLOADED);
  EXPECT_TRUE(HasRetryInfo(third.status()));
  EXPECT_EQ(limit.in_flight(), 2);
  {
    const InFlightLimit::Slot moved = *std::move(first);
    EXPECT_EQ(limit.in_flight(), 2);
  }
  EXPECT_EQ(limit.in_flight(), 1);
  EXPECT_TRUE(limit.Enter().ok());
}

}  // namespace
}  // namespace lscp::gateway
