#include "domain/identifiers.h"

#include <algorithm>

namespace lscp::domain {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

}  // namespace

bool IsNhsNumber(std::string_view text) {
  if (text.size() != 10 || !AllDigits(text)) return false;
  // Weights 10 to 2. A remainder of 1 has no check digit: such numbers are never issued.
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (text[i] - '0') * (10 - i);
  const int check = (11 - sum % 11) % 11;
  return check == text[9] - '0';
}

bool IsUpn(std::string_view text) {
  // Letters by their value; I, O and S are not used because they are read as digits.
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
  if (text.size() != 13 || !AllDigits(text.substr(1, 11))) return false;
  const size_t last = IsDigit(text[12]) ? text[12] - '0' : kLetters.find(text[12]);
  if (last == std::string_view::npos) return false;
  // Each character counts as often as its place says, the check letter having the first.
  size_t sum = last * 13;
  for (size_t i = 1; i < 12; ++i) sum += (text[i] - '0') * (i + 1);
  return text[0] == kLetters[sum % kLetters.size()];
}

}  // namespace lscp::domain
