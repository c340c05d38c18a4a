#include "gateway/wire/test_peers.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "absl/time/clock.h"

namespace lscp::gateway::wire {
namespace {

std::pair<Fd, Fd> SocketPair() {
  std::array<int, 2> ends = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    std::abort();
  }
  return {Fd(ends[0]), Fd(ends[1])};
}

HeaderBlock Answer() {
  HeaderBlock answer;
  answer.Add(":status", "200");
  answer.Add("content-type", "application/grpc");
  return answer;
}

HeaderBlock Ok() {
  HeaderBlock trailers;
  trailers.Add("grpc-status", "0");
  return trailers;
}

std::string Health(bool serving) { return {0, 0, 0, 0, 2, 8, static_cast<char>(serving ? 1 : 2)}; }

void Remove(std::vector<Stream*>& streams, Stream* stream) {
  streams.erase(std::remove(streams.begin(), streams.end(), stream), streams.end());
}

}  // namespace

bool Eventually(Loop& loop, const std::function<bool()>& condition) {
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!On(loop, condition)) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

class TestService::Request final : public StreamListener {
 public:
  Request(TestService& service, Stream& stream) : service_(service), stream_(stream) {}

  void OnHeaders(const HeaderBlock& headers, bool last) override {
    path_ = headers.Find(":path");
    if (path_ == "/grpc.health.v1.Health/Watch") {
      service_.watches_.push_back(&stream_);
      stream_.Respond(Answer());
      return stream_.Write(Health(service_.serving_));
    }
    ++service_.requests_;
    if (path_ == "/hold") return service_.held_.push_back(&stream_);
    if (path_ == "/reset") return stream_.Reset(NGHTTP2_ENHANCE_YOUR_CALM);
    stream_.Respond(Answer());
    if (path_ == "/flood") stream_.Write(std::string(kFlood, 'x'));
    if (last) OnEnd();
  }
  void OnData(std::string_view bytes) override {
    stream_.Consume(bytes.size());
    if (path_ == "/echo") stream_.Write(bytes);
  }
  void OnEnd() override {
    if (path_ == "/echo" || path_ == "/flood") stream_.End(Ok());
  }
  void OnSent(size_t) override {}
  void OnClosed(uint32_t error) override {
    service_.last_error_ = error;
    Remove(service_.watches_, &stream_);
    Remove(service_.held_, &stream_);
  }

 private:
  TestService& service_;
  Stream& stream_;
  std::string path_;
};

Connector TestService::connector() {
  return [this]() -> std::optional<Socket> {
    if (!reachable_) return std::nullopt;
    return Socket(RawConnection());
  };
}

Fd TestService::RawConnection() {
  auto [ours, theirs] = SocketPair();
  sessions_.push_back(std::make_shared<Session>(loop_, Session::Role::kServer,
                                                Socket(std::move(ours)), *this, SessionLimits{}));
  sessions_.back()->Start();
  return std::move(theirs);
}

void TestService::SetServing(bool serving) {
  serving_ = serving;
  for (Stream* const watch : watches_) watch->Write(Health(serving));
}

void TestService::Release() {
  for (Stream* const stream : held_) {
    stream->Respond(Answer());
    stream->End(Ok());
  }
}

void TestService::Drain() {
  for (const auto& session : std::vector<std::shared_ptr<Session>>(sessions_)) session->Drain();
  for (Stream* const watch : watches_) watch->End(Ok());
}

void TestService::Drop() {
  while (!sessions_.empty()) sessions_.back()->Close();
}

std::unique_ptr<StreamListener> TestService::OnStream(Session&, Stream& stream) {
  return std::make_unique<Request>(*this, stream);
}

void TestService::OnClosed(Session& session) {
  const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                  [&](const auto& entry) { return entry.get() == &session; });
  loop_.Bury(std::move(*found));
  sessions_.erase(found);
}

void TestCall::OnHeaders(const HeaderBlock& headers, bool last) {
  status = headers.Find(last ? "grpc-status" : ":status");
}

void TestCall::OnData(std::string_view bytes) {
  body.append(bytes);
  if (consumes) stream->Consume(bytes.size());
}

void TestCall::OnClosed(uint32_t why) {
  closed = true;
  error = why;
  stream = nullptr;
}

void Send(Session& session, const std::string& path, const std::string& body, TestCall& call) {
  HeaderBlock request;
  request.Add(":method", "POST");
  request.Add(":scheme", "http");
  request.Add(":path", path);
  request.Add(":authority", "test");
  call.stream = session.Open(request, call);
  if (!call.stream) return;
  call.stream->Write(body);
  call.stream->End();
}

}  // namespace lscp::gateway::wire
