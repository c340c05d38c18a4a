#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "gateway/wire/backend.h"
#include "gateway/wire/session.h"

namespace lscp::gateway::wire {

// For tests: does something on the loop's thread and waits for its result.
template <typename Function>
auto On(Loop& loop, Function function) {
  std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
  auto result = task.get_future();
  loop.Post([&task] { task(); });
  return result.get();
}

// Waits until the condition holds on the loop's thread; false when it does not within ten seconds.
bool Eventually(Loop& loop, const std::function<bool()>& condition);

// For tests: a service without TLS, on the loop of those who call it. By its path a request is
//   /hold      not answered, until Release
//   /flood     answered with a megabyte
//   /reset     reset with ENHANCE_YOUR_CALM
//   else       answered with its own body and the trailer grpc-status
// and gRPC's health service says what SetServing said. On the loop's thread only.
class TestService final : public Session::Owner {
 public:
  explicit TestService(Loop& loop) : loop_(loop) {}
  ~TestService() override { Drop(); }

  static constexpr size_t kFlood = 1 << 20;

  // Connects to this service, which must outlive the connector.
  Connector connector();
  // One connection, of which the test has the other end.
  Fd RawConnection();

  void SetServing(bool serving);
  void SetReachable(bool reachable) { reachable_ = reachable; }
  void Release();
  // Ends its connections in good order, or at once.
  void Drain();
  void Drop();

  size_t requests() const { return requests_; }
  size_t connections() const { return sessions_.size(); }
  uint32_t last_error() const { return last_error_; }

  void OnReady(Session&) override {}
  std::unique_ptr<StreamListener> OnStream(Session& session, Stream& stream) override;
  void OnGoaway(Session&) override {}
  void OnClosed(Session& session) override;

 private:
  class Request;

  Loop& loop_;
  bool serving_ = true;
  bool reachable_ = true;
  size_t requests_ = 0;
  uint32_t last_error_ = 0;
  std::vector<std::shared_ptr<Session>> sessions_;
  std::vector<Stream*> watches_;
  std::vector<Stream*> held_;
};

// For tests: one end of a connection to a TestService, and what came back. On the loop's thread
// only.
struct TestCall final : public StreamListener {
  void OnHeaders(const HeaderBlock& headers, bool last) override;
  void OnData(std::string_view bytes) override;
  void OnEnd() override {}
  void OnSent(size_t bytes) override { sent += bytes; }
  void OnClosed(uint32_t why) override;

  Stream* stream = nullptr;
  bool consumes = true;
  std::string status;  // :status, then the trailer grpc-status
  std::string body;
  size_t sent = 0;
  bool closed = false;
  uint32_t error = 0;
};

// Sends a request and all of its body.
void Send(Session& session, const std::string& path, const std::string& body, TestCall& call);

}  // namespace lscp::gateway::wire
