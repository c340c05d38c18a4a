#include "common/lifecycle/process.h"

#include <pthread.h>
#include <signal.h>

#include "common/lifecycle/port_file.h"
#include "common/observe/log.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

constexpr int kDefaultDrainTimeoutSeconds = 20;

sigset_t TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Waits for a termination signal, at most for `timeout`.
void WaitForSignal(absl::Duration timeout) {
  const sigset_t signals = TerminationSignals();
  const timespec limit = absl::ToTimespec(timeout);
  sigtimedwait(&signals, nullptr, &limit);
}

}  // namespace

void BlockTerminationSignals() {
  const sigset_t signals = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A peer that goes away is an error of a write, not the end of the process.
  signal(SIGPIPE, SIG_IGN);
}

absl::StatusOr<std::unique_ptr<Process>> Process::Start(
    const std::string& name, const safeguarding::config::v1::AdminConfig& admin) {
  SetLogService(name);
  auto process = std::unique_ptr<Process>(new Process);
  process->metrics_.AddProcessMetrics();
  process->metrics_.AddBuildInfo(name);
  ASSIGN_OR_RETURN(
      process->admin_,
      AdminServer::Start({.address = admin.address(),
                          .service = name,
                          .failed_checks = [self = process.get()] { return self->FailedChecks(); }},
                         process->metrics_));
  RETURN_IF_ERROR(WritePortFile(admin.port_file(), process->admin_->port()));
  return process;
}

std::vector<std::string> Process::FailedChecks() const {
  if (draining_) return {"draining"};
  if (!started_) return {"starting"};
  std::vector<std::string> failed;
  for (const Check& check : checks_) {
    if (!check.ready()) failed.push_back(check.what);
  }
  return failed;
}

void Process::AddReadinessCheck(std::string what, std::function<bool()> ready) {
  checks_.push_back({std::move(what), std::move(ready)});
}

void Process::AddDrainNotice(std::function<void()> notice) {
  notices_.push_back(std::move(notice));
}

void Process::AddStopStep(std::string what, std::function<void(absl::Time)> stop) {
  steps_.push_back({std::move(what), std::move(stop)});
}

void Process::RunUntilSignal(const safeguarding::config::v1::ServerConfig& config) {
  const sigset_t signals = TerminationSignals();
  int received = 0;
  sigwait(&signals, &received);
  LogInfo("draining", {{"signal", received == SIGTERM ? "SIGTERM" : "SIGINT"}});
  draining_ = true;
  for (const auto& notice : notices_) notice();
  WaitForSignal(absl::Seconds(config.drain_delay_seconds()));
  const auto timeout = absl::Seconds(config.drain_timeout_seconds() ? config.drain_timeout_seconds()
                                                                    : kDefaultDrainTimeoutSeconds);
  const absl::Time deadline = absl::Now() + timeout;
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    LogInfo("stopping", {{"what", step->what}});
    step->stop(deadline);
  }
  LogInfo("stopped");
}

}  // namespace lscp
