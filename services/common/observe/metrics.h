#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lscp {

// Boundaries in seconds of every duration histogram, so that calls and database work can be laid
// over each other. They hold those of the Go client library, which dashboards expect.
inline constexpr double kDurationBuckets[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                              0.1,    0.25,  0.5,    1,     2.5,  5,     10};

// What a process tells Prometheus. Thread-safe. The metrics it hands out live as long as it does;
// keep the reference, since a lookup takes a lock. Labels never hold the id of a person, a case or
// a request.
class Metrics {
 public:
  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The metric of that name and labels, made at the first call. A malformed name, or one that is
  // already of another type, is a bug and ends the process.
  prometheus::Counter& Counter(const std::string& name, const std::string& help,
                               const prometheus::Labels& labels = {}) noexcept;
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                           const prometheus::Labels& labels = {}) noexcept;
  // A histogram over kDurationBuckets; its name ends in _seconds.
  prometheus::Histogram& Durations(const std::string& name, const std::string& help,
                                   const prometheus::Labels& labels = {}) noexcept;

  // Sets gauges just before each scrape for as long as it lives. `refresh` must not block and must
  // not make or destroy hooks; once the hook is destroyed it is not running and never runs again.
  class ScrapeHook {
   public:
    ScrapeHook(Metrics& metrics, std::function<void()> refresh);
    ~ScrapeHook();
    ScrapeHook(const ScrapeHook&) = delete;
    ScrapeHook& operator=(const ScrapeHook&) = delete;

   private:
    friend class Metrics;
    Metrics& metrics_;
    std::function<void()> refresh_;
  };

  // Adds the process_* metrics (memory, CPU, file descriptors, threads, start).
  void AddProcessMetrics();
  // Sets lscp_build_info{service,version,revision} to 1.
  void AddBuildInfo(const std::string& service);

  // Prometheus text format; families and series are in alphabetical order.
  std::string Text();

 private:
  prometheus::Registry registry_;
  std::mutex mutex_;  // guards what follows, and is held while hooks run
  std::set<ScrapeHook*> hooks_;
  bool process_metrics_ = false;
};

}  // namespace lscp
