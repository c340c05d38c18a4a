#include "gateway/metadata.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace lscp::gateway {
namespace {

constexpr size_t kEntryOverhead = 32;
constexpr std::string_view kOurs = "lscp-";

// Written by the transport for each hop.
bool BelongsToTransport(std::string_view key) {
  constexpr std::array<std::string_view, 5> kKeys = {"user-agent", "te", "content-type",
                                                     "content-length", "host"};
  return key.empty() || key.front() == ':' || key.starts_with("grpc-") ||
         std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

// What gRPC takes from the wire and refuses to send: its C++ library ends the process over it, and
// a caller who is none of gRPC's libraries can send it. Binary values are encoded, and so may be
// any.
bool CanBeSent(std::string_view key, std::string_view value) {
  const auto in_key = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  const auto in_value = [](char c) { return c >= ' ' && c <= '~'; };
  return std::all_of(key.begin(), key.end(), in_key) &&
         (key.ends_with("-bin") || std::all_of(value.begin(), value.end(), in_value));
}

bool TravelsOn(std::string_view key, bool to_gateway) {
  if (BelongsToTransport(key)) return false;
  if (key == kTraceparent || key == kTracestate) return false;
  if (key == kAuthorization) return to_gateway;
  if (key.starts_with(kOurs)) return key == kBorough || key == kPurpose || key == kService;
  return true;
}

}  // namespace

absl::Status CheckSize(const MetadataView& metadata) {
  size_t bytes = 0;
  for (const auto& [key, value] : metadata) bytes += key.size() + value.size() + kEntryOverhead;
  if (bytes <= kMostMetadataBytes) return absl::OkStatus();
  return Error(
      absl::StatusCode::kResourceExhausted, reason::ERROR_REASON_TOO_LARGE,
      absl::StrCat("the metadata has ", bytes, " bytes; ", kMostMetadataBytes, " are allowed"));
}

absl::StatusOr<std::string_view> Single(const MetadataView& metadata, std::string_view key) {
  std::string_view found;
  int times = 0;
  for (const auto& [name, value] : metadata) {
    if (name != key) continue;
    found = value;
    ++times;
  }
  if (times > 1) return InvalidField(key, "metadata is given more than once");
  return found;
}

MetadataList Forwarded(const MetadataView& metadata, bool to_gateway) {
  MetadataList forwarded;
  for (const auto& [key, value] : metadata) {
    if (TravelsOn(key, to_gateway) && CanBeSent(key, value)) forwarded.emplace_back(key, value);
  }
  return forwarded;
}

bool TravelsBack(std::string_view key) { return !BelongsToTransport(key); }

}  // namespace lscp::gateway
