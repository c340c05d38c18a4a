#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace lscp::tests {

// CPU time that a process and its children (an nginx's workers) have used, in seconds, as the
// kernel accounts it for /proc/<pid>/stat, but finer; 0 when it is gone.
double CpuSeconds(pid_t pid);

// Memory of a process that is resident, in MiB; 0 when it is gone.
double ResidentMiB(pid_t pid);

// A histogram of a /metrics page, at two times: what was observed in between.
class HistogramChange {
 public:
  // `name` without "_bucket"; the histogram has no labels.
  HistogramChange(const std::string& before, const std::string& after, const std::string& name);

  double count() const;
  // By linear interpolation within the bucket, as Prometheus does; 0 when nothing was observed.
  double Quantile(double part) const;

 private:
  struct Bucket {
    double upper;
    double count;  // at most `upper`
  };
  static std::vector<Bucket> Parse(const std::string& page, const std::string& name);
  std::vector<Bucket> buckets_;
};

}  // namespace lscp::tests
