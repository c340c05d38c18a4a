#include "domain/identifiers.h"

#include <string>

#include "gtest/gtest.h"

namespace lscp::domain {
namespace {

TEST(NhsNumber, TheCheckDigitMustBeRight) {
  EXPECT_TRUE(IsNhsNumber("9434765919"));
  EXPECT_TRUE(IsNhsNumber("9990000018"));  // 999…: reserved for tests
  EXPECT_FALSE(IsNhsNumber("9434765918"));
  EXPECT_FALSE(IsNhsNumber("9343765919"));  // two digits swapped
}

TEST(NhsNumber, ElevenCountsAsZeroAndTenHasNoDigit) {
  EXPECT_TRUE(IsNhsNumber("9990000050"));
  for (char digit = '0'; digit <= '9'; ++digit) {
    EXPECT_FALSE(IsNhsNumber(std::string("999000000") + digit)) << digit;
  }
}

TEST(NhsNumber, ItIsTenDigitsAndNothingElse) {
  for (const char* text : {"", "943476591", "94347659199", "943 476 5919", "943476591A"}) {
    EXPECT_FALSE(IsNhsNumber(text)) << text;
  }
}

TEST(Upn, TheCheckLetterMustBeRight) {
  EXPECT_TRUE(IsUpn("P207000016049"));
  EXPECT_TRUE(IsUpn("B801200005001"));
  EXPECT_FALSE(IsUpn("B207000016049"));
  EXPECT_FALSE(IsUpn("A801200005001"));
}

TEST(Upn, ATemporaryOneEndsInALetterThatCountsByItsValue) {
  // 801200005 00 and B (1): as 801200005 00 1.
  EXPECT_TRUE(IsUpn("B80120000500B"));
  EXPECT_FALSE(IsUpn("B80120000500C"));
}

TEST(Upn, ItIsALetterElevenDigitsAndADigitOrLetter) {
  for (const char* text : {"", "B80120000500", "B8012000050011", "b801200005001", "B80120000A001",
                           "1801200005001", "I801200005001", "B80120000500I", "B80120000500b"}) {
    EXPECT_FALSE(IsUpn(text)) << text;
  }
}

}  // namespace
}  // namespace lscp::domain
