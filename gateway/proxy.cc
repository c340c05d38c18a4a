#include "gateway/proxy.h"

#include <algorithm>
#include <thread>

#include "common/lifecycle/port_file.h"
#include "common/status/macros.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::GatewayConfig;

constexpr uint32_t kDefaultMessageBytes = 4 << 20;
constexpr absl::Duration kRefreshCertificates = absl::Seconds(1);
constexpr absl::Duration kRefreshNames = absl::Seconds(5);
constexpr unsigned kFewestWorkers = 2;
constexpr unsigned kMostWorkers = 16;

uint32_t MessageBytes(const GatewayConfig& config) {
  return config.server().max_message_bytes() ? config.server().max_message_bytes()
                                             : kDefaultMessageBytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Proxy>> Proxy::Start(const GatewayConfig& config,
                                                    const MethodTable& methods,
                                                    const RouteTable& routes, Decider& decider,
                                                    GatewayMetrics& metrics, LocalServices& local) {
  auto proxy = std::unique_ptr<Proxy>(new Proxy(config, methods, routes, decider, metrics, local));
  RETURN_IF_ERROR(proxy->SetUp());
  return proxy;
}

Proxy::Proxy(const GatewayConfig& config, const MethodTable& methods, const RouteTable& routes,
             Decider& decider, GatewayMetrics& metrics, LocalServices& local)
    : config_(config), routes_(routes), parts_{config,  methods, routes, upstreams_,
                                               decider, metrics, local,  MessageBytes(config)} {}

absl::Status Proxy::SetUp() {
  using wire::TlsFiles;
  ASSIGN_OR_RETURN(server_tls_, TlsFiles::Open(config_.server().tls(), TlsFiles::Side::kServer));
  ASSIGN_OR_RETURN(upstream_tls_, TlsFiles::Open(config_.upstream_tls(), TlsFiles::Side::kClient));
  ASSIGN_OR_RETURN(upstreams_, Upstreams::Create(routes_, *upstream_tls_));
  ASSIGN_OR_RETURN(wire::Listening listening, wire::Listen(config_.server().address()));
  port_ = listening.port;
  RETURN_IF_ERROR(WritePortFile(config_.server().port_file(), port_));
  const unsigned count =
      std::clamp(std::thread::hardware_concurrency(), kFewestWorkers, kMostWorkers);
  for (unsigned i = 0; i < count; ++i) {
    workers_.push_back(std::make_unique<Worker>(parts_, open_));
  }
  for (size_t i = 0; i < upstreams_.size(); ++i) {
    upstreams_.at(i).WhenReady([this, i] { TryEverywhere(i); });
  }
  Listen(std::move(listening.fd));
  for (const auto& worker : workers_) worker->loop().Start();
  certificates_ = std::make_unique<Periodic>(kRefreshCertificates, [this] {
    server_tls_->Refresh();
    upstream_tls_->Refresh();
    upstreams_.RefreshCertificates();
  });
  names_ = std::make_unique<Periodic>(kRefreshNames, [this] { ResolveAll(); });
  return absl::OkStatus();
}

Proxy::~Proxy() {
  Shutdown(absl::InfinitePast());
  listener_.reset();
}

void Proxy::Listen(wire::Fd fd) {
  listener_ =
      std::make_unique<wire::Listener>(workers_.front()->loop(), std::move(fd), open_,
                                       [this](wire::Fd taken) { Accept(std::move(taken)); });
  listener_->Start();
}

// Connections go round the loops.
void Proxy::Accept(wire::Fd fd) {
  Worker& worker = *workers_[next_worker_++ % workers_.size()];
  const auto shared = std::make_shared<wire::Fd>(std::move(fd));
  worker.loop().Post([this, &worker, shared] {
    worker.door().Take(wire::Socket(std::move(*shared), wire::AcceptTls(server_tls_->Current())));
  });
}

// What one loop reaches, the others need not wait for: callers come to any of them.
void Proxy::TryEverywhere(size_t upstream) {
  for (const auto& worker : workers_) {
    Worker* const there = worker.get();
    there->loop().Post([there, upstream] { there->pool(upstream).TryNow(); });
  }
}

void Proxy::ResolveAll() {
  for (size_t i = 0; i < upstreams_.size(); ++i) {
    const std::optional<Upstream::Backends> backends = upstreams_.at(i).Resolve();
    if (!backends) continue;
    for (const auto& worker : workers_) {
      Worker* const there = worker.get();
      there->loop().Post([there, i, backends] { there->pool(i).SetBackends(*backends); });
    }
  }
}

bool Proxy::Ready(size_t route) const {
  return upstreams_.at(upstreams_.IndexOf(route)).Ready(static_cast<int>(workers_.size()));
}

void Proxy::Shutdown(absl::Time deadline) {
  if (workers_.empty()) return;
  workers_.front()->loop().Post([this] { listener_->Stop(); });
  for (const auto& worker : workers_) {
    Worker* const there = worker.get();
    there->loop().Post([there] {
      there->EndWatches();
      there->door().Drain();
    });
  }
  open_.WaitForNone(deadline);
  for (const auto& worker : workers_) {
    Worker* const there = worker.get();
    there->loop().Post([there] { there->door().CloseAll(); });
    there->loop().Stop();
  }
  certificates_.reset();
  names_.reset();  // the last, since a name service that hangs is waited for
}

}  // namespace lscp::gateway
