#include "common/time/convert.h"

#include <gtest/gtest.h>

#include <limits>

namespace lscp {
namespace {

google::type::Date Date(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

google::protobuf::Timestamp Timestamp(int64_t seconds, int nanos) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(nanos);
  return timestamp;
}

TEST(Dates, RealOnesGoThereAndBack) {
  for (const absl::CivilDay day :
       {absl::CivilDay(1900, 1, 1), absl::CivilDay(2024, 2, 29), absl::CivilDay(2200, 12, 31)}) {
    EXPECT_EQ(ProtoToDate(DateToProto(day)), day);
  }
}

TEST(Dates, IncompleteAndImpossibleOnesAreNone) {
  constexpr int kMost = std::numeric_limits<int>::max();
  constexpr int kLeast = std::numeric_limits<int>::min();
  for (const auto& date :
       {Date(0, 0, 0), Date(2024, 0, 0), Date(2024, 5, 0), Date(0, 5, 3), Date(2023, 2, 29),
        Date(2100, 2, 29), Date(2024, 6, 31), Date(2024, 13, 1), Date(2024, -1, 1),
        Date(1899, 12, 31), Date(2201, 1, 1), Date(kMost, kMost, kMost),
        Date(kLeast, kLeast, kLeast), Date(2024, 1, 256 + 1)}) {
    EXPECT_EQ(ProtoToDate(date), std::nullopt) << date.ShortDebugString();
  }
}

TEST(Timestamps, GoThereAndBackBeforeTheEpochToo) {
  for (const absl::Time time :
       {absl::UnixEpoch(), absl::FromUnixNanos(-1), absl::FromUnixMicros(1'719'792'000'123'456)}) {
    EXPECT_EQ(ProtoToTime(TimeToProto(time)), time);
  }
  EXPECT_EQ(TimeToProto(absl::FromUnixNanos(-1)).nanos(), 999'999'999);
}

TEST(Timestamps, OutOfRangeAreNoneAndTimesBeyondAreBounded) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  for (const auto& timestamp : {Timestamp(kMost, 0), Timestamp(-kMost - 1, 0), Timestamp(0, -1),
                                Timestamp(0, 1'000'000'000), Timestamp(253'402'300'800, 0)}) {
    EXPECT_EQ(ProtoToTime(timestamp), std::nullopt) << timestamp.ShortDebugString();
  }
  EXPECT_NE(ProtoToTime(TimeToProto(absl::InfiniteFuture())), std::nullopt);
  EXPECT_NE(ProtoToTime(TimeToProto(absl::InfinitePast())), std::nullopt);
}

}  // namespace
}  // namespace lscp
