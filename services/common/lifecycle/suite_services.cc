#include "common/lifecycle/suite_services.h"

#include <set>
#include <utility>

#include "common/journal/audit.h"
#include "common/journal/sequencer.h"
#include "common/lifecycle/peer_origin.h"
#include "common/observe/log.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"

namespace lscp {
namespace {

namespace audit = safeguarding::audit::v1;
namespace indicator = safeguarding::indicators::v1;
namespace timescale = safeguarding::timescales::v1;

absl::StatusOr<IndicatorPeriod> PeriodOf(const indicator::GetIndicatorsRequest& request) {
  const auto first = ProtoToDate(request.start_date());
  const auto last = ProtoToDate(request.end_date());
  if (!first || !last) return InvalidField("start_date", "and end_date must be complete dates");
  if (*last < *first) return InvalidField("end_date", "must not lie before start_date");
  return IndicatorPeriod{BoroughOf(request.parent()), *first, *last, StartOfDay(*first),
                         EndOfDay(*last)};
}

// The queries that are asked for; all when none is named.
absl::StatusOr<std::vector<const IndicatorQuery*>> Select(
    const std::vector<IndicatorQuery>& all, const indicator::GetIndicatorsRequest& request) {
  std::set<std::string> asked(request.ids().begin(), request.ids().end());
  std::vector<const IndicatorQuery*> selected;
  for (const IndicatorQuery& query : all) {
    if (asked.erase(query.definition.id()) > 0 || request.ids().empty()) {
      selected.push_back(&query);
    }
  }
  if (!asked.empty()) return InvalidField("ids", "names an indicator that is not computed here");
  return selected;
}

// Times ahead for which lscp_timescales_due is counted: an hour for what is owed in hours, a day,
// and three days, so that what is due on a Monday shows on the Friday before.
constexpr std::pair<const char*, absl::Duration> kDueWithin[] = {
    {"1h", absl::Hours(1)}, {"1d", absl::Hours(24)}, {"3d", absl::Hours(72)}};

// A state as the label `state` spells it, e.g. "OVERDUE".
std::string StateLabel(int state) {
  return timescale::Timescale::State_Name(static_cast<timescale::Timescale::State>(state))
      .substr(sizeof("STATE_") - 1);
}

}  // namespace

SuiteServices::SuiteServices(ServiceContext* context) : context_(context) {
  rpc::Methods& methods = context->methods();
  methods.Of("safeguarding.timescales.v1.TimescalesService", this)
      .Read("ListTimescales", &SuiteServices::ListTimescales)
      .Read("ListTimescaleRules", &SuiteServices::ListTimescaleRules);
  methods.Of("safeguarding.indicators.v1.IndicatorsService", this)
      .Read("GetIndicators", &SuiteServices::GetIndicators)
      .Read("ListIndicatorDefinitions", &SuiteServices::ListIndicatorDefinitions);
  methods.Of("safeguarding.audit.v1.AuditService", this)
      .Read("VerifyAudit", &SuiteServices::VerifyAudit)
      .Read("ListAuditEntries", &SuiteServices::ListAudit);
  if (context->events().subscribed()) {
    methods.Of("safeguarding.events.v1.EventSinkService", &context->events())
        .Write("Deliver", &EventSink::Deliver);
  }
  if (context->peer_events().subscribed()) {
    methods.Of("safeguarding.events.v1.PeerEventSinkService", this)
        .Write("DeliverFromPeer", &SuiteServices::DeliverFromPeer);
  }
}

absl::StatusOr<safeguarding::events::v1::DeliverFromPeerResponse> SuiteServices::DeliverFromPeer(
    const safeguarding::events::v1::DeliverFromPeerRequest& request, Transaction& transaction) {
  RETURN_IF_ERROR(CheckPeerOrigin(context_->config(), transaction.call(), request));
  safeguarding::events::v1::DeliverRequest delivery;
  delivery.set_parent(request.parent());
  delivery.set_request_id(request.request_id());
  *delivery.mutable_events() = request.events();
  ASSIGN_OR_RETURN(const auto delivered, context_->peer_events().Deliver(delivery, transaction));
  safeguarding::events::v1::DeliverFromPeerResponse response;
  response.set_accepted(delivered.accepted());
  return response;
}

absl::StatusOr<timescale::ListTimescalesResponse> SuiteServices::ListTimescales(
    const timescale::ListTimescalesRequest& request, Reading& reading) {
  return timescales::List(reading.db(), request, reading.call().boroughs, reading.caller().person,
                          reading.now());
}

absl::StatusOr<timescale::ListTimescaleRulesResponse> SuiteServices::ListTimescaleRules(
    const timescale::ListTimescaleRulesRequest&, Reading& reading) {
  timescale::ListTimescaleRulesResponse response;
  for (const TimescaleRule& rule : context_->rules_of()(reading.call().borough)) {
    *response.add_rules() = ToProto(rule);
  }
  return response;
}

absl::StatusOr<indicator::GetIndicatorsResponse> SuiteServices::GetIndicators(
    const indicator::GetIndicatorsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(const IndicatorPeriod period, PeriodOf(request));
  ASSIGN_OR_RETURN(const auto queries, Select(context_->indicators(), request));
  indicator::GetIndicatorsResponse response;
  response.set_borough(request.parent());
  *response.mutable_start_date() = request.start_date();
  *response.mutable_end_date() = request.end_date();
  *response.mutable_compute_time() = TimeToProto(reading.now());
  ASSIGN_OR_RETURN(const auto indicators, ComputeAll(reading.db(), queries, period));
  response.mutable_indicators()->Assign(indicators.begin(), indicators.end());
  return response;
}

absl::StatusOr<indicator::ListIndicatorDefinitionsResponse> SuiteServices::ListIndicatorDefinitions(
    const indicator::ListIndicatorDefinitionsRequest&, Reading&) {
  indicator::ListIndicatorDefinitionsResponse response;
  for (const IndicatorQuery& query : context_->indicators()) {
    *response.add_definitions() = query.definition;
  }
  return response;
}

absl::StatusOr<audit::VerifyAuditResponse> SuiteServices::VerifyAudit(
    const audit::VerifyAuditRequest&, Reading& reading) {
  return VerifyChains(reading.db());
}

absl::StatusOr<audit::ListAuditEntriesResponse> SuiteServices::ListAudit(
    const audit::ListAuditEntriesRequest& request, Reading& reading) {
  return ListAuditEntries(reading.db(), request);
}

TimescaleGauges::TimescaleGauges(const db::Database* database, const ServiceContext* context,
                                 Metrics* metrics)
    : database_(database),
      context_(context),
      metrics_(metrics),
      counted_at_(metrics->Gauge("lscp_timescales_count_time_seconds",
                                 "When lscp_timescales was last counted, in Unix time.")),
      refreshing_(absl::Seconds(15), [this] { Refresh(); }) {}

void TimescaleGauges::Refresh() {
  const auto counts = Count();
  if (!counts.ok()) {
    // The gauges keep what was counted last; lscp_timescales_count_time_seconds tells how old it
    // is.
    connection_ = nullptr;
    return;
  }
  for (const auto& [key, value] : counts->by_state) {
    metrics_
        ->Gauge("lscp_timescales",
                "Obligations by rule and state: those that run, and those that ended in the last "
                "28 days.",
                {{"borough", key[0]}, {"rule", key[1]}, {"state", key[2]}})
        .Set(value);
  }
  for (const auto& [key, value] : counts->due) {
    metrics_
        ->Gauge("lscp_timescales_due",
                "Obligations that run, are in time, and become due within a time.",
                {{"borough", key[0]}, {"rule", key[1]}, {"within", key[2]}})
        .Set(value);
  }
  counted_at_.Set(static_cast<double>(absl::ToUnixSeconds(context_->clock()->Now())));
}

TimescaleGauges::Counts TimescaleGauges::Nothing() const {
  Counts nothing;
  for (const std::string& borough : context_->config().boroughs()) {
    for (const TimescaleRule& rule : context_->rules_of()(borough)) {
      for (int state = timescales::Timescale::State_MIN + 1;
           state <= timescales::Timescale::State_MAX; ++state) {
        nothing.by_state[{borough, rule.id, StateLabel(state)}] = 0;
      }
      for (const auto& [label, within] : kDueWithin) nothing.due[{borough, rule.id, label}] = 0;
    }
  }
  return nothing;
}

absl::StatusOr<TimescaleGauges::Counts> TimescaleGauges::Count() {
  if (!connection_) {
    ASSIGN_OR_RETURN(connection_, database_->Connect(db::Mode::kAutocommit));
  }
  const std::vector<std::string> boroughs(context_->config().boroughs().begin(),
                                          context_->config().boroughs().end());
  const absl::Time now = context_->clock()->Now();
  Counts counts = Nothing();
  ASSIGN_OR_RETURN(const auto by_state, timescales::CountByState(*connection_, boroughs, now));
  for (const timescales::Count& count : by_state) {
    counts.by_state[{count.borough, count.rule, StateLabel(count.state)}] =
        static_cast<double>(count.clocks);
  }
  for (const auto& [label, within] : kDueWithin) {
    ASSIGN_OR_RETURN(const auto due,
                     timescales::CountDueWithin(*connection_, boroughs, now, within));
    for (const timescales::Count& count : due) {
      counts.due[{count.borough, count.rule, label}] = static_cast<double>(count.clocks);
    }
  }
  return counts;
}

}  // namespace lscp
