#include "common/observe/admin_server.h"

#include <CivetServer.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <stop_token>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/observe/build_info.h"
#include "common/observe/json.h"
#include "common/observe/log.h"

namespace lscp {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8";
constexpr char kJson[] = "application/json";
// Version of the text format: what Prometheus' own libraries answer.
constexpr char kMetricsText[] = "text/plain; version=0.0.4; charset=utf-8";

struct Reply {
  int code = 200;
  const char* reason = "OK";
  const char* type = kText;
  std::string body;
};

void Send(mg_connection* connection, const Reply& reply, bool with_body) {
  std::string text =
      absl::StrCat("HTTP/1.1 ", reply.code, " ", reply.reason, "\r\nContent-Type: ", reply.type,
                   "\r\nContent-Length: ", reply.body.size(),
                   "\r\nCache-Control: no-store\r\nConnection: close\r\n");
  if (reply.code == 405) text += "Allow: GET, HEAD\r\n";
  text += "\r\n";
  if (with_body) text += reply.body;
  mg_write(connection, text.data(), text.size());
}

// Connects to the server and hangs up.
void Knock(const std::string& host, int port) {
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return;
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd >= 0) {
    if (connect(fd, found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS) {
      LogWarning("admin server cannot be woken", {{"errno", errno}});
    }
    close(fd);
  }
  freeaddrinfo(found);
}

int LogMessage(const mg_connection*, const char* message) {
  LogWarning("admin server", {{"detail", message}});
  return 1;
}

}  // namespace

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  int port = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.size() > 5 ||
      port < 0 || port > 65535) {
    return std::nullopt;
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == std::string_view::npos) return std::nullopt;
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  for (const char c : host) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '%';
    if (!allowed) return std::nullopt;
  }
  return HostPort{std::string(host), port};
}

class AdminServer::Impl : public CivetHandler {
 public:
  Impl(Options options, Metrics& metrics) : options_(std::move(options)), metrics_(metrics) {}
  // CivetWeb's listener sees that it is to stop only when its poll of two seconds ends or somebody
  // connects, so somebody does.
  ~Impl() override {
    if (server_ == nullptr) return;
    std::jthread waker([this](std::stop_token stopped) {
      while (!stopped.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        Knock(host_, port_);
      }
    });
    server_.reset();
  }

  absl::Status Start() {
    const auto address = ParseHostPort(options_.address);
    if (!address) {
      return absl::InvalidArgumentError(
          absl::StrCat("admin address \"", options_.address, "\" is not host:port"));
    }
    host_ = address->host.empty() ? "0.0.0.0" : address->host;
    if (host_ == "localhost") host_ = "127.0.0.1";
    if (host_.find(':') != std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("admin address \"", options_.address, "\": CivetWeb is built without IPv6"));
    }
    const std::string listen = absl::StrCat(host_, ":", address->port);
    const std::vector<std::string> settings = {
        "listening_ports",  listen, "num_threads",        "2",    "connection_queue",  "8",
        "max_request_size", "4096", "request_timeout_ms", "5000", "enable_keep_alive", "no"};
    CivetCallbacks callbacks;
    callbacks.log_message = LogMessage;
    try {
      server_ = std::make_unique<CivetServer>(settings, &callbacks);
    } catch (const CivetException&) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen for admin HTTP on ", options_.address));
    }
    const std::vector<int> ports = server_->getListeningPorts();
    if (ports.empty()) return absl::UnavailableError("admin HTTP listens nowhere");
    port_ = ports.front();
    server_->addHandler("", this);
    return absl::OkStatus();
  }

  int port() const { return port_; }

  bool handleGet(CivetServer*, mg_connection* connection) override {
    Send(connection, Answer(connection), true);
    return true;
  }
  bool handleHead(CivetServer*, mg_connection* connection) override {
    Send(connection, Answer(connection), false);
    return true;
  }
  bool handlePost(CivetServer*, mg_connection* connection) override { return Refuse(connection); }
  bool handlePut(CivetServer*, mg_connection* connection) override { return Refuse(connection); }
  bool handleDelete(CivetServer*, mg_connection* connection) override { return Refuse(connection); }
  bool handlePatch(CivetServer*, mg_connection* connection) override { return Refuse(connection); }
  bool handleOptions(CivetServer*, mg_connection* connection) override {
    return Refuse(connection);
  }

 private:
  static bool Refuse(mg_connection* connection) {
    Send(connection, {405, "Method Not Allowed", kText, "only GET and HEAD\n"}, true);
    return true;
  }

  Reply Answer(mg_connection* connection) {
    const std::string_view path = mg_get_request_info(connection)->local_uri;
    if (path == "/metrics") return {200, "OK", kMetricsText, metrics_.Text()};
    if (path == "/livez" || path == "/healthz") return {200, "OK", kText, "ok\n"};
    if (path == "/readyz") return Ready();
    if (path == "/version") return Version();
    return {404, "Not Found", kText, "not found\n"};
  }

  Reply Ready() const {
    const std::vector<std::string> failed = options_.failed_checks();
    if (failed.empty()) return {200, "OK", kText, "ok\n"};
    std::string body = "not ready\n";
    for (const std::string& check : failed) absl::StrAppend(&body, check, "\n");
    return {503, "Service Unavailable", kText, body};
  }

  Reply Version() const {
    return {200, "OK", kJson,
            absl::StrCat("{\"service\":", JsonString(options_.service),
                         ",\"version\":", JsonString(kBuildVersion),
                         ",\"revision\":", JsonString(kBuildRevision), "}\n")};
  }

  const Options options_;
  Metrics& metrics_;
  std::string host_;
  int port_ = 0;
  std::unique_ptr<CivetServer> server_;
};

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(Options options, Metrics& metrics) {
  auto impl = std::make_unique<Impl>(std::move(options), metrics);
  if (absl::Status started = impl->Start(); !started.ok()) return started;
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(impl)));
}

AdminServer::AdminServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AdminServer::~AdminServer() = default;

int AdminServer::port() const { return impl_->port(); }

}  // namespace lscp
