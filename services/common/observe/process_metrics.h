#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace lscp {

// The process_* families under the names that Prometheus' own client libraries use, read from
// /proc/self. What cannot be read is left out.
std::vector<prometheus::MetricFamily> CollectProcessMetrics();

}  // namespace lscp
