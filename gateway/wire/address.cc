#include "gateway/wire/address.h"

#include <netdb.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace lscp::gateway::wire {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList LookUp(const Place& place, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0) found = nullptr;
  return AddressList(found, &freeaddrinfo);
}

int PortOf(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
  const uint16_t port = storage.ss_family == AF_INET6
                            ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                            : reinterpret_cast<const sockaddr_in&>(storage).sin_port;
  return ntohs(port);
}

Fd ListenOn(const addrinfo& address) {
  Fd fd(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (fd && setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      bind(fd.get(), address.ai_addr, address.ai_addrlen) == 0 &&
      listen(fd.get(), SOMAXCONN) == 0) {
    return fd;
  }
  return Fd();
}

}  // namespace

absl::StatusOr<Place> ParsePlace(const std::string& target) {
  std::string_view rest = target;
  for (const std::string_view scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"}) {
    if (rest.starts_with(scheme)) {
      rest.remove_prefix(scheme.size());
      break;
    }
  }
  const size_t colon = rest.rfind(':');
  std::string_view host = rest.substr(0, std::min(colon, rest.size()));
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool sound = colon != std::string_view::npos && colon + 1 < rest.size() && !host.empty() &&
                     (bracketed || host.find(':') == std::string_view::npos) &&
                     host.find_first_of("/, []") == std::string_view::npos;
  if (sound) return Place{std::string(host), std::string(rest.substr(colon + 1))};
  return absl::InvalidArgumentError(absl::StrCat("'", target, "' is not host:port"));
}

absl::StatusOr<std::vector<Address>> Resolve(const Place& place) {
  const AddressList found = LookUp(place, 0);
  std::vector<Address> addresses;
  for (const addrinfo* entry = found.get(); entry; entry = entry->ai_next) {
    Address& address = addresses.emplace_back();
    address.size = std::min<socklen_t>(entry->ai_addrlen, sizeof(address.storage));
    std::memcpy(&address.storage, entry->ai_addr, address.size);
  }
  if (addresses.empty()) return absl::UnavailableError(absl::StrCat("no address for ", place.host));
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

Fd Connect(const Address& address) {
  Fd fd(socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fd;
  SetNoDelay(fd.get());
  const auto* const to = reinterpret_cast<const sockaddr*>(&address.storage);
  if (connect(fd.get(), to, address.size) != 0 && errno != EINPROGRESS) return Fd();
  return fd;
}

absl::StatusOr<Listening> Listen(const std::string& address) {
  ASSIGN_OR_RETURN(const Place place, ParsePlace(address));
  const AddressList found = LookUp(place, AI_PASSIVE);
  for (const addrinfo* entry = found.get(); entry; entry = entry->ai_next) {
    if (Fd fd = ListenOn(*entry)) {
      const int port = PortOf(fd.get());
      return Listening{std::move(fd), port};
    }
  }
  return absl::FailedPreconditionError(absl::StrCat("cannot listen on '", address, "'"));
}

void SetNoDelay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace lscp::gateway::wire
