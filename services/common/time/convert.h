#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

// Dates and times as the contract has them and as the code has them. Total: any message can be
// given. Thread-safe.
namespace lscp {

// Years that a date in a request may have; what lies outside is a slip of the pen.
inline constexpr int kFirstYearOfADate = 1900;
inline constexpr int kLastYearOfADate = 2200;

google::type::Date DateToProto(absl::CivilDay day);

// Nothing unless it is a complete, real date from 1900 to 2200.
std::optional<absl::CivilDay> ProtoToDate(const google::type::Date& date);

// Times beyond what a Timestamp can hold (years 1 to 9999) become its first or last.
google::protobuf::Timestamp TimeToProto(absl::Time time);

// Nothing unless it lies in the years 1 to 9999 and its fraction is one.
std::optional<absl::Time> ProtoToTime(const google::protobuf::Timestamp& timestamp);

}  // namespace lscp
