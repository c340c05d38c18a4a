#include "common/validate/utf8.h"

#include <gtest/gtest.h>

namespace lscp {
namespace {

TEST(CodePoints, AreCountedNotBytes) {
  EXPECT_EQ(CodePoints(""), 0u);
  EXPECT_EQ(CodePoints("plain"), 5u);
  EXPECT_EQ(CodePoints("\u00e9\u20ac\U0001F600"), 3u);
  EXPECT_EQ(CodePoints(std::string_view("a\0b", 3)), 3u);
  EXPECT_EQ(CodePoints("\xF4\x8F\xBF\xBF"), 1u);  // U+10FFFF
}

TEST(CodePoints, OfWhatIsNotUtf8AreNone) {
  for (const std::string_view text :
       {"\x80", "\xC0\x80", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "ok\xFEok"}) {
    EXPECT_EQ(CodePoints(text), std::nullopt) << text.size();
  }
}

}  // namespace
}  // namespace lscp
