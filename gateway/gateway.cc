#include "gateway/gateway.h"

#include "common/config/load.h"
#include "common/lifecycle/flags.h"
#include "common/lifecycle/process.h"
#include "common/observe/log.h"
#include "common/rpc/tls.h"
#include "common/status/macros.h"
#include "gateway/settings.h"
#include "gateway/tokens.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::GatewayConfig;

constexpr absl::Duration kUpkeepInterval = absl::Milliseconds(250);

absl::Status RunWith(const Flags& flags) {
  if (flags.migrate) return absl::InvalidArgumentError("the gateway has nothing to migrate");
  ASSIGN_OR_RETURN(const auto config, LoadTextProto<GatewayConfig>(flags.config_file));
  ASSIGN_OR_RETURN(const auto process, Process::Start("gateway", config.admin()));
  ASSIGN_OR_RETURN(const auto gateway, Gateway::Start(config, process->metrics()));
  process->AddDrainNotice([&] { gateway->StopServing(); });
  process->AddStopStep("server", [&](absl::Time deadline) { gateway->Shutdown(deadline); });
  process->SetStarted();
  LogInfo("serving", {{"port", gateway->port()}});
  process->RunUntilSignal(config.server());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(GatewayConfig config, Metrics& metrics) {
  ASSIGN_OR_RETURN(GatewayConfig complete, Complete(std::move(config)));
  auto gateway = std::unique_ptr<Gateway>(new Gateway(std::move(complete), metrics));
  RETURN_IF_ERROR(gateway->SetUp());
  return gateway;
}

Gateway::Gateway(GatewayConfig config, Metrics& metrics)
    : config_(std::move(config)), metrics_(metrics) {}

absl::Status Gateway::SetUp() {
  ASSIGN_OR_RETURN(MethodTable methods, MethodTable::Load(config_.descriptor_file()));
  methods_ = std::make_unique<MethodTable>(std::move(methods));
  ASSIGN_OR_RETURN(RouteTable routes, RouteTable::Create(config_.routes()));
  routes_ = std::make_unique<RouteTable>(std::move(routes));
  ASSIGN_OR_RETURN(policy_, PolicySource::Open(config_.policy_file(), routes_->boroughs()));
  ASSIGN_OR_RETURN(VerifyToken verify_token, MakeTokenVerifier(config_));

  gateway_metrics_ = std::make_unique<GatewayMetrics>(metrics_, *methods_);
  decider_ = std::make_unique<Decider>(config_, *routes_, *policy_, std::move(verify_token));
  local_ = std::make_unique<LocalServices>(*methods_, config_.server().reflection());
  ASSIGN_OR_RETURN(
      proxy_, Proxy::Start(config_, *methods_, *routes_, *decider_, *gateway_metrics_, *local_));
  local_->SetServing("", true);
  SetGauges();
  upkeep_ = std::make_unique<Periodic>(kUpkeepInterval, [this] {
    UpdateHealth();
    policy_->Refresh();
  });
  return absl::OkStatus();
}

Gateway::~Gateway() {
  if (upkeep_) Shutdown(absl::Now());
}

void Gateway::SetGauges() {
  auto& in_flight = metrics_.Gauge("lscp_gateway_calls_in_flight", "Calls under way.");
  metrics_.Gauge("lscp_gateway_calls_in_flight_limit", "Calls that may be under way.")
      .Set(config_.max_calls_in_flight());
  auto& expiry = metrics_.Gauge("tls_certificate_expiry_seconds",
                                "When the server's certificate ends, in Unix time.");
  scrape_hook_ = std::make_unique<Metrics::ScrapeHook>(metrics_, [this, &in_flight, &expiry] {
    in_flight.Set(decider_->in_flight());
    const auto end = rpc::CertificateExpiry(config_.server().tls().certificate_file());
    if (end.ok()) expiry.Set(static_cast<double>(absl::ToUnixSeconds(*end)));
  });
}

// A service of the contract is there when one of the routes to it is.
void Gateway::UpdateHealth() {
  const std::lock_guard lock(mutex_);
  if (!serving_) return;
  for (const std::string& service : methods_->services()) {
    const std::string package = service.substr(0, service.rfind('.'));
    bool ready = false;
    for (const size_t route : routes_->Serving(package)) {
      ready = proxy_->Ready(route) || ready;
    }
    local_->SetServing(service, ready);
  }
}

void Gateway::StopServing() {
  const std::lock_guard lock(mutex_);
  serving_ = false;
  local_->SetServing("", false);
  for (const std::string& service : methods_->services()) local_->SetServing(service, false);
}

void Gateway::Shutdown(absl::Time deadline) {
  StopServing();
  proxy_->Shutdown(deadline);
  upkeep_.reset();
}

int RunGateway(int argc, char** argv) {
  BlockTerminationSignals();
  return RunMain(argc, argv, "gateway", RunWith);
}

}  // namespace lscp::gateway
