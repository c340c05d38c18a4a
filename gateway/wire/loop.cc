#include "gateway/wire/loop.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace lscp::gateway::wire {
namespace {

constexpr int kEventsInARound = 128;
constexpr int64_t kLongestWaitMillis = 60'000;

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A peer that has gone shows as an error of the write, not as a signal.
void IgnoreBrokenPipes() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

Loop::Loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  if (!epoll_ || !wake_ || epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) {
    std::perror("epoll");
    std::abort();  // no descriptors at start: nothing can be served
  }
}

Loop::~Loop() { Stop(); }

void Loop::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Loop::Stop() {
  if (!thread_.joinable()) return;
  Post([this] { stopping_ = true; });
  thread_.join();
}

void Loop::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  const uint64_t one = 1;
  // Full only if it is awake already.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
}

bool Loop::Watch(int fd, uint32_t events, Handler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Loop::Change(int fd, uint32_t events, Handler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Loop::Forget(int fd) { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

void Loop::MarkToSend(Sender& sender) {
  if (!std::exchange(sender.marked_, true)) to_send_.push_back(&sender);
}

void Loop::Run() {
  IgnoreBrokenPipes();
  while (!stopping_) RunRound();
}

int Loop::WaitMillis() const {
  if (timers_.empty()) return kLongestWaitMillis;
  const int64_t nanos = timers_.begin()->first - SteadyNanos();
  // Rounded up: a timer that is woken too early would spin.
  return static_cast<int>(
      std::clamp<int64_t>((nanos + 999'999) / 1'000'000, 0, kLongestWaitMillis));
}

void Loop::RunRound() {
  std::array<epoll_event, kEventsInARound> events;
  const int count = epoll_wait(epoll_.get(), events.data(), kEventsInARound, WaitMillis());
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.ptr) {
      static_cast<Handler*>(event.data.ptr)->OnEvents(event.events);
    } else {
      uint64_t times = 0;
      [[maybe_unused]] const ssize_t got = read(wake_.get(), &times, sizeof(times));
      RunTasks();
    }
  }
  RunTimers();
  SendAll();
  std::vector<std::shared_ptr<void>>().swap(graves_);
}

void Loop::RunTasks() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks) task();
}

void Loop::RunTimers() {
  if (timers_.empty()) return;
  const int64_t now = SteadyNanos();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Timer* const timer = timers_.begin()->second;
    timer->Cancel();
    // The task may destroy its timer, and must not go with it.
    const auto task = timer->task_;
    task();
  }
}

void Loop::SendAll() {
  // Sending may give others something to send.
  for (size_t i = 0; i < to_send_.size(); ++i) {
    Sender* const sender = to_send_[i];
    sender->marked_ = false;
    sender->Flush();
  }
  to_send_.clear();
}

void Timer::Set(absl::Duration delay) {
  Cancel();
  delay = std::clamp(delay, absl::ZeroDuration(), absl::Hours(24 * 365));
  due_ = std::max<int64_t>(1, SteadyNanos() + absl::ToInt64Nanoseconds(delay));
  loop_.timers_.emplace(due_, this);
}

void Timer::Cancel() {
  if (due_ == 0) return;
  loop_.timers_.erase({due_, this});
  due_ = 0;
}

}  // namespace lscp::gateway::wire
