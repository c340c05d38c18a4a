#include "gateway/worker.h"

#include "gateway/call.h"

namespace lscp::gateway {
namespace {

constexpr uint32_t kDefaultConnectionAgeSeconds = 300;

absl::Duration ConnectionAge(const safeguarding::config::v1::ServerConfig& config) {
  return absl::Seconds(config.max_connection_age_seconds() ? config.max_connection_age_seconds()
                                                           : kDefaultConnectionAgeSeconds);
}

// Towards services, whose address may have gone without a word.
wire::SessionLimits UpstreamLimits() {
  wire::SessionLimits limits;
  limits.keepalive = absl::Seconds(30);
  limits.keepalive_timeout = absl::Seconds(10);
  return limits;
}

// Towards ourselves nobody is lost, and gRPC counts pings as an attack.
wire::SessionLimits LocalLimits() {
  wire::SessionLimits limits;
  limits.keepalive = absl::InfiniteDuration();
  return limits;
}

}  // namespace

Worker::Worker(const ProxyParts& parts, wire::OpenConnections& open)
    : local_(loop_, "localhost", /*watch_health=*/false, LocalLimits(), [](bool) {}),
      door_(
          loop_, ConnectionAge(parts.config.server()),
          [this, &parts](wire::Session& session, wire::Stream& stream) {
            return std::make_unique<Call>(parts, *this, session.spiffe_id(), stream);
          },
          open) {
  for (size_t i = 0; i < parts.upstreams.size(); ++i) {
    Upstream& upstream = parts.upstreams.at(i);
    pools_.push_back(std::make_unique<wire::Pool>(
        loop_, upstream.name(), /*watch_health=*/true, UpstreamLimits(),
        [&upstream](bool ready) { upstream.LoopIsReady(ready); }));
  }
  local_.SetBackends({{"local", [&parts]() -> std::optional<wire::Socket> {
                         wire::Fd fd = parts.local.Connect();
                         if (!fd) return std::nullopt;
                         return wire::Socket(std::move(fd));
                       }}});
}

Worker::~Worker() { loop_.Stop(); }

bool Worker::AddWatch(Call& call) {
  if (!watches_ended_) watches_.insert(&call);
  return !watches_ended_;
}

void Worker::EndWatches() {
  watches_ended_ = true;
  for (Call* const call : std::set<Call*>(watches_)) call->ShutDown();
}

}  // namespace lscp::gateway
