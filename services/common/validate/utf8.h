#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace lscp {

// Number of Unicode code points; nothing unless the text is valid UTF-8 (no overlong forms, no
// surrogates, nothing beyond U+10FFFF).
std::optional<size_t> CodePoints(std::string_view text);

}  // namespace lscp
