#include "child_protection/settings.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::child_protection {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<Settings> Parse(const std::string& text) {
  safeguarding::child_protection::v1::ChildProtectionSettings proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proto)) << text;
  return Settings::Create(std::move(proto), {"barnet"});
}

constexpr char kGood[] =
    "boroughs { id: 'barnet' duty_contact { display_name: 'Hub' phone: '020 7946 0101' "
    "out_of_hours_phone: '+44 20 7946 0102' } }";

TEST(Settings, WhatTheFileLeavesOpenHasTheDocumentedDefault) {
  const auto settings = Parse(kGood);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->Of("barnet").strategy_discussion_working_days(), 3u);
  EXPECT_EQ(settings->Of("elsewhere").strategy_discussion_working_days(), 3u);
  EXPECT_EQ(settings->Of("barnet").missing().repeated_episodes(), 3u);
  EXPECT_EQ(settings->Of("barnet").missing().repeated_days(), 90u);
  EXPECT_EQ(settings->Of("elsewhere").missing().strategy_meeting_working_days(), 3u);
}

TEST(Settings, EverythingThatIsWrongIsListed) {
  const absl::Status status =
      Parse("boroughs { id: 'Barnet' duty_contact { phone: 'ask' } }").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* fault :
       {"borough \"Barnet\": id must be", "duty_contact: display_name is missing",
        "duty_contact: phone must be", "duty_contact: out_of_hours_phone must be",
        "borough \"barnet\": is served and has no entry"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(fault));
  }
}

TEST(Settings, ABoroughStandsInThemOnce) {
  EXPECT_THAT(std::string(Parse(std::string(kGood) + kGood).status().message()),
              HasSubstr("occurs twice"));
}

}  // namespace
}  // namespace lscp::child_protection
