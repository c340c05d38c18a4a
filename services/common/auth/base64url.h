#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lscp {

// Base 64 for URLs without padding, as JOSE uses it (RFC 7515 section 2).
std::string Base64UrlEncode(std::string_view bytes);

// Nothing unless `text` is exactly what the encoder would give: no padding, no white space, no
// other alphabet, no stray bits at the end.
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace lscp
