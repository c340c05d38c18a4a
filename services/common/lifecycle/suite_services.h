#pragma once

#include <memory>
#include <string>

#include "common/db/connection.h"
#include "common/lifecycle/periodic.h"
#include "common/lifecycle/service.h"
#include "common/observe/metrics.h"
#include "common/timescales/store.h"
#include "safeguarding/audit/v1/audit_service.pb.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"

namespace lscp {

// The contracts that every service of the suite serves: its timescales, its indicators, its audit;
// and, if it handles any, the delivery of other services' events.
// Handlers as any other, so they pass the choke point too.
class SuiteServices {
 public:
  // Registers the handlers with the context, which must outlive this.
  explicit SuiteServices(ServiceContext* context);

  absl::StatusOr<safeguarding::timescales::v1::ListTimescalesResponse> ListTimescales(
      const safeguarding::timescales::v1::ListTimescalesRequest& request, Reading& reading);
  absl::StatusOr<safeguarding::timescales::v1::ListTimescaleRulesResponse> ListTimescaleRules(
      const safeguarding::timescales::v1::ListTimescaleRulesRequest& request, Reading& reading);
  absl::StatusOr<safeguarding::indicators::v1::GetIndicatorsResponse> GetIndicators(
      const safeguarding::indicators::v1::GetIndicatorsRequest& request, Reading& reading);
  absl::StatusOr<safeguarding::indicators::v1::ListIndicatorDefinitionsResponse>
  ListIndicatorDefinitions(
      const safeguarding::indicators::v1::ListIndicatorDefinitionsRequest& request,
      Reading& reading);
  absl::StatusOr<safeguarding::audit::v1::VerifyAuditResponse> VerifyAudit(
      const safeguarding::audit::v1::VerifyAuditRequest& request, Reading& reading);
  absl::StatusOr<safeguarding::audit::v1::ListAuditEntriesResponse> ListAudit(
      const safeguarding::audit::v1::ListAuditEntriesRequest& request, Reading& reading);

 private:
  ServiceContext* const context_;
};

// Counts the timescales by rule and state for monitoring, as lscp_timescales{rule,state}, every 15
// seconds on a connection of its own. Every series of every rule exists from the start.
class TimescaleGauges {
 public:
  // All must outlive this.
  TimescaleGauges(const db::Database* database, const ServiceContext* context, Metrics* metrics);

 private:
  void Refresh();
  absl::StatusOr<std::vector<timescales::Count>> Count();

  const db::Database* const database_;
  const ServiceContext* const context_;
  Metrics* const metrics_;
  std::unique_ptr<db::Connection> connection_;
  Periodic refreshing_;
};

}  // namespace lscp
