#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/wire/loop.h"

namespace lscp::gateway::wire {

// Where a TCP connection goes.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  std::string_view bytes() const { return {reinterpret_cast<const char*>(&storage), size}; }
  bool operator<(const Address& other) const { return bytes() < other.bytes(); }
  bool operator==(const Address& other) const { return bytes() == other.bytes(); }
};

// A place as configured: "host:port", with "dns:" or "dns:///" before it or "ipv4:" or "ipv6:".
struct Place {
  std::string host;
  std::string port;
};

// INVALID_ARGUMENT when it is none.
absl::StatusOr<Place> ParsePlace(const std::string& target);

// The addresses that the place has now, sorted. Asks the name service: blocks. UNAVAILABLE when it
// does not say.
absl::StatusOr<std::vector<Address>> Resolve(const Place& place);

// A socket on its way to the address. Nothing when the system gives none.
Fd Connect(const Address& address);

// A listening socket, and its port. FAILED_PRECONDITION when the address is taken or is none.
struct Listening {
  Fd fd;
  int port = 0;
};
absl::StatusOr<Listening> Listen(const std::string& address);

// For connections that were accepted.
void SetNoDelay(int fd);

}  // namespace lscp::gateway::wire
