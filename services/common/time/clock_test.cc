#include <gtest/gtest.h>

#include "common/time/clock_fake.h"

namespace lscp {
namespace {

TEST(SystemClock, GivesWhatADatabaseOfMicrosecondsGivesBack) {
  const absl::Time now = SystemClock().Now();
  EXPECT_EQ(now, absl::FromUnixMicros(absl::ToUnixMicros(now)));
  EXPECT_GT(now, absl::FromUnixSeconds(1'700'000'000));
}

TEST(FakeClock, StandsStillUntilToldOtherwise) {
  FakeClock clock(absl::UnixEpoch());
  EXPECT_EQ(clock.Now(), absl::UnixEpoch());
  clock.Advance(absl::Hours(1));
  EXPECT_EQ(clock.Now(), absl::UnixEpoch() + absl::Hours(1));
  clock.Set(absl::FromUnixSeconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(5));
}

}  // namespace
}  // namespace lscp
