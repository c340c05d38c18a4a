#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "gateway/wire/listener.h"
#include "gateway/wire/session.h"

namespace lscp::gateway::wire {

// The clients' connections of one loop. Each ends after some time, so that new replicas get their
// share and no stream outlives a change of the rules for long.
class Door final : public Session::Owner {
 public:
  // A request begins: who hears of it. The session outlives the listener.
  using Answerer = std::function<std::unique_ptr<StreamListener>(Session&, Stream&)>;

  // Every connection has been entered in `open`, and leaves it; it must outlive this.
  Door(Loop& loop, absl::Duration longest_life, Answerer answerer, OpenConnections& open);
  ~Door() override;

  // A new connection.
  void Take(Socket socket);
  // Takes no new connections; those that are open end with their calls.
  void Drain();
  void CloseAll();

  void OnReady(Session& session) override;
  std::unique_ptr<StreamListener> OnStream(Session& session, Stream& stream) override;
  void OnGoaway(Session& /*session*/) override {}
  void OnClosed(Session& session) override;

 private:
  struct Guest {
    std::shared_ptr<Session> session;
    std::unique_ptr<Timer> age;
    bool old = false;
  };
  void OnAge(Session& session);

  Loop& loop_;
  const absl::Duration longest_life_;
  const Answerer answerer_;
  OpenConnections& open_;
  bool draining_ = false;
  std::unordered_map<Session*, Guest> guests_;
};

}  // namespace lscp::gateway::wire
