#include "common/validate/utf8.h"

#include <cstdint>

namespace lscp {
namespace {

// What a lead byte promises: how many bytes follow, and the bounds of the first of them, which
// exclude overlong forms, surrogates and what lies beyond Unicode (The Unicode Standard, table
// 3-7).
struct Lead {
  int following = -1;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
};

Lead LeadOf(uint8_t byte) {
  if (byte < 0x80) return {.following = 0};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {.following = 1};
  if (byte == 0xE0) return {.following = 2, .low = 0xA0};
  if (byte == 0xED) return {.following = 2, .high = 0x9F};
  if (byte < 0xF0) return {.following = 2};
  if (byte == 0xF0) return {.following = 3, .low = 0x90};
  if (byte < 0xF4) return {.following = 3};
  if (byte == 0xF4) return {.following = 3, .high = 0x8F};
  return {};
}

}  // namespace

std::optional<size_t> CodePoints(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++count) {
    Lead lead = LeadOf(static_cast<uint8_t>(text[i++]));
    if (lead.following < 0) return std::nullopt;
    for (; lead.following > 0; --lead.following) {
      if (i == text.size()) return std::nullopt;
      const auto byte = static_cast<uint8_t>(text[i++]);
      if (byte < lead.low || byte > lead.high) return std::nullopt;
      lead.low = 0x80;
      lead.high = 0xBF;
    }
  }
  return count;
}

}  // namespace lscp
