#pragma once

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace lscp {

// A thread that does something at once and then again and again, `pause` after it was done.
class Periodic {
 public:
  Periodic(absl::Duration pause, std::function<void()> task);
  // Waits for a task that is running, then stops.
  ~Periodic();

 private:
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace lscp
