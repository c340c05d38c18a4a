#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/observe/admin_server.h"
#include "common/observe/metrics.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// The life of a process of the suite, the same for services and gateway:
//
//   start     flags, configuration, logging; SIGTERM and SIGINT blocked in every thread; admin HTTP
//   up serve     whatever `Start` steps set up; /readyz asks every readiness check drain     on
//   SIGTERM: not ready, drain delay (load balancers notice), then the stop steps in reverse
//             order of their registration, each with what is left of the drain timeout
//
// Not thread-safe but for the readiness checks, which are called from the admin server's threads.
class Process {
 public:
  // Starts admin HTTP. FAILED_PRECONDITION when its address is taken.
  static absl::StatusOr<std::unique_ptr<Process>> Start(
      const std::string& name, const safeguarding::config::v1::AdminConfig& admin);

  Metrics& metrics() { return metrics_; }

  // `check` is OK while the process can do its work; `what` names it on /readyz.
  void AddReadinessCheck(std::string what, std::function<absl::Status()> check);

  // `stop` is called once, in reverse order, with the time until which it may take.
  void AddStopStep(std::string what, std::function<void(absl::Time)> stop);

  // Everything is set up: ready from now on.
  void SetStarted() { started_ = true; }
  bool draining() const { return draining_; }

  // Waits for SIGTERM or SIGINT, then drains. Result: the exit code.
  int RunUntilSignal(const safeguarding::config::v1::ServerConfig& config);

 private:
  Process() = default;
  absl::Status Readiness() const;

  struct Check {
    std::string what;
    std::function<absl::Status()> check;
  };
  struct Step {
    std::string what;
    std::function<void(absl::Time)> stop;
  };
  Metrics metrics_;
  std::vector<Check> checks_;
  std::vector<Step> steps_;
  std::atomic<bool> started_ = false;
  std::atomic<bool> draining_ = false;
  std::unique_ptr<AdminServer> admin_;
};

// Blocks the signals that end a process, in this thread and all it starts. Call first thing in
// main.
void BlockTerminationSignals();

}  // namespace lscp
