#include "common/testing/reserved_port.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lscp::testing {
namespace {

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  }
  ~Socket() { close(fd_); }

  bool ListensAt(int port) const {
    const sockaddr_in address = Loopback(port);
    return bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
           listen(fd_, 1) == 0;
  }
  bool ConnectsTo(int port) const {
    const sockaddr_in address = Loopback(port);
    return connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }

 private:
  static sockaddr_in Loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  int fd_;
};

TEST(ReservedPort, IsTakenByWhoeverNamesItAgainAndAgain) {
  const ReservedPort port;
  for (int i = 0; i < 3; ++i) {
    const Socket server;
    const Socket client;
    ASSERT_TRUE(server.ListensAt(port.number()));
    EXPECT_TRUE(client.ConnectsTo(port.number()));
  }
  EXPECT_FALSE(Socket().ConnectsTo(port.number())) << "nobody listens there by itself";
}

TEST(ReservedPort, EachIsAnother) {
  const ReservedPort one;
  const ReservedPort other;
  EXPECT_NE(one.number(), other.number());
}

}  // namespace
}  // namespace lscp::testing
