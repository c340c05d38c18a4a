#include "gateway/decision.h"

#include "common/observe/trace.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "gateway/deadlines.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::GatewayConfig;

std::string_view FirstOf(const MetadataView& metadata, std::string_view key) {
  for (const auto& [name, value] : metadata) {
    if (name == key) return value;
  }
  return {};
}

}  // namespace

Decider::Decider(const GatewayConfig& config, const RouteTable& routes, const PolicySource& policy,
                 VerifyToken verify_token)
    : config_(config),
      routes_(routes),
      policy_(policy),
      verify_token_(std::move(verify_token)),
      rate_(config.agency_calls_per_second()),
      in_flight_(static_cast<int>(config.max_calls_in_flight())) {}

absl::StatusOr<Decision> Decider::Decide(const Method& method, const Arrival& arrival,
                                         CallRecord& record) {
  const TraceContext trace = TraceContext::Continue(FirstOf(arrival.metadata, kTraceparent),
                                                    FirstOf(arrival.metadata, kTracestate));
  record.trace_id = trace.TraceId();
  ASSIGN_OR_RETURN(const Sender sender, Identify(arrival.spiffe_id, arrival.metadata));
  const std::shared_ptr<const PolicySnapshot> policy = policy_.Current();
  if (policy->agencies.contains(sender.agency)) record.agency = sender.agency;

  Decision decision;
  ASSIGN_OR_RETURN(decision.slot, in_flight_.Enter());
  RETURN_IF_ERROR(rate_.Take(record.agency, arrival.now));
  RETURN_IF_ERROR(CheckSize(arrival.metadata));

  if (const auto named = FirstOf(arrival.metadata, kBorough);
      named == "-" || policy->boroughs.contains(named)) {
    record.borough = named;
  }
  ASSIGN_OR_RETURN(const Admitted admitted, Admit(method, sender, arrival.metadata, policy->policy,
                                                  policy->boroughs, verify_token_, arrival.now));
  ASSIGN_OR_RETURN(decision.route, FindRoute(method, sender, admitted, arrival.metadata));
  ASSIGN_OR_RETURN(decision.deadline,
                   ServiceDeadline(method, config_, arrival.deadline, arrival.now));

  decision.metadata = Forwarded(arrival.metadata, routes_.route(decision.route).gateway());
  decision.metadata.emplace_back(kCaller, admitted.caller.ToProto().SerializeAsString());
  decision.metadata.emplace_back(kTraceparent, trace.Traceparent());
  if (!trace.state.empty()) decision.metadata.emplace_back(kTracestate, trace.state);
  return decision;
}

absl::StatusOr<size_t> Decider::FindRoute(const Method& method, const Sender& sender,
                                          const Admitted& admitted,
                                          const MetadataView& metadata) const {
  ASSIGN_OR_RETURN(const std::string_view service, Single(metadata, kService));
  ASSIGN_OR_RETURN(const size_t route, routes_.Find(method.package, admitted.boroughs, service));
  if (!sender.gateway.empty() && routes_.route(route).gateway()) {
    // Two gateways that each take the other to be responsible would send the call round for ever.
    return Error(absl::StatusCode::kUnimplemented, reason::ERROR_REASON_NO_ROUTE,
                 "the call came from another gateway and is not served here");
  }
  return route;
}

}  // namespace lscp::gateway
