#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/wire/session.h"

namespace lscp::gateway::wire {

// Makes a socket on its way to a backend; nothing when it cannot.
using Connector = std::function<std::optional<Socket>()>;

// One address of an upstream as seen from one loop: a connection that is kept up, and whether the
// backend says that it is serving (gRPC's health protocol, watched on the connection). A connection
// that the backend closes for its age is replaced while the calls on it go on.
class Backend final : public Session::Owner {
 public:
  enum class State {
    kConnecting,  // may soon be ready: wait for it
    kReady,
    kFailed,  // was tried in vain, or says it is not serving
  };

  // `changed` is called whenever the state has changed; it must not destroy this.
  Backend(Loop& loop, Connector connect, bool watch_health, std::string authority,
          const SessionLimits& limits, std::function<void()> changed);
  // Closes its connections.
  ~Backend() override;

  void Start() { Connect(); }
  State state() const { return state_; }
  // For a request; nullptr unless it is ready.
  Session* session();

  // Tries again now if it is waiting to: another loop got through.
  void TryNow();

  // Takes no more requests; done when nothing is under way.
  void Retire();
  bool retired() const { return retired_ && !current_ && old_.empty(); }

  void OnReady(Session& session) override;
  std::unique_ptr<StreamListener> OnStream(Session&, Stream&) override { return nullptr; }
  void OnGoaway(Session& session) override;
  void OnClosed(Session& session) override;

 private:
  // Listens to Health.Watch.
  class Watch final : public StreamListener {
   public:
    explicit Watch(Backend& backend) : backend_(backend) {}
    void OnHeaders(const HeaderBlock& headers, bool last) override;
    void OnData(std::string_view bytes) override;
    void OnEnd() override {}
    void OnSent(size_t) override {}
    void OnClosed(uint32_t error) override;

    Stream* stream = nullptr;
    std::string status;    // grpc-status of the trailers
    std::string received;  // the beginning of a message

   private:
    Backend& backend_;
  };

  void Connect();
  void ConnectLater();
  void StartWatch();
  void StopWatch();
  void HealthIs(bool serving);
  void Become(State state);

  Loop& loop_;
  const Connector connect_;
  const bool watch_health_;
  const std::string authority_;
  const SessionLimits limits_;
  std::function<void()> changed_;
  State state_ = State::kConnecting;
  bool retired_ = false;
  bool was_serving_ = false;  // on the current connection
  std::shared_ptr<Session> current_;
  std::vector<std::shared_ptr<Session>> old_;
  Watch watch_;
  absl::Duration back_off_;
  Timer reconnect_;
  Timer rewatch_;
};

}  // namespace lscp::gateway::wire
