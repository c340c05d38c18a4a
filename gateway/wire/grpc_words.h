#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gateway/wire/header_block.h"

// The words of gRPC over HTTP/2 (doc/PROTOCOL-HTTP2.md of gRPC). All are total on any bytes.
namespace lscp::gateway::wire {

// The content type is gRPC's, with protobuf or whatever it holds.
bool IsGrpc(const HeaderBlock& headers);

// The value of grpc-timeout; nothing when it is malformed.
std::optional<absl::Duration> ParseTimeout(std::string_view text);
// The longest that can be written and is no longer than `timeout`.
std::string FormatTimeout(absl::Duration timeout);

// The value of grpc-message.
std::string EncodeMessage(std::string_view text);
std::string DecodeMessage(std::string_view text);

// The value of a key that ends in -bin. Nothing when it is not base64, padded or not.
std::optional<std::string> DecodeBinary(std::string_view text);
std::string EncodeBinary(std::string_view bytes);

// What the end of a stream without a status stands for. `error` is HTTP/2's.
absl::StatusCode CodeOfReset(uint32_t error);
// With which error a stream is reset that cannot be given its status any more.
uint32_t ResetFor(absl::StatusCode code);
// What an answer that is none of gRPC's stands for.
absl::StatusCode CodeOfHttpStatus(std::string_view status);
// The value of grpc-status; UNKNOWN when it is no number that gRPC has.
absl::StatusCode ParseCode(std::string_view text);

}  // namespace lscp::gateway::wire
