#include "tests/load/echo.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/config/load.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/status/macros.h"

namespace lscp::tests {
namespace {

using safeguarding::config::v1::ServerConfig;

void AddMethod(rpc::RawService& service, const std::string& path, size_t bytes) {
  const std::string reply(bytes, 'e');
  service.AddUnary(path, [reply](grpc::CallbackServerContext* context, const grpc::ByteBuffer*,
                                 grpc::ByteBuffer* buffer) {
    *buffer = rpc::ToByteBuffer(reply);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  });
}

absl::StatusOr<std::unique_ptr<rpc::GrpcServer>> Serve(const std::vector<std::string>& arguments,
                                                       rpc::RawService& service) {
  if (arguments.empty()) return absl::InvalidArgumentError("no server configuration");
  ASSIGN_OR_RETURN(const auto config, LoadTextProto<ServerConfig>(arguments.front()));
  for (size_t i = 1; i < arguments.size(); ++i) {
    const size_t equals = arguments[i].find('=');
    if (equals == std::string::npos) return absl::InvalidArgumentError(arguments[i]);
    AddMethod(service, arguments[i].substr(0, equals),
              std::strtoul(arguments[i].c_str() + equals + 1, nullptr, 10));
  }
  ASSIGN_OR_RETURN(auto server, rpc::GrpcServer::Start(config, {&service}));
  server->SetServing("", true);
  return server;
}

}  // namespace

int RunEcho(const std::vector<std::string>& arguments) {
  rpc::RawService service;
  const auto server = Serve(arguments, service);
  if (!server.ok()) {
    std::fprintf(stderr, "echo: %s\n", server.status().ToString().c_str());
    return 1;
  }
  while (true) pause();
}

absl::StatusOr<Backend> StartEcho(const std::string& directory,
                                  const safeguarding::config::v1::TlsConfig& tls,
                                  const std::vector<EchoMethod>& methods) {
  ServerConfig config;
  config.set_address("127.0.0.1:0");
  config.set_port_file(directory + "/echo.port");
  *config.mutable_tls() = tls;
  RETURN_IF_ERROR(WriteText(directory + "/echo.textproto", config.DebugString()));
  std::vector<std::string> command = {"/proc/self/exe", "--echo", directory + "/echo.textproto"};
  for (const EchoMethod& method : methods) {
    command.push_back(absl::StrCat(method.path, "=", method.reply_bytes));
  }
  Backend echo;
  echo.process = std::make_unique<testing::ChildProcess>(command, directory + "/echo.log");
  ASSIGN_OR_RETURN(echo.port, PortFrom(*echo.process, config.port_file()));
  return echo;
}

}  // namespace lscp::tests
