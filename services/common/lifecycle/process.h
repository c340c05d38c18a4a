#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/observe/admin_server.h"
#include "common/observe/metrics.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// Blocks the signals that end a process in this thread and all that it starts, so that only
// Process::RunUntilSignal sees them. Call first thing in main.
void BlockTerminationSignals();

// The life of a process of the suite, the same for services and gateway:
//
//   start   admin HTTP up, not ready
//   serve   ready while every readiness check says so
//   drain   on SIGTERM or SIGINT: not ready, drain notices, drain delay (load balancers take the
//           address out; calls are still served), then the stop steps, the last registered first,
//           each with what is left of the drain timeout. A second signal skips the delay.
//
// Register everything before SetStarted; readiness checks are then called from other threads.
class Process {
 public:
  // FAILED_PRECONDITION when the admin address is taken or its port file cannot be written.
  static absl::StatusOr<std::unique_ptr<Process>> Start(
      const std::string& name, const safeguarding::config::v1::AdminConfig& admin);

  Metrics& metrics() { return metrics_; }

  // `ready` is true while the process can do its work as far as `what` is concerned. Thread-safe
  // and quick.
  void AddReadinessCheck(std::string what, std::function<bool()> ready);
  // Called when the drain begins, before the delay.
  void AddDrainNotice(std::function<void()> notice);
  // Called once, with the time until which it may take.
  void AddStopStep(std::string what, std::function<void(absl::Time)> stop);

  // Everything is set up: ready from now on, if the checks agree.
  void SetStarted() { started_ = true; }
  bool draining() const { return draining_; }

  // Waits for a signal and drains.
  void RunUntilSignal(const safeguarding::config::v1::ServerConfig& config);

 private:
  Process() = default;
  std::vector<std::string> FailedChecks() const;

  struct Check {
    std::string what;
    std::function<bool()> ready;
  };
  struct Step {
    std::string what;
    std::function<void(absl::Time)> stop;
  };
  Metrics metrics_;
  std::vector<Check> checks_;
  std::vector<std::function<void()>> notices_;
  std::vector<Step> steps_;
  std::atomic<bool> started_ = false;
  std::atomic<bool> draining_ = false;
  std::unique_ptr<AdminServer> admin_;
};

}  // namespace lscp
