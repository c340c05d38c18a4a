#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lscp {

// Where a call stands in a distributed trace: W3C Trace Context. A value.
struct TraceContext {
  std::array<uint8_t, 16> trace_id = {};
  std::array<uint8_t, 8> span_id = {};
  bool sampled = false;
  std::string state;  // `tracestate` as received, never longer than 512 bytes

  // The trace that a call's headers name; none when `traceparent` is not one (any bytes may come
  // in). A `tracestate` that is no ASCII text is left out, a longer one loses its last members.
  static std::optional<TraceContext> Parse(std::string_view traceparent,
                                           std::string_view tracestate);
  // A new trace with its first span.
  static TraceContext New();
  // The caller's trace, or a new one, with a span of our own.
  static TraceContext Continue(std::string_view traceparent, std::string_view tracestate);
  // The same trace with a new span, e.g. for a call that we make.
  TraceContext Child() const;

  // Header value, version 00.
  std::string Traceparent() const;
  // Ids in lower-case hexadecimal, as they stand in the log.
  std::string TraceId() const;
  std::string SpanId() const;
};

// 64 random bits: unique for all practical purposes, cheap, and not a secret.
uint64_t RandomBits();

// 16 hexadecimal digits of them, for ids in logs and errors.
std::string NewHexId();

}  // namespace lscp
