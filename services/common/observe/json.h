#pragma once

#include <string>
#include <string_view>

namespace lscp {

// Appends `text` as a JSON string with its quotes. Valid JSON whatever the bytes: what is not UTF-8
// becomes U+FFFD. Thread-safe.
void AppendJsonString(std::string& out, std::string_view text);
std::string JsonString(std::string_view text);

// Number of bytes of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none.
size_t Utf8SequenceLength(std::string_view text);

// Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool IsUtf8(std::string_view text);

}  // namespace lscp
