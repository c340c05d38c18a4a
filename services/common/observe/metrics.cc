#include "common/observe/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>

#include "common/observe/build_info.h"
#include "common/observe/process_metrics.h"

namespace lscp {
namespace {

bool LabelsLess(const prometheus::ClientMetric& a, const prometheus::ClientMetric& b) {
  return std::lexicographical_compare(a.label.begin(), a.label.end(), b.label.begin(),
                                      b.label.end(), [](const auto& x, const auto& y) {
                                        return std::tie(x.name, x.value) <
                                               std::tie(y.name, y.value);
                                      });
}

}  // namespace

prometheus::Counter& Metrics::Counter(const std::string& name, const std::string& help,
                                      const prometheus::Labels& labels) noexcept {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(labels);
}

prometheus::Gauge& Metrics::Gauge(const std::string& name, const std::string& help,
                                  const prometheus::Labels& labels) noexcept {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(labels);
}

prometheus::Histogram& Metrics::Durations(const std::string& name, const std::string& help,
                                          const prometheus::Labels& labels) noexcept {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add(
      labels, prometheus::Histogram::BucketBoundaries(std::begin(kDurationBuckets),
                                                      std::end(kDurationBuckets)));
}

Metrics::ScrapeHook::ScrapeHook(Metrics& metrics, std::function<void()> refresh)
    : metrics_(metrics), refresh_(std::move(refresh)) {
  std::lock_guard lock(metrics_.mutex_);
  metrics_.hooks_.insert(this);
}

Metrics::ScrapeHook::~ScrapeHook() {
  std::lock_guard lock(metrics_.mutex_);
  metrics_.hooks_.erase(this);
}

void Metrics::AddProcessMetrics() {
  std::lock_guard lock(mutex_);
  process_metrics_ = true;
}

void Metrics::AddBuildInfo(const std::string& service) {
  Gauge("lscp_build_info", "Which build this is; the value is always 1.",
        {{"service", service}, {"version", kBuildVersion}, {"revision", kBuildRevision}})
      .Set(1);
}

std::string Metrics::Text() {
  bool with_process = false;
  {
    std::lock_guard lock(mutex_);
    for (ScrapeHook* hook : hooks_) hook->refresh_();
    with_process = process_metrics_;
  }
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  if (with_process) std::ranges::move(CollectProcessMetrics(), std::back_inserter(families));
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  for (auto& family : families) std::ranges::sort(family.metric, LabelsLess);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace lscp
