#include "children_in_care/settings.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::children_in_care {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<Settings> Parse(const std::string& text) {
  pb::ChildrenInCareSettings proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proto)) << text;
  return Settings::Create(std::move(proto), {"barnet"});
}

TEST(Settings, ABoroughKnowsItsAreaAndThoseAroundIt) {
  const auto settings = Parse(
      "boroughs { id: 'barnet' display_name: 'Barnet' area_code: 'E09000003' "
      "adjoining_area_codes: 'E09000005' }");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->Of("barnet").area_code(), "E09000003");
  EXPECT_EQ(settings->Of("elsewhere").area_code(), "");
}

TEST(Settings, EverythingThatIsWrongIsListed) {
  const absl::Status status =
      Parse(
          "boroughs { id: 'Havering' area_code: 'E0900001' adjoining_area_codes: 'x' "
          "adjoining_area_codes: 'E09000005' adjoining_area_codes: 'E09000005' }")
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* fault :
       {"borough \"Havering\": id must be", "display_name is missing", "area_code must be",
        "\"x\" must be a local authority's", "\"E09000005\" occurs twice",
        "borough \"barnet\": is served and has no entry"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(fault));
  }
}

}  // namespace
}  // namespace lscp::children_in_care
