#include "gateway/wire/socket.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>

namespace lscp::gateway::wire {
namespace {

// Tells a socket that still connects from one that failed or is done.
Socket::Io Connected(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
    return Socket::Io::kClosed;
  }
  sockaddr_storage peer;
  socklen_t peer_size = sizeof(peer);
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0) {
    return Socket::Io::kDone;
  }
  return errno == ENOTCONN ? Socket::Io::kWantWrite : Socket::Io::kClosed;
}

}  // namespace

Socket::Socket(Fd fd, Ssl ssl) : fd_(std::move(fd)), ssl_(std::move(ssl)) {
  SSL_set_fd(ssl_.get(), fd_.get());
}

Socket::Io Socket::Wanted(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Io::kWantRead;
    case SSL_ERROR_WANT_WRITE:
      return Io::kWantWrite;
    default:
      ERR_clear_error();
      return Io::kClosed;
  }
}

Socket::Io Socket::Handshake() {
  if (const Io connected = Connected(fd_.get()); connected != Io::kDone || !ssl_) return connected;
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) return Wanted(result);
  return SpeaksHttp2(*ssl_) ? Io::kDone : Io::kClosed;
}

Socket::Io Socket::Read(std::span<char> into, size_t& got, bool& more) {
  more = false;
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
    if (result != 1) return Wanted(result);
    more = SSL_has_pending(ssl_.get()) == 1;
    return Io::kDone;
  }
  const ssize_t result = recv(fd_.get(), into.data(), into.size(), 0);
  if (result < 0) return errno == EAGAIN || errno == EINTR ? Io::kWantRead : Io::kClosed;
  got = static_cast<size_t>(result);
  return got > 0 ? Io::kDone : Io::kClosed;
}

Socket::Io Socket::Write(std::string_view bytes, size_t& sent) {
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
    return result == 1 ? Io::kDone : Wanted(result);
  }
  const ssize_t result = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (result < 0) return errno == EAGAIN || errno == EINTR ? Io::kWantWrite : Io::kClosed;
  sent = static_cast<size_t>(result);
  return Io::kDone;
}

void Socket::EndWriting() {
  if (ssl_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  shutdown(fd_.get(), SHUT_WR);
}

}  // namespace lscp::gateway::wire
