#include "tests/fuzz/wire_targets.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "gateway/wire/grpc_words.h"
#include "gateway/wire/message_meter.h"
#include "gateway/wire/test_peers.h"

namespace lscp::fuzz {
namespace {

namespace wire = gateway::wire;

constexpr uint32_t kMostBytes = 64;

// A server and its loop, for all inputs.
struct Server {
  Server() { loop.Start(); }
  static Server& Get() {
    static auto& server = *new Server;
    return server;
  }

  wire::Loop loop;
  wire::TestService service{loop};
};

// Reads what the server says until it closes; false when it does not within ten seconds.
bool ReadToEnd(int fd) {
  std::array<char, 16 << 10> buffer;
  for (;;) {
    pollfd waiting = {.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, 10'000) <= 0) return false;
    if (read(fd, buffer.data(), buffer.size()) <= 0) return true;
  }
}

// A connection on which these bytes arrive, and no others: it ends, and with it all that it began.
std::string RunHttp2(std::string_view bytes) {
  Server& server = Server::Get();
  const wire::Fd end = wire::On(server.loop, [&] { return server.service.RawConnection(); });
  send(end.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  shutdown(end.get(), SHUT_WR);
  if (!ReadToEnd(end.get())) return "the connection stays when its peer has gone";
  return wire::On(server.loop, [&] { return server.service.connections(); }) == 0
             ? ""
             : "a connection that is over is still held";
}

// How the bytes arrive makes no difference to what of them may be passed on.
std::string RunGrpcMessages(std::string_view bytes) {
  wire::MessageMeter whole(kMostBytes);
  const size_t passed = whole.Feed(bytes);
  if (passed > bytes.size()) return "more was passed on than came";
  wire::MessageMeter pieces(kMostBytes);
  size_t at = 0;
  for (size_t end = 1; end <= bytes.size(); ++end) at += pieces.Feed(bytes.substr(at, end - at));
  if (at != passed || pieces.fault() != whole.fault() || pieces.messages() != whole.messages() ||
      pieces.at_boundary() != whole.at_boundary()) {
    return "pieces are judged otherwise than the whole";
  }
  return whole.fault() == wire::MessageMeter::Fault::kNone && whole.at_boundary() &&
                 bytes.size() - passed >= 5
             ? "a whole prefix was left unread"
             : "";
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// What is read can be written again, and means the same.
std::string RunGrpcWords(std::string_view bytes) {
  if (const auto timeout = wire::ParseTimeout(bytes)) {
    if (*timeout < absl::ZeroDuration()) return "a timeout before now was taken";
    const auto again = wire::ParseTimeout(wire::FormatTimeout(*timeout));
    if (!again || *again > *timeout) return "a timeout grows on its way";
  }
  const std::string message = wire::EncodeMessage(bytes);
  if (!IsPrintable(message)) return "a message is sent with what no header holds";
  if (wire::DecodeMessage(message) != bytes) return "a message is another one at the other end";
  wire::DecodeMessage(bytes);
  const auto sent = wire::DecodeBinary(wire::EncodeBinary(bytes));
  if (!sent || *sent != bytes) return "binary metadata is another at the other end";
  const auto taken = wire::DecodeBinary(bytes);
  if (taken && wire::DecodeBinary(wire::EncodeBinary(*taken)) != taken) return "read as two things";
  if (static_cast<int>(wire::ParseCode(bytes)) > 16) return "a code that gRPC does not have";
  return "";
}

// A frame of HTTP/2: length, type, flags, stream (RFC 9113, 4.1).
std::string Frame(char type, char flags, char stream, const std::string& payload) {
  return std::string{static_cast<char>(payload.size() >> 16),
                     static_cast<char>(payload.size() >> 8),
                     static_cast<char>(payload.size()),
                     type,
                     flags,
                     0,
                     0,
                     0,
                     stream} +
         payload;
}

std::string Literal(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + static_cast<char>(name.size()) + name +
         static_cast<char>(value.size()) + value;
}

// POST, http and a path, then its body; stream 1.
std::string Request(const std::string& path, const std::string& body) {
  const std::string fields = "\x83\x86" + Literal(":path", path) + Literal(":authority", "test") +
                             Literal("content-type", "application/grpc") +
                             Literal("te", "trailers");
  return Frame(1, 4, 1, fields) + Frame(0, 1, 1, body);
}

std::vector<std::string> Http2Seeds() {
  const std::string begin = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(4, 0, 0, "");
  const std::string ping = Frame(6, 0, 0, "8 octets");
  const std::string window = Frame(8, 0, 1, std::string("\0\0\1\0", 4));
  return {begin + Request("/echo", std::string("\0\0\0\0\2hi", 7)) + ping,
          begin + Frame(4, 1, 0, "") + Request("/hold", "") + window +
              Frame(3, 0, 1, std::string("\0\0\0\x8", 4)),
          begin + Request("/flood", "") + Frame(7, 0, 0, std::string(8, '\0'))};
}

}  // namespace

Target Http2Target() {
  return {.name = "http2", .run = RunHttp2, .seeds = Http2Seeds(), .spoiled_copies = 4'000};
}

Target GrpcMessagesTarget() {
  return {.name = "grpc_messages",
          .run = RunGrpcMessages,
          .seeds = {std::string("\0\0\0\0\2hi\0\0\0\0\0", 12), std::string("\0\0\0\0\x41", 5),
                    std::string("\1\0\0\0\1x", 6), std::string("\2", 1)}};
}

Target GrpcWordsTarget() {
  return {.name = "grpc_words",
          .run = RunGrpcWords,
          .seeds = {"100m", "99999999H", "no%20such%C3%A9", "aGVsbG8=", "16", "%"}};
}

}  // namespace lscp::fuzz
