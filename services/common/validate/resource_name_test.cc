#include "common/validate/resource_name.h"

#include <gtest/gtest.h>

namespace lscp {
namespace {

TEST(ResourceName, IsTakenApartAndPutTogether) {
  const auto name = ResourceName::Parse("boroughs/barnet/boxes/7f3k");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->borough, "barnet");
  EXPECT_EQ(name->collection, "boxes");
  EXPECT_EQ(name->id, "7f3k");
  EXPECT_EQ(name->ToString(), "boroughs/barnet/boxes/7f3k");
  EXPECT_FALSE(name->AcrossBoroughs());
}

TEST(ResourceName, KnowsTheHyphenAsABoroughOnly) {
  const auto name = ResourceName::Parse("boroughs/-/boxes/7f3k");
  ASSERT_TRUE(name);
  EXPECT_TRUE(name->AcrossBoroughs());
  EXPECT_FALSE(ResourceName::Parse("boroughs/barnet/boxes/-"));
  EXPECT_FALSE(ResourceName::Parse("boroughs/barnet/-/7f3k"));
}

class NotAName : public ::testing::TestWithParam<std::string> {};

TEST_P(NotAName, IsRefused) { EXPECT_FALSE(ResourceName::Parse(GetParam())); }

INSTANTIATE_TEST_SUITE_P(
    , NotAName,
    ::testing::Values(
        "", "/", "boroughs", "boroughs/", "boroughs//boxes/1", "boroughs/barnet",
        "boroughs/barnet/", "boroughs/barnet/boxes", "boroughs/barnet/boxes/",
        "boroughs/barnet/boxes/1/", "boroughs/barnet/boxes/1/lids/2", "/boroughs/barnet/boxes/1",
        "Boroughs/barnet/boxes/1", "boroughs/Barnet/boxes/1", "boroughs/barnet/Boxes/1",
        "boroughs/barnet/boxes/A1", "boroughs/barnet/boxes/-1", "boroughs/barnet/boxes/1-",
        "boroughs/--/boxes/1", "boroughs/../boxes/1", "boroughs/barnet/boxes/..",
        "boroughs/barnet/boxes/%2e", "boroughs/barnet/boxes/1 ", "boroughs/barnet/boxes/1\n",
        "boroughs/barnet/boxes/\xC3\xA9", std::string("boroughs/barnet/boxes/1\0", 24),
        "boroughs/barnet/boxes/' OR 1=1 --", "boroughs/barnet/boxes/" + std::string(64, 'a'),
        "boroughs/" + std::string(41, 'a') + "/boxes/1",
        "boroughs/barnet/" + std::string(41, 'a') + "/1", std::string(100'000, '/')));

TEST(BoroughOf, KnowsNamesAndParents) {
  EXPECT_EQ(BoroughOf("boroughs/barnet"), "barnet");
  EXPECT_EQ(BoroughOf("boroughs/barking-and-dagenham/boxes/7f3k"), "barking-and-dagenham");
  EXPECT_EQ(BoroughOf("boroughs/-"), "-");
  EXPECT_EQ(BoroughOf("boroughs/-/boxes/7f3k"), "-");
}

TEST(BoroughOf, IsEmptyForAnythingElse) {
  for (const char* name : {"", "boroughs/", "boroughs/Barnet", "barnet", "boroughs/barnet/",
                           "boroughs/barnet/boxes", "boroughs/a/b/c/d", "boroughs//"}) {
    EXPECT_EQ(BoroughOf(name), "") << name;
  }
}

}  // namespace
}  // namespace lscp
