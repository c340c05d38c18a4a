#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/wire/address.h"
#include "gateway/wire/backend.h"

namespace lscp::gateway::wire {

// The connections of one loop to one upstream: requests go round the backends that are ready.
class Pool {
 public:
  // Waits for a connection.
  class Waiter {
   public:
    virtual ~Waiter() = default;
    // A connection for one request, to be opened now; nullptr when there is none.
    virtual void OnSession(Session* session) = 0;
  };

  using Changed = std::function<void(bool ready)>;

  // `changed` hears when a first backend is ready and when none is any more.
  Pool(Loop& loop, std::string authority, bool watch_health, SessionLimits limits, Changed changed);

  // The backends that there are from now on, by name; one whose name stays, stays. Connections to
  // others end when their calls have.
  void SetBackends(const std::vector<std::pair<std::string, Connector>>& backends);

  // Backends that were tried in vain are tried again now.
  void TryNow();

  // Tells the waiter: at once, or, while a backend that may soon be ready is all there is, when
  // that is decided.
  void Ask(Waiter& waiter);
  // It waits no longer.
  void Forget(Waiter& waiter);

 private:
  void OnChange();
  Session* Next();
  bool MaySoonBeReady() const;

  Loop& loop_;
  const std::string authority_;
  const bool watch_health_;
  const SessionLimits limits_;
  const Changed changed_;
  std::vector<std::pair<std::string, std::shared_ptr<Backend>>> backends_;
  std::vector<std::shared_ptr<Backend>> retired_;
  std::deque<Waiter*> waiting_;
  bool known_ = false;  // what the backends are
  bool ready_ = false;
  size_t next_ = 0;
  Timer settle_;
};

}  // namespace lscp::gateway::wire
