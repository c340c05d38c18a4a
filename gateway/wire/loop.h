#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace lscp::gateway::wire {

// A file descriptor that is closed with it. Moves.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    Fd old(std::exchange(fd_, std::exchange(other.fd_, -1)));
    return *this;
  }
  ~Fd();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

class Timer;

// One thread that waits for events (epoll) and owns everything they are about: what lives on a loop
// is touched by its thread only, so nothing on it needs a lock. In each round: events, tasks,
// timers; then everybody who has something to send sends it, once; then what is finished goes.
class Loop {
 public:
  class Handler {
   public:
    virtual ~Handler() = default;
    // Events of epoll. May come once more in the round in which the descriptor was removed.
    virtual void OnEvents(uint32_t events) = 0;
  };
  class Sender {
   public:
    virtual ~Sender() = default;
    virtual void Flush() = 0;

   private:
    friend class Loop;
    bool marked_ = false;
  };

  Loop();
  // Stops. Tasks that have not run are dropped.
  ~Loop();

  void Start();
  // Ends the thread after what it is doing and waits for it. From any other thread.
  void Stop();
  // Runs a task on the loop, in the order of posting. Thread-safe.
  void Post(std::function<void()> task);

  // From here on: on the loop's thread only, or while it is not running.
  bool Watch(int fd, uint32_t events, Handler& handler);
  void Change(int fd, uint32_t events, Handler& handler);
  void Forget(int fd);
  // Flushes the sender at the end of the round. It must not be destroyed but by Bury.
  void MarkToSend(Sender& sender);
  // Keeps what is finished until nothing of this round refers to it.
  void Bury(std::shared_ptr<void> finished) { graves_.push_back(std::move(finished)); }

 private:
  friend class Timer;

  void Run();
  void RunRound();
  int WaitMillis() const;
  void RunTasks();
  void RunTimers();
  void SendAll();

  Fd epoll_;
  Fd wake_;
  std::set<std::pair<int64_t, Timer*>> timers_;  // by steady nanoseconds
  std::vector<Sender*> to_send_;
  std::vector<std::shared_ptr<void>> graves_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // guards the tasks
  std::vector<std::function<void()>> tasks_;
  std::thread thread_;
};

// Calls a function once, later. Lives on a loop's thread, and must not outlive it.
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> task) : loop_(loop), task_(std::move(task)) {}
  ~Timer() { Cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Sets it anew.
  void Set(absl::Duration delay);
  void Cancel();
  bool running() const { return due_ != 0; }

 private:
  friend class Loop;
  Loop& loop_;
  const std::function<void()> task_;
  int64_t due_ = 0;
};

}  // namespace lscp::gateway::wire
