#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "common/db/connection.h"
#include "common/lifecycle/periodic.h"
#include "common/lifecycle/service.h"
#include "common/observe/metrics.h"
#include "common/timescales/store.h"
#include "safeguarding/audit/v1/audit_service.pb.h"
#include "safeguarding/events/v1/peer_event_sink_service.pb.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"

namespace lscp {

// The contracts that every service of the suite serves: its timescales, its indicators, its audit;
// and, if it handles any, the delivery of other services' events and of peers'.
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
  absl::StatusOr<safeguarding::events::v1::DeliverFromPeerResponse> DeliverFromPeer(
      const safeguarding::events::v1::DeliverFromPeerRequest& request, Transaction& transaction);

 private:
  ServiceContext* const context_;
};

// Counts the timescales for monitoring every 15 seconds on a connection of its own:
//   lscp_timescales{borough,rule,state}     those that run, and those that ended lately
//   lscp_timescales_due{borough,rule,within}  those that run and become due within 1h, 1d, 3d
//   lscp_timescales_count_time_seconds      when that was; 0 until the database has answered
// Every series of every rule of every borough exists from the first count.
class TimescaleGauges {
 public:
  // All must outlive this.
  TimescaleGauges(const db::Database* database, const ServiceContext* context, Metrics* metrics);

 private:
  // What is counted, by the values of the labels `borough`, `rule` and the third.
  using Series = std::map<std::array<std::string, 3>, double>;
  struct Counts {
    Series by_state;
    Series due;
  };

  void Refresh();
  // All series, each with 0.
  Counts Nothing() const;
  absl::StatusOr<Counts> Count();

  const db::Database* const database_;
  const ServiceContext* const context_;
  Metrics* const metrics_;
  prometheus::Gauge& counted_at_;
  std::unique_ptr<db::Connection> connection_;
  Periodic refreshing_;
};

}  // namespace lscp
