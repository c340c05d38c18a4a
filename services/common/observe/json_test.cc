#include "common/observe/json.h"

#include <gtest/gtest.h>

namespace lscp {
namespace {

using namespace std::string_view_literals;

TEST(JsonString, EscapesWhatJsonForbidsAndKeepsTheRest) {
  const struct {
    std::string_view text;
    std::string_view json;
  } kCases[] = {
      {"", R"("")"},
      {"plain text", R"("plain text")"},
      {"a\"b\\c", R"("a\"b\\c")"},
      {"line\nnext\r\ttab", R"("line\nnext\r\ttab")"},
      {"\0\x01\x1f\x7f"sv, R"("\u0000\u0001\u001f\u007f")"},
      {"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
       "\"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\""},
  };
  for (const auto& c : kCases) EXPECT_EQ(JsonString(c.text), c.json);
}

TEST(JsonString, ReplacesWhatIsNotUtf8) {
  const struct {
    std::string_view text;
    size_t replaced;
  } kCases[] = {
      {"\x80", 1},              // continuation without a start
      {"\xC3", 1},              // cut short
      {"\xC0\xAF", 2},          // overlong
      {"\xE0\x80\x80", 3},      // overlong
      {"\xED\xA0\x80", 3},      // surrogate
      {"\xF4\x90\x80\x80", 4},  // beyond Unicode
      {"\xFF\xFE", 2},
  };
  for (const auto& c : kCases) {
    std::string expected = "\"";
    for (size_t i = 0; i < c.replaced; ++i) expected += "\xEF\xBF\xBD";
    EXPECT_EQ(JsonString(c.text), expected + "\"");
    EXPECT_FALSE(IsUtf8(c.text));
  }
}

TEST(JsonString, IsUtf8WhateverTheBytes) {
  std::string text;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      text = {static_cast<char>(a), static_cast<char>(b), 'x'};
      EXPECT_TRUE(IsUtf8(JsonString(text)));
    }
  }
}

}  // namespace
}  // namespace lscp
