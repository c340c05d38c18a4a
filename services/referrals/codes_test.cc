#include "referrals/codes.h"

#include <map>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

TEST(Codes, AValueGivesItsOfficialCodeAndTitle) {
  EXPECT_EQ(CodeOf(pb::REFERRAL_SOURCE_SCHOOL), "2A");
  EXPECT_EQ(TitleOf(pb::REFERRAL_SOURCE_SCHOOL), "Schools");
  EXPECT_EQ(CodeOf(pb::DISABILITY_AUTISM), "AUT");
}

TEST(Codes, AValueWithoutCodeOrUnknownGivesNothing) {
  EXPECT_EQ(CodeOf(pb::REFERRAL_SOURCE_UNSPECIFIED), "");
  EXPECT_EQ(CodeOf(pb::BRAG_RED), "");
  EXPECT_EQ(TitleOf(static_cast<pb::ReferralSource>(999)), "");
}

TEST(Codes, NoTwoValuesOfACodeSetShareACode) {
  const google::protobuf::FileDescriptor* file = pb::ReferralSource_descriptor()->file();
  for (int i = 0; i < file->enum_type_count(); ++i) {
    std::set<std::string> seen;
    for (int j = 0; j < file->enum_type(i)->value_count(); ++j) {
      const std::string code = CodeOf(file->enum_type(i), file->enum_type(i)->value(j)->number());
      if (!code.empty()) {
        EXPECT_TRUE(seen.insert(code).second) << file->enum_type(i)->name() << " " << code;
      }
    }
  }
}

TEST(SourceGroup, EverySourceIsInTheGroupOfItsSector) {
  const std::map<pb::ReferralSourceGroup, std::set<std::string>> expected = {
      {pb::REFERRAL_SOURCE_GROUP_POLICE_LEGAL, {"6", "7"}},
      {pb::REFERRAL_SOURCE_GROUP_SCHOOL_EDUCATION, {"2A", "2B"}},
      {pb::REFERRAL_SOURCE_GROUP_HEALTH, {"3A", "3B", "3C", "3D", "3E", "3F"}},
      {pb::REFERRAL_SOURCE_GROUP_LOCAL_AUTHORITY, {"4", "5A", "5B", "5C", "5D"}},
      {pb::REFERRAL_SOURCE_GROUP_OTHER, {"", "1A", "1B", "1C", "1D", "8", "9", "10"}},
  };
  std::map<pb::ReferralSourceGroup, std::set<std::string>> found;
  for (int source = 0; source < pb::ReferralSource_ARRAYSIZE; ++source) {
    const auto value = static_cast<pb::ReferralSource>(source);
    found[SourceGroupOf(value)].insert(CodeOf(value));
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace lscp::referrals
