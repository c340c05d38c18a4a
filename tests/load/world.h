#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/journal/call.h"
#include "tests/load/echo.h"
#include "tests/load/grpc_load.h"
#include "tests/load/proxies.h"
#include "tests/load/scenario.h"
#include "tests/load/sql_load.h"
#include "tests/support/suite.h"

namespace lscp::tests {

// Everything that is measured, running: the suite, the echo, and the proxies before it.
class World {
 public:
  static constexpr char kRawSql[] = "raw SQL";
  static constexpr char kDirect[] = "direct";
  static constexpr char kByGateway[] = "through the gateway";
  static constexpr char kCheckTitle[] = "check";

  // Starts it, with so many children to be checked; without the check when there are none. Errors
  // say what is missing; a proxy that the machine does not have is none: it is told on stderr and
  // left out.
  static absl::StatusOr<std::unique_ptr<World>> Create(int64_t children);

  // What is compared: submit, audited read, check, and the gateway's place for messages of the
  // first two's sizes.
  const std::vector<Scenario>& scenarios() const { return scenarios_; }

  // Resident memory of service and gateway before they were given anything to do.
  double idle_service_mib() const { return idle_service_mib_; }
  double idle_gateway_mib() const { return idle_gateway_mib_; }

  // What one submit, read and check have the database do.
  const StatementsOfCall& submit_statements() const { return submit_statements_; }
  const StatementsOfCall& get_statements() const { return get_statements_; }
  const std::optional<StatementsOfCall>& check_statements() const { return check_statements_; }

  // The service's /metrics.
  std::string ServiceMetrics() const { return suite_->AdminPage("referrals", "/metrics"); }

 private:
  // A person of an agency who calls one method, and as what the service sees them.
  struct Caller {
    safeguarding::config::v1::TlsConfig tls;
    std::string token;
    Call call;
  };

  World() = default;
  void StartSuite();
  Caller CallerOf(const std::string& agency, const std::string& person, const std::string& role,
                  const std::string& method);
  absl::StatusOr<std::unique_ptr<db::Database>> DatabaseOf(const std::string& service) const;
  absl::Status Seed();
  absl::Status SeedChildren();
  absl::Status WatchOneCallOfEach();
  absl::Status WatchOneCheck();
  absl::Status StartEchoAndProxies();
  absl::Status AddPaths();
  absl::Status AddCheckPaths();
  absl::Status AddPlacePaths(const std::string& method, NextRequest next, Scenario& scenario);

  absl::StatusOr<StatementsOfCall> Watch(const GrpcTarget& target, const std::string& path,
                                         const std::string& request, const std::string& marker,
                                         std::string* reply);
  GrpcTarget ServiceTarget(const Caller& caller, const std::string& endpoint) const;
  GrpcTarget GatewayTarget(const Caller& caller, const std::string& endpoint) const;
  Load* Keep(std::unique_ptr<Load> load);
  absl::StatusOr<Load*> GrpcLoadOf(const GrpcTarget& target, const std::string& path,
                                   const NextRequest& next);

  std::unique_ptr<Suite> suite_;
  std::unique_ptr<db::Database> database_, checks_database_;
  Caller teacher_, paramedic_;
  int64_t children_ = 0;
  std::vector<std::string> ids_;  // of contacts that are there to be read
  std::string submitted_id_, submitted_request_id_, read_name_, check_id_, check_request_id_;
  size_t submit_reply_bytes_ = 0, get_reply_bytes_ = 0;
  StatementsOfCall submit_statements_, get_statements_;
  std::optional<StatementsOfCall> check_statements_;
  double idle_service_mib_ = 0, idle_gateway_mib_ = 0;
  pid_t database_pid_ = 0;
  Backend echo_;
  std::optional<Backend> gateway_to_echo_, nginx_, haproxy_;
  std::vector<std::unique_ptr<Load>> loads_;
  std::vector<Scenario> scenarios_;
};

}  // namespace lscp::tests
