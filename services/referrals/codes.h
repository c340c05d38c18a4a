#pragma once

#include <string>

#include "google/protobuf/generated_enum_reflection.h"
#include "safeguarding/referrals/v1/codes.pb.h"

// The official codes that the contract's enum values stand for (safeguarding.options.v1.code). All
// functions are thread-safe.
namespace lscp::referrals {

// Code and title of a value; empty when it has none or is not known.
std::string CodeOf(const google::protobuf::EnumDescriptor* type, int value);
std::string TitleOf(const google::protobuf::EnumDescriptor* type, int value);

template <typename Enum>
std::string CodeOf(Enum value) {
  return CodeOf(google::protobuf::GetEnumDescriptor<Enum>(), value);
}
template <typename Enum>
std::string TitleOf(Enum value) {
  return TitleOf(google::protobuf::GetEnumDescriptor<Enum>(), value);
}

// Group under which the scorecard reports a source. What is not stated counts as other.
safeguarding::referrals::v1::ReferralSourceGroup SourceGroupOf(
    safeguarding::referrals::v1::ReferralSource source);

}  // namespace lscp::referrals
