#include "tests/load/scenario.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/load/processes.h"

namespace lscp::tests {
namespace {

std::vector<double> CpuOf(const std::vector<NamedProcess>& processes) {
  std::vector<double> seconds;
  for (const NamedProcess& process : processes) seconds.push_back(CpuSeconds(process.pid));
  return seconds;
}

Measurement MeasureOnce(const Path& path, int clients, const Plan& plan) {
  std::vector<NamedProcess> processes = path.processes;
  processes.push_back({"client", getpid()});
  Meter meter(clients);
  path.load->Start(clients, &meter);
  absl::SleepFor(plan.warm_up);
  const std::vector<double> before = CpuOf(processes);
  meter.Begin();
  absl::SleepFor(plan.time);
  meter.End();
  const std::vector<double> after = CpuOf(processes);
  path.load->Join();
  Measurement measurement{meter.Read(), {}};
  if (measurement.figures.calls == 0) return measurement;
  for (size_t i = 0; i < processes.size(); ++i) {
    measurement.cpu_microseconds[processes[i].name] +=
        (after[i] - before[i]) * 1e6 / static_cast<double>(measurement.figures.calls);
  }
  return measurement;
}

std::string CpuText(const std::vector<Measurement>& rounds) {
  std::string text;
  for (const auto& [name, ignored] : rounds.front().cpu_microseconds) {
    const double cpu = MedianOf(rounds, [&name = name](const Measurement& measurement) {
      const auto found = measurement.cpu_microseconds.find(name);
      return found == measurement.cpu_microseconds.end() ? 0 : found->second;
    });
    absl::StrAppendFormat(&text, "%s%s %.0f", text.empty() ? "" : ", ", name, cpu);
  }
  return text;
}

}  // namespace

Measurements Measure(const Scenario& scenario, const Plan& plan,
                     const std::function<void(const Path&, int clients, bool before)>& around) {
  Measurements measurements;
  for (const int clients : plan.clients.empty() ? scenario.clients : plan.clients) {
    for (int round = 0; round < plan.rounds; ++round) {
      for (const Path& path : scenario.paths) {
        around(path, clients, true);
        measurements[clients][path.name].push_back(MeasureOnce(path, clients, plan));
        around(path, clients, false);
      }
    }
  }
  return measurements;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double MedianOf(const std::vector<Measurement>& rounds,
                const std::function<double(const Measurement&)>& figure) {
  std::vector<double> values;
  for (const Measurement& measurement : rounds) values.push_back(figure(measurement));
  return Median(std::move(values));
}

double MedianRatio(const std::vector<Measurement>& rounds, const std::vector<Measurement>& base) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(rounds.size(), base.size()); ++i) {
    const double of = base[i].figures.PerSecond();
    if (of > 0) ratios.push_back(rounds[i].figures.PerSecond() / of);
  }
  return Median(std::move(ratios));
}

std::string Table(const Scenario& scenario, const Measurements& measurements) {
  std::string text = absl::StrCat(
      "### ", scenario.title, "\n\n| clients | path | calls/s | of ", scenario.base,
      " | p50 ms | p99 ms | CPU µs per call |\n| ---: | --- | ---: | ---: | ---: | ---: | --- |\n");
  for (const auto& [clients, by_path] : measurements) {
    for (const Path& path : scenario.paths) {
      const std::vector<Measurement>& rounds = by_path.at(path.name);
      const auto base = by_path.find(scenario.base);
      absl::StrAppendFormat(
          &text, "| %d | %s | %.0f | %.2f | %.2f | %.2f | %s |\n", clients, path.name,
          MedianOf(rounds, [](const Measurement& m) { return m.figures.PerSecond(); }),
          base == by_path.end() ? 0 : MedianRatio(rounds, base->second),
          MedianOf(rounds, [](const Measurement& m) { return m.figures.p50_ms; }),
          MedianOf(rounds, [](const Measurement& m) { return m.figures.p99_ms; }), CpuText(rounds));
    }
  }
  return text;
}

std::string Faults(const Scenario& scenario, const Measurements& measurements) {
  std::string text;
  for (const auto& [clients, by_path] : measurements) {
    for (const auto& [path, rounds] : by_path) {
      for (const Measurement& measurement : rounds) {
        const Figures& figures = measurement.figures;
        if (figures.errors > 0) {
          absl::StrAppend(&text, scenario.title, ", ", path, ", ", clients,
                          " clients: ", figures.errors, " errors, the first: ", figures.first_error,
                          "\n");
        } else if (figures.calls == 0) {
          absl::StrAppend(&text, scenario.title, ", ", path, ", ", clients,
                          " clients: no call ended\n");
        }
      }
    }
  }
  return text;
}

}  // namespace lscp::tests
