// lscp-load: what the suite does under load, beside what it is measured against. See README.md.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"
#include "tests/load/echo.h"
#include "tests/load/population.h"
#include "tests/load/processes.h"
#include "tests/load/scenario.h"
#include "tests/load/world.h"

namespace lscp::tests {
namespace {

constexpr char kUsage[] =
    "usage: lscp-load [--short] [--clients=1,16,64] [--rounds=3] [--seconds=2] [--warm-up=0.5]\n"
    "                 [--children=1000000]   among whom one is checked\n"
    "                 [--only=TEXT]   scenarios and paths, \"submit/direct\", that hold TEXT\n"
    "                 [--pids]        tell the processes first, for perf\n";

struct Options {
  Plan plan{{}, 3, absl::Seconds(0.5), absl::Seconds(2)};
  int64_t children = 1'000'000;
  std::string only;
  bool pids = false;
};

absl::StatusOr<Options> Parse(const std::vector<std::string>& arguments) {
  Options options;
  for (const std::string& argument : arguments) {
    const std::vector<std::string> parts = absl::StrSplit(argument, absl::MaxSplits('=', 1));
    const std::string value = parts.size() == 2 ? parts[1] : "";
    if (parts[0] == "--short") {
      options.plan = {{1, 4}, 1, absl::Milliseconds(50), absl::Milliseconds(150)};
      options.children = 2000;
    } else if (parts[0] == "--clients") {
      options.plan.clients.clear();
      for (const auto& number : absl::StrSplit(value, ',')) {
        options.plan.clients.push_back(std::atoi(std::string(number).c_str()));
      }
    } else if (parts[0] == "--rounds") {
      options.plan.rounds = std::atoi(value.c_str());
    } else if (parts[0] == "--seconds") {
      options.plan.time = absl::Seconds(std::atof(value.c_str()));
    } else if (parts[0] == "--warm-up") {
      options.plan.warm_up = absl::Seconds(std::atof(value.c_str()));
    } else if (parts[0] == "--children") {
      options.children = std::atoll(value.c_str());
    } else if (parts[0] == "--only") {
      options.only = value;
    } else if (parts[0] == "--pids") {
      options.pids = true;
    } else {
      return absl::InvalidArgumentError(argument);
    }
  }
  if (options.children < 1 || options.children > kMostChildren) {
    return absl::InvalidArgumentError("--children");
  }
  return options;
}

// The path was asked for.
bool IsWanted(const std::string& scenario, const std::string& path, const std::string& only) {
  return absl::StrCat(scenario, "/", path).find(only) != std::string::npos;
}

// The paths that were asked for.
Scenario Chosen(const Scenario& scenario, const std::string& only) {
  Scenario chosen{scenario.title, scenario.base, {}, scenario.clients};
  for (const Path& path : scenario.paths) {
    if (IsWanted(scenario.title, path.name, only)) chosen.paths.push_back(path);
  }
  return chosen;
}

// A million children are not loaded for nothing.
bool ChecksAreWanted(const std::string& only) {
  for (const char* path : {World::kRawSql, World::kDirect, World::kByGateway}) {
    if (IsWanted(World::kCheckTitle, path, only)) return true;
  }
  return false;
}

// The sequencer's lag while the service is given submits, by number of clients.
class LagWatch {
 public:
  explicit LagWatch(const World* world) : world_(world) {}

  void Around(const Scenario& scenario, const Path& path, int clients, bool before) {
    if (scenario.title != "submit" || path.name != "direct") return;
    std::string page = world_->ServiceMetrics();
    if (before) {
      before_ = std::move(page);
      return;
    }
    lags_[clients].push_back(
        HistogramChange(before_, page, "lscp_sequencer_lag_seconds").Quantile(0.99));
  }

  std::string Text() const {
    std::string text;
    for (const auto& [clients, lags] : lags_) {
      absl::StrAppendFormat(&text, "%s%.0f ms at %d clients", text.empty() ? "" : ", ",
                            Median(lags) * 1e3, clients);
    }
    return text;
  }

 private:
  const World* const world_;
  std::string before_;
  std::map<int, std::vector<double>> lags_;
};

std::string StatementsText(const char* title, const StatementsOfCall& call) {
  std::string text = absl::StrCat("What one ", title, " runs, and so does raw SQL:\n\n```sql\n");
  for (const Statement& statement : call.statements) absl::StrAppend(&text, statement.sql, ";\n");
  if (call.commits) text += "COMMIT;\n";
  return text + "```\n";
}

void TellPids(const World& world) {
  for (const Scenario& scenario : world.scenarios()) {
    for (const Path& path : scenario.paths) {
      for (const NamedProcess& process : path.processes) {
        std::fprintf(stderr, "%s/%s: %s is %d\n", scenario.title.c_str(), path.name.c_str(),
                     process.name.c_str(), process.pid);
      }
    }
  }
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const auto world,
                   World::Create(ChecksAreWanted(options.only) ? options.children : 0));
  if (options.pids) TellPids(*world);
  LagWatch lag(world.get());
  std::string faults;
  for (const Scenario& whole : world->scenarios()) {
    const Scenario scenario = Chosen(whole, options.only);
    if (scenario.paths.empty()) continue;
    const Measurements measurements =
        Measure(scenario, options.plan, [&](const Path& path, int clients, bool before) {
          lag.Around(scenario, path, clients, before);
        });
    std::printf("%s\n", Table(scenario, measurements).c_str());
    std::fflush(stdout);
    faults += Faults(scenario, measurements);
  }
  if (const std::string lags = lag.Text(); !lags.empty()) {
    std::printf("Sequencer's lag, p99, while submits come directly: %s.\n", lags.c_str());
  }
  std::printf("Resident when idle: service %.1f MiB, gateway %.1f MiB.\n\n",
              world->idle_service_mib(), world->idle_gateway_mib());
  std::printf("%s\n%s", StatementsText("submit", world->submit_statements()).c_str(),
              StatementsText("get", world->get_statements()).c_str());
  if (world->check_statements()) {
    std::printf("\n%s", StatementsText("check", *world->check_statements()).c_str());
  }
  return faults.empty() ? absl::OkStatus() : absl::InternalError(faults);
}

int Main(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments[0] == "--echo") {
    return RunEcho({arguments.begin() + 1, arguments.end()});
  }
  const auto options = Parse(arguments);
  if (!options.ok()) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const absl::Status status = Run(*options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace lscp::tests

int main(int argc, char** argv) { return lscp::tests::Main({argv + 1, argv + argc}); }
