#include "common/time/convert.h"

#include <algorithm>

namespace lscp {
namespace {

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the bounds in timestamp.proto.
constexpr int64_t kFirstSecond = -62'135'596'800;
constexpr int64_t kLastSecond = 253'402'300'799;
constexpr int kNanosPerSecond = 1'000'000'000;

}  // namespace

google::type::Date DateToProto(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

std::optional<absl::CivilDay> ProtoToDate(const google::type::Date& date) {
  if (date.year() < kFirstYearOfADate || date.year() > kLastYearOfADate) return std::nullopt;
  if (date.month() < 1 || date.month() > 12 || date.day() < 1 || date.day() > 31) {
    return std::nullopt;
  }
  const absl::CivilDay day(date.year(), date.month(), date.day());
  if (day.day() != date.day()) return std::nullopt;  // normalised: there is no 31 June
  return day;
}

google::protobuf::Timestamp TimeToProto(absl::Time time) {
  const absl::Time bounded =
      std::clamp(time, absl::FromUnixSeconds(kFirstSecond),
                 absl::FromUnixSeconds(kLastSecond + 1) - absl::Nanoseconds(1));
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(bounded));
  timestamp.set_nanos(static_cast<int>(
      absl::ToInt64Nanoseconds(bounded - absl::FromUnixSeconds(timestamp.seconds()))));
  return timestamp;
}

std::optional<absl::Time> ProtoToTime(const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() < kFirstSecond || timestamp.seconds() > kLastSecond) return std::nullopt;
  if (timestamp.nanos() < 0 || timestamp.nanos() >= kNanosPerSecond) return std::nullopt;
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

}  // namespace lscp
