#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

// Opaque tokens by which a caller comes back for more (AIP-158). They hold where to go on and no
// right: every page is authorised anew. They are not signed: whoever makes one up gets what the
// query gives from there. All functions are thread-safe; decoding is total.
namespace lscp {

// The query that a request asks, without where in it: everything but page_size, page_token and
// start_cursor. Equal across processes and releases of the suite.
uint64_t QueryHash(const google::protobuf::Message& request);

// Most rows in a reply: 50 unless more than 0 are asked for, and never more than 500.
int PageSize(int32_t requested);

// A token for the page after the row with this sort key, each part as UTF-8 text.
std::string EncodePageToken(uint64_t query_hash, const std::vector<std::string>& last_key);

// The sort key to go on after; empty for an empty token, which is the first page. INVALID_ARGUMENT
// PAGE_TOKEN_MISMATCH when the token is not one of ours, belongs to another query or its key has
// not `key_parts` parts.
absl::StatusOr<std::vector<std::string>> DecodePageToken(std::string_view token,
                                                         uint64_t expected_hash, size_t key_parts);

// The error of DecodePageToken, for a caller that finds a part of the key malformed.
absl::Status PageTokenMismatch();

// A watch's cursor: everything up to this position of the journal has been seen.
std::string EncodeWatchCursor(uint64_t query_hash, int64_t position);

// The position of a cursor that is not empty. OUT_OF_RANGE CURSOR_UNKNOWN when it is not one of
// ours or belongs to another watch.
absl::StatusOr<int64_t> DecodeWatchCursor(std::string_view cursor, uint64_t expected_hash);

}  // namespace lscp
