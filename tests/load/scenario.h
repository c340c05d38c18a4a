#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/load/meter.h"

namespace lscp::tests {

// A process whose CPU time is told.
struct NamedProcess {
  std::string name;
  pid_t pid;
};

// One way of doing the same thing.
struct Path {
  std::string name;
  Load* load;
  std::vector<NamedProcess> processes;
};

// Ways that are compared with one of them, the base, which is the first that has its name.
struct Scenario {
  std::string title;
  std::string base;
  std::vector<Path> paths;
  std::vector<int> clients = {1, 16, 64};  // how many of them, unless somebody says
};

// How it is measured: `rounds` times, each path in turn, so that whatever else the machine does
// hits all alike.
struct Plan {
  std::vector<int> clients;  // empty: as the scenario has it
  int rounds = 3;
  absl::Duration warm_up;
  absl::Duration time;
};

// A path with so many clients, once.
struct Measurement {
  Figures figures;
  std::map<std::string, double> cpu_microseconds;  // per call, by process
};

// The measurements of a scenario: by clients, then by path, one of each round.
using Measurements = std::map<int, std::map<std::string, std::vector<Measurement>>>;

// Measures a scenario. `around` is called around each measurement, for what else is to be looked
// at: with true before, false after.
Measurements Measure(const Scenario& scenario, const Plan& plan,
                     const std::function<void(const Path&, int clients, bool before)>& around);

// Medians over the rounds: of a path's figure; of its ratio to the base's in the same round.
double Median(std::vector<double> values);
double MedianOf(const std::vector<Measurement>& rounds,
                const std::function<double(const Measurement&)>& figure);
double MedianRatio(const std::vector<Measurement>& rounds, const std::vector<Measurement>& base);

// The measurements as a Markdown table.
std::string Table(const Scenario& scenario, const Measurements& measurements);

// What went wrong, a line each: errors of calls, paths on which no call ended well. Empty when
// nothing did.
std::string Faults(const Scenario& scenario, const Measurements& measurements);

}  // namespace lscp::tests
