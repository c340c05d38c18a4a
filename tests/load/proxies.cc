#include "tests/load/proxies.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/config/load.h"
#include "common/status/macros.h"

namespace lscp::tests {
namespace {

using safeguarding::config::v1::GatewayConfig;
using safeguarding::config::v1::TlsConfig;

constexpr absl::Duration kPatience = absl::Seconds(30);

// Temporary files stay in the directory: Debian's paths need root. $0 directory, $1 port, $2 server
// certificate, $3 its key, $4 authority, $5 client certificate, $6 its key, $7 backend's port, $8
// user, $9 workers.
constexpr char kNginx[] = R"(daemon off;
$8
worker_processes $9;
pid $0/nginx.pid;
error_log $0/nginx.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $0/nginx-body;
  proxy_temp_path $0/nginx-proxy;
  fastcgi_temp_path $0/nginx-fastcgi;
  uwsgi_temp_path $0/nginx-uwsgi;
  scgi_temp_path $0/nginx-scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  upstream backend {
    server 127.0.0.1:$7;
    keepalive 64;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:$1 ssl http2;
    ssl_certificate $2;
    ssl_certificate_key $3;
    ssl_client_certificate $4;
    ssl_verify_client on;
    http2_max_concurrent_streams 1000;
    location / {
      grpc_pass grpcs://backend;
      grpc_ssl_certificate $5;
      grpc_ssl_certificate_key $6;
      grpc_ssl_trusted_certificate $4;
      grpc_ssl_verify on;
      grpc_ssl_name localhost;
      grpc_ssl_server_name on;
    }
  }
}
)";

// $0 port, $1 certificate with key, $2 authority, $3 client certificate with key, $4 backend's
// port, $5 threads.
constexpr char kHaproxy[] = R"(global
  nbthread $5
  maxconn 4096
  tune.h2.max-concurrent-streams 1000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend partners
  bind 127.0.0.1:$0 proto h2 alpn h2 ssl crt $1 ca-file $2 verify required
  default_backend service
backend service
  server service 127.0.0.1:$4 proto h2 alpn h2 ssl crt $3 ca-file $2 verify required verifyhost localhost
)";

std::string ContentOf(const std::string& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool Listens(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool connected =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connected;
}

bool Installed(const std::string& program) {
  for (const char* directory : {"/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/"}) {
    if (access((directory + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

bool WaitFor(testing::ChildProcess& process, const std::function<bool()>& ready) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!ready()) {
    if (!process.Running() || absl::Now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

absl::StatusOr<Backend> Start(const std::string& name, const std::string& directory,
                              const std::vector<std::string>& command,
                              const std::function<std::string(int port)>& config) {
  if (!Installed(name)) return absl::NotFoundError(absl::StrCat("no ", name, " on this machine"));
  // These programs cannot tell which port they were given, so they are told.
  Backend backend;
  backend.reserved = std::make_unique<testing::ReservedPort>();
  backend.port = backend.reserved->number();
  RETURN_IF_ERROR(WriteText(absl::StrCat(directory, "/", name, ".conf"), config(backend.port)));
  backend.process =
      std::make_unique<testing::ChildProcess>(command, absl::StrCat(directory, "/", name, ".out"));
  if (WaitFor(*backend.process, [&] { return Listens(backend.port); })) return backend;
  return absl::UnavailableError(
      absl::StrCat(name, ": ", ContentOf(absl::StrCat(directory, "/", name, ".out"))));
}

std::string Cores() { return absl::StrCat(std::max(1u, std::thread::hardware_concurrency())); }

// Certificate and key in one file, as HAProxy wants them.
absl::StatusOr<std::string> Joined(const std::string& directory, const char* name,
                                   const TlsConfig& tls) {
  const std::string file = absl::StrCat(directory, "/", name, ".pem");
  RETURN_IF_ERROR(WriteText(file, ContentOf(tls.certificate_file()) + ContentOf(tls.key_file())));
  return file;
}

}  // namespace

absl::Status WriteText(const std::string& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) return absl::FailedPreconditionError(absl::StrCat("cannot write '", file, "'"));
  return absl::OkStatus();
}

absl::StatusOr<int> PortFrom(testing::ChildProcess& process, const std::string& file) {
  if (!WaitFor(process, [&] { return access(file.c_str(), R_OK) == 0; })) {
    return absl::UnavailableError(absl::StrCat("nobody wrote ", file));
  }
  return std::atoi(ContentOf(file).c_str());
}

absl::StatusOr<Backend> StartNginx(const ProxyPlan& plan) {
  const std::string user = geteuid() == 0 ? "user root;" : "";
  const std::string file = plan.directory + "/nginx.conf";
  return Start("nginx", plan.directory, {"nginx", "-p", plan.directory, "-c", file}, [&](int port) {
    return absl::Substitute(kNginx, plan.directory, port, plan.server.certificate_file(),
                            plan.server.key_file(), plan.server.ca_file(),
                            plan.client.certificate_file(), plan.client.key_file(),
                            plan.backend_port, user, Cores());
  });
}

absl::StatusOr<Backend> StartHaproxy(const ProxyPlan& plan) {
  ASSIGN_OR_RETURN(const std::string server, Joined(plan.directory, "haproxy-server", plan.server));
  ASSIGN_OR_RETURN(const std::string client, Joined(plan.directory, "haproxy-client", plan.client));
  return Start("haproxy", plan.directory,
               {"haproxy", "-db", "-f", plan.directory + "/haproxy.conf"}, [&](int port) {
                 return absl::Substitute(kHaproxy, port, server, plan.server.ca_file(), client,
                                         plan.backend_port, Cores());
               });
}

absl::StatusOr<Backend> StartGatewayTo(const std::string& config_file, const ProxyPlan& plan) {
  ASSIGN_OR_RETURN(auto config, LoadTextProto<GatewayConfig>(config_file));
  const std::string base = plan.directory + "/gateway-to-echo";
  config.mutable_server()->set_address("127.0.0.1:0");
  config.mutable_server()->set_port_file(base + ".port");
  config.mutable_admin()->set_port_file(base + ".admin-port");
  for (auto& route : *config.mutable_routes()) {
    route.set_target(absl::StrCat("ipv4:127.0.0.1:", plan.backend_port));
  }
  RETURN_IF_ERROR(WriteText(base + ".textproto", config.DebugString()));
  Backend gateway;
  gateway.process = std::make_unique<testing::ChildProcess>(
      std::vector<std::string>{LSCP_BINARY_DIR "/lscp-gateway", "--config", base + ".textproto"},
      base + ".log");
  ASSIGN_OR_RETURN(gateway.port, PortFrom(*gateway.process, config.server().port_file()));
  return gateway;
}

}  // namespace lscp::tests
