#include "gateway/wire/backend.h"

#include <algorithm>
#include <random>

#include "gateway/wire/grpc_words.h"
#include "grpc/health/v1/health.pb.h"

namespace lscp::gateway::wire {
namespace {

using grpc::health::v1::HealthCheckResponse;

constexpr absl::Duration kFirstBackOff = absl::Milliseconds(100);
constexpr absl::Duration kLongestBackOff = absl::Seconds(2);
constexpr absl::Duration kRewatch = absl::Milliseconds(500);
constexpr size_t kMostHealthBytes = 1 << 10;
constexpr size_t kPrefix = 5;
// An empty HealthCheckRequest: the whole process.
constexpr std::string_view kWatchRequest("\0\0\0\0\0", kPrefix);

// So that the loops do not all come back at once.
absl::Duration Jittered(absl::Duration delay) {
  thread_local std::minstd_rand engine(std::random_device{}());
  return delay * std::uniform_real_distribution<double>(0.8, 1.2)(engine);
}

}  // namespace

Backend::Backend(Loop& loop, Connector connect, bool watch_health, std::string authority,
                 const SessionLimits& limits, std::function<void()> changed)
    : loop_(loop),
      connect_(std::move(connect)),
      watch_health_(watch_health),
      authority_(std::move(authority)),
      limits_(limits),
      changed_(std::move(changed)),
      watch_(*this),
      back_off_(kFirstBackOff),
      reconnect_(loop, [this] { Connect(); }),
      rewatch_(loop, [this] { StartWatch(); }) {}

Backend::~Backend() {
  retired_ = true;
  changed_ = [] {};
  StopWatch();
  while (!old_.empty()) old_.back()->Close();
  if (current_) current_->Close();
}

Session* Backend::session() {
  if (state_ != State::kReady || !current_) return nullptr;
  if (current_->TakesRequests()) return current_.get();
  OnGoaway(*current_);  // it has no numbers left for streams
  return nullptr;
}

void Backend::Retire() {
  retired_ = true;
  reconnect_.Cancel();
  StopWatch();
  Become(State::kFailed);
  if (current_) current_->Drain();
}

void Backend::TryNow() {
  if (retired_ || current_) return;
  reconnect_.Cancel();
  Connect();
}

void Backend::Connect() {
  if (retired_ || current_) return;
  std::optional<Socket> socket = connect_();
  if (!socket) {
    Become(State::kFailed);
    return ConnectLater();
  }
  was_serving_ = false;
  current_ =
      std::make_shared<Session>(loop_, Session::Role::kClient, *std::move(socket), *this, limits_);
  current_->Start();
}

void Backend::ConnectLater() {
  if (retired_) return;
  reconnect_.Set(Jittered(back_off_));
  back_off_ = std::min(back_off_ * 1.6, kLongestBackOff);
}

void Backend::OnReady(Session& session) {
  if (&session != current_.get()) return;
  if (watch_health_) return StartWatch();
  HealthIs(true);
}

void Backend::OnGoaway(Session& session) {
  if (&session != current_.get()) return;
  StopWatch();
  old_.push_back(std::move(current_));
  current_.reset();
  session.Drain();
  if (retired_) return;
  Become(State::kConnecting);
  reconnect_.Set(was_serving_ ? absl::ZeroDuration() : Jittered(back_off_));
}

void Backend::OnClosed(Session& session) {
  const auto old = std::find_if(old_.begin(), old_.end(),
                                [&](const auto& entry) { return entry.get() == &session; });
  if (old != old_.end()) {
    loop_.Bury(std::move(*old));
    old_.erase(old);
    return changed_();
  }
  loop_.Bury(std::move(current_));
  current_.reset();
  rewatch_.Cancel();
  if (retired_) return changed_();
  if (was_serving_) {  // lost, and perhaps only restarted
    Become(State::kConnecting);
    was_serving_ = false;
    reconnect_.Set(absl::ZeroDuration());
  } else {
    Become(State::kFailed);
    ConnectLater();
  }
}

void Backend::StartWatch() {
  if (!current_ || watch_.stream) return;
  HeaderBlock request;
  request.Add(":method", "POST");
  request.Add(":scheme", "https");
  request.Add(":path", "/grpc.health.v1.Health/Watch");
  request.Add(":authority", authority_);
  request.Add("te", "trailers");
  request.Add("content-type", "application/grpc");
  watch_.status.clear();
  watch_.received.clear();
  watch_.stream = current_->Open(request, watch_);
  if (!watch_.stream) return;
  watch_.stream->Write(kWatchRequest);
  watch_.stream->End();
}

void Backend::StopWatch() {
  rewatch_.Cancel();
  if (!watch_.stream) return;
  watch_.stream->Detach();
  watch_.stream->Reset(NGHTTP2_CANCEL);
  watch_.stream = nullptr;
}

void Backend::HealthIs(bool serving) {
  if (retired_) return;
  if (serving) {
    was_serving_ = true;
    back_off_ = kFirstBackOff;
  }
  Become(serving ? State::kReady : State::kFailed);
}

void Backend::Become(State state) {
  if (state_ == state) return;
  // One that failed stays so until it is ready: callers are not kept waiting for every new attempt.
  if (state_ == State::kFailed && state == State::kConnecting) return;
  state_ = state;
  changed_();
}

void Backend::Watch::OnHeaders(const HeaderBlock& headers, bool last) {
  if (last) status = headers.Find("grpc-status");
}

void Backend::Watch::OnData(std::string_view bytes) {
  if (!stream) return;
  stream->Consume(bytes.size());
  received.append(bytes);
  while (received.size() >= kPrefix) {
    const auto byte = [&](size_t i) {
      return static_cast<size_t>(static_cast<uint8_t>(received[i]));
    };
    const size_t size = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
    if (size > kMostHealthBytes) return stream->Reset(NGHTTP2_CANCEL);
    if (received.size() < kPrefix + size) return;
    HealthCheckResponse response;
    const bool serving =
        response.ParseFromArray(received.data() + kPrefix, static_cast<int>(size)) &&
        response.status() == HealthCheckResponse::SERVING;
    received.erase(0, kPrefix + size);
    backend_.HealthIs(serving);
  }
}

// A backend that has no health service is taken to be well.
void Backend::Watch::OnClosed(uint32_t error) {
  stream = nullptr;
  if (error == kConnectionLost || backend_.retired_) return;
  const bool has_none = ParseCode(status) == absl::StatusCode::kUnimplemented;
  backend_.HealthIs(has_none);
  if (!has_none) backend_.rewatch_.Set(kRewatch);
}

}  // namespace lscp::gateway::wire
