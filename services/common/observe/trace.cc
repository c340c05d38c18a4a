#include "common/observe/trace.h"

#include <sys/random.h>

#include <chrono>
#include <cstring>
#include <span>

namespace lscp {
namespace {

constexpr size_t kTraceparentSize = 55;  // 00-<32>-<16>-<2>
constexpr size_t kLongestState = 512;    // W3C Trace Context section 3.3.1.5
constexpr char kHex[] = "0123456789abcdef";

void AppendHex(std::string& out, std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

// Only lower case is allowed: section 3.2.2.
int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool ParseHex(std::string_view text, std::span<uint8_t> out) {
  for (size_t i = 0; i < out.size(); ++i) {
    const int high = HexDigit(text[2 * i]);
    const int low = HexDigit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

bool IsZero(std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    if (byte != 0) return false;
  }
  return true;
}

std::string PassedState(std::string_view state) {
  // The standard allows tabs between members, but gRPC refuses to send them on.
  for (const char c : state) {
    if (c < 0x20 || c > 0x7E) return "";
  }
  if (state.size() <= kLongestState) return std::string(state);
  const size_t comma = state.rfind(',', kLongestState);
  return comma == std::string_view::npos ? "" : std::string(state.substr(0, comma));
}

uint64_t Seed() {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
    seed = static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
           reinterpret_cast<uintptr_t>(&seed);
  }
  return seed;
}

// xoshiro256** (Blackman and Vigna, 2018).
class Generator {
 public:
  Generator() {
    for (uint64_t& word : state_) word = Seed();
    state_[0] |= 1;  // all zero would stay zero
  }
  uint64_t Next() {
    const uint64_t result = Rotate(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = Rotate(state_[3], 45);
    return result;
  }

 private:
  static uint64_t Rotate(uint64_t x, int k) { return x << k | x >> (64 - k); }
  uint64_t state_[4];
};

// Fills with random bytes that are not all zero, which is no valid id.
void FillId(std::span<uint8_t> id) {
  for (size_t at = 0; at < id.size(); at += sizeof(uint64_t)) {
    const uint64_t bits = RandomBits();
    std::memcpy(id.data() + at, &bits, sizeof(bits));
  }
  if (IsZero(id)) id[0] = 1;
}

}  // namespace

uint64_t RandomBits() {
  thread_local Generator generator;
  return generator.Next();
}

std::string NewHexId() {
  std::array<uint8_t, 8> id;
  FillId(id);
  std::string text;
  AppendHex(text, id);
  return text;
}

std::optional<TraceContext> TraceContext::Parse(std::string_view traceparent,
                                                std::string_view tracestate) {
  if (traceparent.size() < kTraceparentSize) return std::nullopt;
  TraceContext context;
  std::array<uint8_t, 1> version;
  std::array<uint8_t, 1> flags;
  if (traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-' ||
      !ParseHex(traceparent.substr(0, 2), version) ||
      !ParseHex(traceparent.substr(3, 32), context.trace_id) ||
      !ParseHex(traceparent.substr(36, 16), context.span_id) ||
      !ParseHex(traceparent.substr(53, 2), flags)) {
    return std::nullopt;
  }
  // Later versions may append fields; 255 is forbidden: section 3.2.2.1.
  if (version[0] == 0xFF) return std::nullopt;
  if (traceparent.size() > kTraceparentSize &&
      (version[0] == 0 || traceparent[kTraceparentSize] != '-')) {
    return std::nullopt;
  }
  if (IsZero(context.trace_id) || IsZero(context.span_id)) return std::nullopt;
  context.sampled = (flags[0] & 1) != 0;
  context.state = PassedState(tracestate);
  return context;
}

TraceContext TraceContext::New() {
  TraceContext context;
  FillId(context.trace_id);
  FillId(context.span_id);
  return context;
}

TraceContext TraceContext::Continue(std::string_view traceparent, std::string_view tracestate) {
  const auto parent = Parse(traceparent, tracestate);
  return parent ? parent->Child() : New();
}

TraceContext TraceContext::Child() const {
  TraceContext child = *this;
  FillId(child.span_id);
  return child;
}

std::string TraceContext::Traceparent() const {
  std::string text = "00-";
  text.reserve(kTraceparentSize);
  AppendHex(text, trace_id);
  text += '-';
  AppendHex(text, span_id);
  text += sampled ? "-01" : "-00";
  return text;
}

std::string TraceContext::TraceId() const {
  std::string text;
  AppendHex(text, trace_id);
  return text;
}

std::string TraceContext::SpanId() const {
  std::string text;
  AppendHex(text, span_id);
  return text;
}

}  // namespace lscp
