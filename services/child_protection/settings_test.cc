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
  EXPECT_EQ(settings->Of("barnet").exploitation().flag_review_days(), 90u);
  EXPECT_EQ(settings->Of("barnet").exploitation().seam_initial_working_days(), 10u);
  EXPECT_EQ(settings->Of("barnet").exploitation().seam_review_days(), 42u);
  EXPECT_EQ(settings->Of("barnet").exploitation().seam_notes_working_days(), 5u);
  EXPECT_EQ(settings->Of("barnet").exploitation().nrm_reasonable_grounds_working_days(), 5u);
  EXPECT_EQ(settings->Of("barnet").visits().child_in_need_first_days(), 28u);
  EXPECT_EQ(settings->Of("barnet").report_reminder_working_days(0), 1u);
  EXPECT_EQ(settings->Of("barnet").after_birth_days(), 10u);
  EXPECT_EQ(settings->Of("barnet").child_in_need().first_review_months(), 3u);
  EXPECT_EQ(settings->Of("barnet").child_in_need().review_months(), 6u);
  EXPECT_EQ(settings->Of("barnet").child_in_need().pre_proceedings_days(), 112u);
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

TEST(Settings, WhatIsWrongWithRemindersIsListed) {
  std::string text = kGood;
  text.insert(text.rfind('}'),
              " report_reminder_working_days: 0 report_reminder_working_days: 2"
              " report_reminder_working_days: 2");
  const absl::Status status = Parse(text).status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("report_reminder_working_days: must be from 1 to 30"));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("report_reminder_working_days: a number occurs twice"));
}

TEST(Settings, WhatIsWrongWithPanelsIsListed) {
  std::string text = kGood;
  text.insert(text.rfind('}'),
              " panels { id: 'Mace' from_date { year: 2020 month: 1 day: 2 }"
              " to_date { year: 2020 month: 1 day: 1 } successor: 'varp' }"
              " panels { id: 'ceg' display_name: 'CEG' kind: PANEL_KIND_OTHER }"
              " panels { id: 'ceg' display_name: 'CEG' kind: PANEL_KIND_OTHER successor: 'ceg' }");
  const absl::Status status = Parse(text).status();
  for (const char* fault :
       {"panels: an id occurs twice", "panels \"Mace\": id must be",
        "panels \"Mace\": display_name is missing", "panels \"Mace\": kind is missing",
        "panels \"Mace\": to_date is before from_date",
        "panels \"Mace\": successor is no other panel", "panels \"ceg\": successor is no other"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(fault));
  }
}

TEST(Settings, ABoroughStandsInThemOnce) {
  EXPECT_THAT(std::string(Parse(std::string(kGood) + kGood).status().message()),
              HasSubstr("occurs twice"));
}

}  // namespace
}  // namespace lscp::child_protection
