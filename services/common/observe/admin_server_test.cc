#include "common/observe/admin_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace lscp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Sends one request and returns all that comes back.
std::string Exchange(int port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience = {.tv_sec = 10, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    char buffer[4096];
    for (ssize_t got; (got = recv(fd, buffer, sizeof(buffer), 0)) > 0;) reply.append(buffer, got);
  }
  close(fd);
  return reply;
}

std::string Get(int port, const std::string& path, const std::string& method = "GET") {
  return Exchange(port,
                  method + " " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
}

class AdminServerTest : public testing::Test {
 protected:
  AdminServerTest() {
    server_ = AdminServer::Start({.address = "127.0.0.1:0",
                                  .service = "trial",
                                  .failed_checks =
                                      [this] {
                                        return ready_
                                                   ? std::vector<std::string>()
                                                   : std::vector<std::string>{"database", "schema"};
                                      }},
                                 metrics_)
                  .value();
  }
  Metrics metrics_;
  std::atomic<bool> ready_ = true;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, ServesMetricsAsPrometheusReadsThem) {
  metrics_.Gauge("lscp_trial_depth", "Depth now.").Set(3);
  const std::string reply = Get(server_->port(), "/metrics");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(reply, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(reply, HasSubstr("\nlscp_trial_depth 3\n"));
}

TEST_F(AdminServerTest, StaysAliveWhileNotReady) {
  EXPECT_THAT(Get(server_->port(), "/readyz"), StartsWith("HTTP/1.1 200 "));
  ready_ = false;
  const std::string reply = Get(server_->port(), "/readyz");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(reply, HasSubstr("\r\n\r\nnot ready\ndatabase\nschema\n"));
  EXPECT_THAT(Get(server_->port(), "/livez"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Get(server_->port(), "/healthz"), StartsWith("HTTP/1.1 200 "));
  ready_ = true;
  EXPECT_THAT(Get(server_->port(), "/readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminServerTest, TellsWhichBuildItIs) {
  EXPECT_THAT(Get(server_->port(), "/version"), HasSubstr("{\"service\":\"trial\",\"version\":\""));
}

TEST_F(AdminServerTest, AnswersNothingElse) {
  for (const char* path :
       {"/", "/metrics/x", "/metricsx", "/../etc/passwd", "/%2e%2e/etc/passwd", "/livez/"}) {
    EXPECT_THAT(Get(server_->port(), path), Not(StartsWith("HTTP/1.1 200"))) << path;
  }
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const std::string reply = Get(server_->port(), "/livez", method);
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 405 ")) << method;
    EXPECT_THAT(reply, HasSubstr("Allow: GET, HEAD\r\n")) << method;
  }
  const std::string head = Get(server_->port(), "/livez", "HEAD");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST_F(AdminServerTest, SurvivesWhatIsNoHttp) {
  for (const std::string& junk :
       {std::string("\0\xFF\x16\x03\x01", 5), std::string("GET\r\n\r\n"),
        std::string("GET /livez HTTP/9.9\r\n\r\n"), std::string(20'000, 'A') + "\r\n\r\n"}) {
    Exchange(server_->port(), junk + "\r\n\r\n");
  }
  EXPECT_THAT(Get(server_->port(), "/livez"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminServerTest, StopsWhileItIsAsked) {
  std::atomic<bool> stop = false;
  std::thread asking([&, port = server_->port()] {
    while (!stop) Get(port, "/metrics");
  });
  server_.reset();
  stop = true;
  asking.join();
}

TEST(AdminServer, SaysWhyItCannotStart) {
  Metrics metrics;
  const auto checks = [] { return std::vector<std::string>(); };
  EXPECT_EQ(AdminServer::Start({"nonsense", "trial", checks}, metrics).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(AdminServer::Start({"[::1]:0", "trial", checks}, metrics).status().code(),
            absl::StatusCode::kInvalidArgument);
  auto first = AdminServer::Start({"127.0.0.1:0", "trial", checks}, metrics);
  ASSERT_TRUE(first.ok());
  const std::string taken = "127.0.0.1:" + std::to_string((*first)->port());
  EXPECT_EQ(AdminServer::Start({taken, "trial", checks}, metrics).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(ParseHostPort, TakesHostsAndPortsOnly) {
  const struct {
    const char* text;
    const char* host;  // nullptr: refused
    int port;
  } kCases[] = {
      {"0.0.0.0:9090", "0.0.0.0", 9090},
      {"127.0.0.1:0", "127.0.0.1", 0},
      {":80", "", 80},
      {"localhost:65535", "localhost", 65535},
      {"[::1]:80", "::1", 80},
      {"[::]:0", "::", 0},
      {"", nullptr, 0},
      {"80", nullptr, 0},
      {"host:", nullptr, 0},
      {"host:65536", nullptr, 0},
      {"host:-1", nullptr, 0},
      {"host:80x", nullptr, 0},
      {"host: 80", nullptr, 0},
      {"::1:80", nullptr, 0},
      {"[host]:80", nullptr, 0},
      {"a b:80", nullptr, 0},
      {"host,1:80", nullptr, 0},
      {"host:999999999999", nullptr, 0},
      {"host:000080", nullptr, 0},
  };
  for (const auto& c : kCases) {
    const auto parsed = ParseHostPort(c.text);
    ASSERT_EQ(parsed.has_value(), c.host != nullptr) << c.text;
    if (parsed) {
      EXPECT_EQ(parsed->host, c.host);
      EXPECT_EQ(parsed->port, c.port);
    }
  }
}

}  // namespace
}  // namespace lscp
