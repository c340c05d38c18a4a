#include "common/journal/holes.h"

#include <gtest/gtest.h>

namespace lscp {
namespace {

const Holes::Time kThen = Holes::Time() + std::chrono::hours(1);

TEST(HolesTest, AnIdThatAppearsSplitsItsRange) {
  Holes holes;
  holes.Add(10, 14, kThen);
  holes.Fill(12);
  EXPECT_FALSE(holes.Contains(12));
  for (int64_t id : {10, 11, 13, 14}) EXPECT_TRUE(holes.Contains(id)) << id;
  for (int64_t id : {9, 15}) EXPECT_FALSE(holes.Contains(id)) << id;
  EXPECT_EQ(holes.ranges().size(), 2u);
}

TEST(HolesTest, FillingEveryIdLeavesNothing) {
  Holes holes;
  holes.Add(1, 3, kThen);
  holes.Add(5, 5, kThen);
  for (int64_t id : {3, 1, 2, 5}) holes.Fill(id);
  EXPECT_TRUE(holes.ranges().empty());
}

TEST(HolesTest, AnIdThatIsNotNotedChangesNothing) {
  Holes holes;
  holes.Fill(1);
  holes.Add(3, 4, kThen);
  holes.Fill(2);
  holes.Fill(5);
  EXPECT_EQ(holes.ranges().begin()->first, 3);
  EXPECT_EQ(holes.ranges().begin()->second.last, 4);
}

TEST(HolesTest, OnlyWhatWasNoticedLongAgoIsGivenUpAlsoAfterASplit) {
  Holes holes;
  holes.Add(1, 5, kThen);
  holes.Fill(3);
  holes.Add(8, 8, kThen + std::chrono::seconds(2));
  holes.DropNoticedBefore(kThen);
  EXPECT_EQ(holes.ranges().size(), 3u);
  holes.DropNoticedBefore(kThen + std::chrono::seconds(1));
  EXPECT_EQ(holes.ranges().size(), 1u);
  EXPECT_TRUE(holes.Contains(8));
}

}  // namespace
}  // namespace lscp
