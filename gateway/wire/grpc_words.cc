#include "gateway/wire/grpc_words.h"

#include <nghttp2/nghttp2.h>

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace lscp::gateway::wire {
namespace {

constexpr size_t kMostDigits = 8;
constexpr int64_t kMostOfAUnit = 99'999'999;

struct Unit {
  char letter;
  absl::Duration duration;
};
// From the finest to the coarsest. Hours cannot overflow what eight digits hold.
const std::array<Unit, 6>& Units() {
  static const std::array<Unit, 6> units = {{{'n', absl::Nanoseconds(1)},
                                             {'u', absl::Microseconds(1)},
                                             {'m', absl::Milliseconds(1)},
                                             {'S', absl::Seconds(1)},
                                             {'M', absl::Minutes(1)},
                                             {'H', absl::Hours(1)}}};
  return units;
}

bool IsPlain(char c) { return c >= ' ' && c <= '~' && c != '%'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

bool IsGrpc(const HeaderBlock& headers) {
  constexpr std::string_view kType = "application/grpc";
  const std::string_view type = headers.Find("content-type");
  return type.starts_with(kType) &&
         (type.size() == kType.size() || type[kType.size()] == '+' || type[kType.size()] == ';');
}

std::optional<absl::Duration> ParseTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > kMostDigits + 1) return std::nullopt;
  int64_t number = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  for (const Unit& unit : Units()) {
    if (unit.letter == text.back()) return number * unit.duration;
  }
  return std::nullopt;
}

std::string FormatTimeout(absl::Duration timeout) {
  if (timeout <= absl::ZeroDuration()) return "0n";
  for (const Unit& unit : Units()) {
    const int64_t number = timeout / unit.duration;
    if (number <= kMostOfAUnit) return absl::StrCat(number, std::string(1, unit.letter));
  }
  return absl::StrCat(kMostOfAUnit, "H");
}

std::string EncodeMessage(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (IsPlain(c)) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

std::string DecodeMessage(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::optional<std::string> DecodeBinary(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes)) {
    return std::nullopt;
  }
  return bytes;
}

std::string EncodeBinary(std::string_view bytes) {
  std::string text = absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()));
  while (text.ends_with('=')) text.pop_back();
  return text;
}

absl::StatusCode CodeOfReset(uint32_t error) {
  switch (error) {
    case NGHTTP2_CANCEL:
      return absl::StatusCode::kCancelled;
    case NGHTTP2_REFUSED_STREAM:
      return absl::StatusCode::kUnavailable;
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return absl::StatusCode::kResourceExhausted;
    case NGHTTP2_INADEQUATE_SECURITY:
      return absl::StatusCode::kPermissionDenied;
    default:
      return absl::StatusCode::kInternal;
  }
}

uint32_t ResetFor(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return NGHTTP2_REFUSED_STREAM;
    case absl::StatusCode::kResourceExhausted:
      return NGHTTP2_ENHANCE_YOUR_CALM;
    case absl::StatusCode::kPermissionDenied:
      return NGHTTP2_INADEQUATE_SECURITY;
    case absl::StatusCode::kInternal:
      return NGHTTP2_INTERNAL_ERROR;
    default:
      return NGHTTP2_CANCEL;
  }
}

absl::StatusCode CodeOfHttpStatus(std::string_view status) {
  if (status == "400") return absl::StatusCode::kInternal;
  if (status == "401") return absl::StatusCode::kUnauthenticated;
  if (status == "403") return absl::StatusCode::kPermissionDenied;
  if (status == "404") return absl::StatusCode::kUnimplemented;
  if (status == "429" || status == "502" || status == "503" || status == "504") {
    return absl::StatusCode::kUnavailable;
  }
  return absl::StatusCode::kUnknown;
}

absl::StatusCode ParseCode(std::string_view text) {
  int code = 0;
  if (text.empty() || text.size() > 2 ||
      !absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &code) || code < 0 ||
      code > static_cast<int>(absl::StatusCode::kUnauthenticated)) {
    return absl::StatusCode::kUnknown;
  }
  return static_cast<absl::StatusCode>(code);
}

}  // namespace lscp::gateway::wire
