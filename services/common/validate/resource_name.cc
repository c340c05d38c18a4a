#include "common/validate/resource_name.h"

#include <algorithm>

namespace lscp {
namespace {

constexpr std::string_view kPrefix = "boroughs/";
constexpr size_t kLongestId = 63;
constexpr size_t kLongestBorough = 40;
constexpr size_t kLongestCollection = 40;

// Not <cctype>: what a letter is must not depend on the locale.
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsCollection(std::string_view text) {
  return !text.empty() && text.size() <= kLongestCollection && IsLower(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLower(c) || IsUpper(c) || IsDigit(c); });
}

// Cuts off what stands before the first slash.
std::string_view TakeSegment(std::string_view& rest) {
  const size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return segment;
}

bool IsBoroughOrAll(std::string_view text) { return text == "-" || IsBoroughId(text); }

}  // namespace

bool IsResourceId(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId && id.front() != '-' && id.back() != '-' &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

bool IsBoroughId(std::string_view id) { return id.size() <= kLongestBorough && IsResourceId(id); }

std::optional<ResourceName> ResourceName::Parse(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::string_view rest = name.substr(kPrefix.size());
  const std::string_view borough = TakeSegment(rest);
  const std::string_view collection = TakeSegment(rest);
  // What is left must be the id: a further slash is no character of one.
  if (!IsBoroughOrAll(borough) || !IsCollection(collection) || !IsResourceId(rest)) {
    return std::nullopt;
  }
  return ResourceName{std::string(borough), std::string(collection), std::string(rest)};
}

std::string ResourceName::ToString() const {
  return std::string(kPrefix) + borough + "/" + collection + "/" + id;
}

std::string BoroughOf(std::string_view name) {
  if (!name.starts_with(kPrefix)) return "";
  std::string_view rest = name.substr(kPrefix.size());
  if (rest.find('/') != std::string_view::npos) {
    const auto parsed = ResourceName::Parse(name);
    return parsed ? parsed->borough : "";
  }
  return IsBoroughOrAll(rest) ? std::string(rest) : "";
}

}  // namespace lscp
