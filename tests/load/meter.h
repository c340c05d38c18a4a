#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace lscp::tests {

using SteadyTime = std::chrono::steady_clock::time_point;

// What came out of a time of load.
struct Figures {
  size_t calls = 0;  // that began and ended well within the time
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  size_t errors = 0;  // at any time
  std::string first_error;

  double PerSecond() const { return seconds > 0 ? static_cast<double>(calls) / seconds : 0; }
};

// Takes the time of calls. Each slot is one client that makes one call after the other: Done is for
// one thread at a time per slot, all else for the one that measures.
class Meter {
 public:
  explicit Meter(int slots) : slots_(slots) {}

  // Calls that begin from now on count.
  void Begin();
  // No call that ends from now on counts, and clients stop.
  void End();
  bool ended() const { return ended_.load(std::memory_order_relaxed); }

  // A call of this slot ended, with an error unless that is empty.
  void Done(int slot, SteadyTime began, const std::string& error);

  // After the last Done.
  Figures Read() const;

 private:
  struct alignas(64) Slot {
    std::vector<uint32_t> microseconds;
  };
  std::vector<Slot> slots_;
  std::atomic<bool> counting_ = false;
  std::atomic<bool> ended_ = false;
  SteadyTime from_;
  SteadyTime to_;
  mutable std::mutex mutex_;
  size_t errors_ = 0;
  std::string first_error_;
};

// A kind of client. Start makes `clients` of them call one after the other until the meter has
// ended; Join returns when they have.
class Load {
 public:
  virtual ~Load() = default;
  virtual void Start(int clients, Meter* meter) = 0;
  virtual void Join() = 0;
};

}  // namespace lscp::tests
