#include "common/auth/base64url.h"

#include <gtest/gtest.h>

namespace lscp {
namespace {

using namespace std::string_literals;

TEST(Base64Url, KnownValues) {
  const struct {
    std::string bytes;
    std::string text;
  } kCases[] = {
      {"", ""},         {"f", "Zg"},        {"fo", "Zm8"},
      {"foo", "Zm9v"},  {"foob", "Zm9vYg"}, {"\xFB\xFF\xFE", "-__-"},
      {"\0\0"s, "AAA"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Base64UrlEncode(c.bytes), c.text);
    EXPECT_EQ(Base64UrlDecode(c.text), c.bytes);
  }
}

TEST(Base64Url, OnlyTheOneSpellingIsTaken) {
  for (const char* text : {"Z", "Zg==", "Zh", "Zm9", "Zm 8", "Zm8\n", "+//+", "Zm8=", "Zm9vY"}) {
    EXPECT_FALSE(Base64UrlDecode(text)) << text;
  }
}

TEST(Base64Url, EveryByteSurvives) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes.substr(0, size))), bytes.substr(0, size));
  }
}

}  // namespace
}  // namespace lscp
