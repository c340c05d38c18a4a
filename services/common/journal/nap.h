#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "absl/time/time.h"

namespace lscp {

// Sleeps for `duration`, or until the thread is asked to stop.
inline void Nap(const std::stop_token& stop, absl::Duration duration) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, absl::ToChronoNanoseconds(duration), [] { return false; });
}

}  // namespace lscp
