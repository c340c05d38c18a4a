#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/wire/loop.h"
#include "gateway/wire/tls.h"

namespace lscp::gateway::wire {

// A connected or connecting stream socket, with TLS over it or without. Never blocks. Moves.
class Socket {
 public:
  enum class Io { kDone, kWantRead, kWantWrite, kClosed };

  // Without TLS.
  explicit Socket(Fd fd) : fd_(std::move(fd)), ssl_(nullptr, &SSL_free) {}
  // Over TLS.
  Socket(Fd fd, Ssl ssl);

  int fd() const { return fd_.get(); }

  // Until it is done, to be called at each event.
  Io Handshake();
  // kDone: `got` bytes, one at least. `more`: there may be more that epoll does not know of.
  Io Read(std::span<char> into, size_t& got, bool& more);
  // kDone: `sent` bytes, one at least.
  Io Write(std::string_view bytes, size_t& sent);
  // Says that nothing more will be written.
  void EndWriting();

  // Of a peer over TLS; empty when its certificate has none.
  std::string spiffe_id() const { return ssl_ ? PeerSpiffeId(*ssl_) : ""; }

 private:
  Io Wanted(int result);

  Fd fd_;
  Ssl ssl_;
};

}  // namespace lscp::gateway::wire
