#include "child_death_reviews/settings.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::child_death_reviews {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<Settings> Parse(const std::string& text) {
  pb::ChildDeathReviewSettings proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proto)) << text;
  return Settings::Create(std::move(proto), {"havering"});
}

constexpr char kGood[] =
    "boroughs { id: 'havering' display_name: 'Havering' "
    "area_code: 'E09000016' }";

TEST(Settings, WhatTheFileLeavesOpenHasTheDocumentedDefault) {
  const auto settings = Parse(kGood);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->Of("havering").notification_hours(), 48u);
  EXPECT_EQ(settings->Of("havering").national_notification_hours(), 48u);
  EXPECT_EQ(settings->Of("elsewhere").notification_hours(), 48u);
  EXPECT_EQ(settings->Of("havering").joint_decision_hours(), 24u);
  EXPECT_EQ(settings->Of("havering").planning_meeting_hours(), 48u);
  EXPECT_EQ(settings->Of("havering").key_worker_working_days(), 2u);
  EXPECT_EQ(settings->Of("havering").reporting_form_working_days(), 15u);
  EXPECT_EQ(settings->Of("havering").chronology_working_days(), 15u);
  EXPECT_EQ(settings->Of("havering").recommendation_answer_working_days(), 20u);
  EXPECT_EQ(settings->Of("havering").recommendation_months(), 6u);
  EXPECT_EQ(settings->Of("havering").review_meeting_months(), 3u);
  EXPECT_EQ(settings->Of("havering").panel_review_days(), 42u);
  EXPECT_EQ(settings->Of("havering").review_completion_months(), 6u);
  EXPECT_EQ(settings->Of("havering").panel_quorum(), 4u);
  EXPECT_EQ(settings->Of("havering").panel_quorum_kinds_size(), 3);
  EXPECT_TRUE(settings->Serves("havering"));
  EXPECT_FALSE(settings->Serves("elsewhere"));
}

TEST(Settings, EverythingThatIsWrongIsListed) {
  const absl::Status status =
      Parse("boroughs { id: 'Havering' area_code: 'E0900001' panel_quorum: 17 }").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* fault :
       {"borough \"Havering\": id must be", "display_name is missing", "area_code must be",
        "panel_quorum is more", "borough \"havering\": is served and has no entry"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(fault));
  }
}

}  // namespace
}  // namespace lscp::child_death_reviews
