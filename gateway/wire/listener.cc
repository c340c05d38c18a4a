#include "gateway/wire/listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "absl/time/clock.h"
#include "gateway/wire/address.h"

namespace lscp::gateway::wire {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(100);

}  // namespace

bool OpenConnections::Enter() {
  const std::lock_guard lock(mutex_);
  if (count_ >= kMost) return false;
  ++count_;
  return true;
}

void OpenConnections::Leave() {
  const std::lock_guard lock(mutex_);
  if (--count_ == 0) none_.notify_all();
}

bool OpenConnections::WaitForNone(absl::Time deadline) {
  std::unique_lock lock(mutex_);
  const auto wait = absl::ToChronoMilliseconds(
      std::clamp(deadline - absl::Now(), absl::ZeroDuration(), absl::Hours(1)));
  return none_.wait_for(lock, wait, [this] { return count_ == 0; });
}

Listener::Listener(Loop& loop, Fd fd, OpenConnections& open, std::function<void(Fd)> accepted)
    : loop_(loop),
      fd_(std::move(fd)),
      open_(open),
      accepted_(std::move(accepted)),
      pause_(loop, [this] { Start(); }) {}

Listener::~Listener() { Stop(); }

void Listener::Start() {
  if (fd_ && !started_) started_ = loop_.Watch(fd_.get(), EPOLLIN, *this);
}

void Listener::Stop() {
  if (started_) loop_.Forget(fd_.get());
  started_ = false;
  pause_.Cancel();
  fd_ = Fd();
}

void Listener::OnEvents(uint32_t /*events*/) {
  while (fd_) {
    Fd fd(accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) {
      if (errno == EAGAIN) return;
      if (errno == EINTR || errno == ECONNABORTED) continue;
      // No descriptors are left: asking again at once would ask for ever.
      loop_.Forget(fd_.get());
      started_ = false;
      return pause_.Set(kPause);
    }
    SetNoDelay(fd.get());
    if (open_.Enter()) accepted_(std::move(fd));
  }
}

}  // namespace lscp::gateway::wire
