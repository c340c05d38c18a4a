#include "common/paging/page_token.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/escaping.h"
#include "common/status/error.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "safeguarding/internal/v1/caller.pb.h"

namespace lscp {
namespace {

using google::protobuf::Message;
using safeguarding::internal::v1::PageToken;
using safeguarding::internal::v1::WatchCursor;

constexpr int kDefaultPageSize = 50;
constexpr int kMostPageSize = 500;
constexpr size_t kLongestToken = 2000;

std::string DeterministicBytes(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&out);
  out.Trim();
  return bytes;
}

// FNV-1a, 64 bits: unlike absl::Hash the same in every process.
uint64_t Fnv1a(std::string_view bytes, uint64_t hash = 0xcbf29ce484222325) {
  for (const char c : bytes) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

std::string Encode(const Message& message) {
  return absl::WebSafeBase64Escape(message.SerializeAsString());
}

template <typename Type>
std::optional<Type> Decode(std::string_view token) {
  std::string bytes;
  Type message;
  if (token.size() > kLongestToken ||
      !absl::WebSafeBase64Unescape(absl::string_view(token.data(), token.size()), &bytes) ||
      !message.ParseFromString(bytes)) {
    return std::nullopt;
  }
  return message;
}

}  // namespace

uint64_t QueryHash(const Message& request) {
  const std::unique_ptr<Message> query(request.New());
  query->CopyFrom(request);
  for (const char* name : {"page_size", "page_token", "start_cursor"}) {
    const auto* field = query->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) query->GetReflection()->ClearField(query.get(), field);
  }
  return Fnv1a(DeterministicBytes(*query), Fnv1a(request.GetDescriptor()->full_name()));
}

int PageSize(int32_t requested) {
  return requested <= 0 ? kDefaultPageSize : std::min(requested, kMostPageSize);
}

std::string EncodePageToken(uint64_t query_hash, const std::vector<std::string>& last_key) {
  PageToken token;
  token.set_query_hash(query_hash);
  for (const std::string& part : last_key) token.add_last_key(part);
  return Encode(token);
}

absl::StatusOr<std::vector<std::string>> DecodePageToken(std::string_view token,
                                                         uint64_t expected_hash, size_t key_parts) {
  if (token.empty()) return std::vector<std::string>();
  const auto decoded = Decode<PageToken>(token);
  if (!decoded || decoded->query_hash() != expected_hash ||
      static_cast<size_t>(decoded->last_key_size()) != key_parts) {
    return PageTokenMismatch();
  }
  return std::vector<std::string>(decoded->last_key().begin(), decoded->last_key().end());
}

absl::Status PageTokenMismatch() {
  return Error(absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_PAGE_TOKEN_MISMATCH,
               "page_token is not the next_page_token of this query's previous reply");
}

std::string EncodeWatchCursor(uint64_t query_hash, int64_t position) {
  WatchCursor cursor;
  cursor.set_query_hash(query_hash);
  cursor.set_position(position);
  return Encode(cursor);
}

absl::StatusOr<int64_t> DecodeWatchCursor(std::string_view cursor, uint64_t expected_hash) {
  const auto decoded = Decode<WatchCursor>(cursor);
  if (cursor.empty() || !decoded || decoded->query_hash() != expected_hash ||
      decoded->position() < 0) {
    return Error(absl::StatusCode::kOutOfRange, reason::ERROR_REASON_CURSOR_UNKNOWN,
                 "start_cursor is not a cursor of this watch");
  }
  return decoded->position();
}

}  // namespace lscp
