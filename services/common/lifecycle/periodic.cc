#include "common/lifecycle/periodic.h"

namespace lscp {

Periodic::Periodic(absl::Duration pause, std::function<void()> task)
    : thread_([this, pause, task = std::move(task)] {
        while (true) {
          task();
          absl::MutexLock lock(&mutex_);
          if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause)) return;
        }
      }) {}

Periodic::~Periodic() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

}  // namespace lscp
