#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "absl/time/time.h"
#include "gateway/wire/loop.h"

namespace lscp::gateway::wire {

// Counts the connections that are open. Thread-safe.
class OpenConnections {
 public:
  // False when there are as many as there may be.
  bool Enter();
  void Leave();
  // False when some are still open at the deadline.
  bool WaitForNone(absl::Time deadline);

 private:
  static constexpr int kMost = 4'000;
  std::mutex mutex_;  // guards the count
  std::condition_variable none_;
  int count_ = 0;
};

// Accepts connections on a loop and hands them on, entered in the count.
class Listener final : public Loop::Handler {
 public:
  Listener(Loop& loop, Fd fd, OpenConnections& open, std::function<void(Fd)> accepted);
  ~Listener() override;

  // On the loop's thread, or before it starts.
  void Start();
  void Stop();

  void OnEvents(uint32_t events) override;

 private:
  Loop& loop_;
  Fd fd_;
  OpenConnections& open_;
  const std::function<void(Fd)> accepted_;
  bool started_ = false;
  Timer pause_;
};

}  // namespace lscp::gateway::wire
