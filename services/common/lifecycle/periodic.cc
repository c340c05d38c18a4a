#include "common/lifecycle/periodic.h"

namespace lscp {

Periodic::Periodic(absl::Duration pause, std::function<void()> task)
    : thread_([this, pause, task = std::move(task)] {
        while (true) {
          task();
          std::unique_lock lock(mutex_);
          if (stop_.wait_for(lock, absl::ToChronoNanoseconds(pause),
                             [this] { return stopping_; })) {
            return;
          }
        }
      }) {}

Periodic::~Periodic() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

}  // namespace lscp
