#include "referrals/codes.h"

#include "safeguarding/options/v1/options.pb.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

const safeguarding::options::v1::CodeRule& RuleOf(const google::protobuf::EnumDescriptor* type,
                                                  int value) {
  const google::protobuf::EnumValueDescriptor* descriptor = type->FindValueByNumber(value);
  if (descriptor == nullptr) return safeguarding::options::v1::CodeRule::default_instance();
  return descriptor->options().GetExtension(safeguarding::options::v1::code);
}

}  // namespace

std::string CodeOf(const google::protobuf::EnumDescriptor* type, int value) {
  return RuleOf(type, value).code();
}

std::string TitleOf(const google::protobuf::EnumDescriptor* type, int value) {
  return RuleOf(type, value).title();
}

pb::ReferralSourceGroup SourceGroupOf(pb::ReferralSource source) {
  // The first character of the census code names the sender's sector.
  const std::string code = CodeOf(source);
  if (code == "10" || code.empty()) return pb::REFERRAL_SOURCE_GROUP_OTHER;
  switch (code[0]) {
    case '2':
      return pb::REFERRAL_SOURCE_GROUP_SCHOOL_EDUCATION;
    case '3':
      return pb::REFERRAL_SOURCE_GROUP_HEALTH;
    case '4':
    case '5':
      return pb::REFERRAL_SOURCE_GROUP_LOCAL_AUTHORITY;
    case '6':
    case '7':
      return pb::REFERRAL_SOURCE_GROUP_POLICE_LEGAL;
    default:
      return pb::REFERRAL_SOURCE_GROUP_OTHER;
  }
}

}  // namespace lscp::referrals
