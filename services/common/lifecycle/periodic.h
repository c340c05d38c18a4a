#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace lscp {

// A thread that does something at once and then again and again, `pause` after it was done.
class Periodic {
 public:
  Periodic(absl::Duration pause, std::function<void()> task);
  // Waits for a task that is running, then stops.
  ~Periodic();

 private:
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace lscp
