#include "tests/load/processes.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace lscp::tests {
namespace {

double OwnCpuSeconds(pid_t pid) {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + time.tv_nsec / 1e9;
}

}  // namespace

double CpuSeconds(pid_t pid) {
  double seconds = OwnCpuSeconds(pid);
  if (pid == getpid()) return seconds;  // its children are accounted for on their own
  std::ifstream children(absl::StrCat("/proc/", pid, "/task/", pid, "/children"));
  for (pid_t child; children >> child;) seconds += OwnCpuSeconds(child);
  return seconds;
}

double ResidentMiB(pid_t pid) {
  std::ifstream statm(absl::StrCat("/proc/", pid, "/statm"));
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::vector<HistogramChange::Bucket> HistogramChange::Parse(const std::string& page,
                                                            const std::string& name) {
  const std::string prefix = name + "_bucket{le=\"";
  std::vector<Bucket> buckets;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, prefix.size(), prefix) != 0) continue;
    const std::string upper =
        line.substr(prefix.size(), line.find('"', prefix.size()) - prefix.size());
    buckets.push_back({upper == "+Inf" ? std::numeric_limits<double>::infinity()
                                       : std::strtod(upper.c_str(), nullptr),
                       std::strtod(line.c_str() + line.rfind(' '), nullptr)});
  }
  return buckets;
}

HistogramChange::HistogramChange(const std::string& before, const std::string& after,
                                 const std::string& name)
    : buckets_(Parse(after, name)) {
  const std::vector<Bucket> earlier = Parse(before, name);
  for (size_t i = 0; i < std::min(buckets_.size(), earlier.size()); ++i) {
    buckets_[i].count -= earlier[i].count;
  }
}

double HistogramChange::count() const { return buckets_.empty() ? 0 : buckets_.back().count; }

double HistogramChange::Quantile(double part) const {
  const double rank = part * count();
  if (rank <= 0) return 0;
  Bucket below{0, 0};
  for (const Bucket& bucket : buckets_) {
    if (bucket.count >= rank) {
      if (std::isinf(bucket.upper)) return below.upper;
      return below.upper +
             (bucket.upper - below.upper) * (rank - below.count) / (bucket.count - below.count);
    }
    below = bucket;
  }
  return below.upper;
}

}  // namespace lscp::tests
