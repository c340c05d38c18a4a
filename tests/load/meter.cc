#include "tests/load/meter.h"

#include <algorithm>

namespace lscp::tests {
namespace {

double Percentile(std::vector<uint32_t>& microseconds, double part) {
  if (microseconds.empty()) return 0;
  const auto rank = static_cast<size_t>(part * static_cast<double>(microseconds.size() - 1));
  std::nth_element(microseconds.begin(), microseconds.begin() + rank, microseconds.end());
  return microseconds[rank] / 1e3;
}

}  // namespace

void Meter::Begin() {
  from_ = std::chrono::steady_clock::now();
  counting_.store(true, std::memory_order_release);
}

void Meter::End() {
  counting_.store(false, std::memory_order_release);
  to_ = std::chrono::steady_clock::now();
  ended_.store(true, std::memory_order_release);
}

void Meter::Done(int slot, SteadyTime began, const std::string& error) {
  if (!error.empty()) {
    const std::lock_guard lock(mutex_);
    if (errors_++ == 0) first_error_ = error;
    return;
  }
  if (!counting_.load(std::memory_order_acquire) || began < from_) return;
  const auto time = std::chrono::steady_clock::now() - began;
  slots_[slot].microseconds.push_back(
      static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(time).count()));
}

Figures Meter::Read() const {
  std::vector<uint32_t> all;
  for (const Slot& slot : slots_) {
    all.insert(all.end(), slot.microseconds.begin(), slot.microseconds.end());
  }
  Figures figures;
  figures.calls = all.size();
  figures.seconds = std::chrono::duration<double>(to_ - from_).count();
  figures.p50_ms = Percentile(all, 0.5);
  figures.p99_ms = Percentile(all, 0.99);
  const std::lock_guard lock(mutex_);
  figures.errors = errors_;
  figures.first_error = first_error_;
  return figures;
}

}  // namespace lscp::tests
