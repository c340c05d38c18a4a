#include "common/lifecycle/service.h"

#include <unistd.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/auth/policy_file.h"
#include "common/config/check.h"
#include "common/db/platform_migrations.h"
#include "common/journal/disclosures.h"
#include "common/journal/feed.h"
#include "common/journal/sequencer.h"
#include "common/lifecycle/chores.h"
#include "common/lifecycle/database_watch.h"
#include "common/lifecycle/event_relays.h"
#include "common/lifecycle/flags.h"
#include "common/lifecycle/periodic.h"
#include "common/lifecycle/process.h"
#include "common/lifecycle/suite_services.h"
#include "common/observe/log.h"
#include "common/observe/trace.h"
#include "common/rpc/executor.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/host.h"
#include "common/rpc/pipeline.h"
#include "common/rpc/reflection.h"
#include "common/rpc/tls.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using safeguarding::config::v1::ServiceConfig;

constexpr uint32_t kDefaultWorkers = 8;
constexpr uint32_t kDefaultQueueCapacity = 256;
constexpr absl::Duration kUpkeepInterval = absl::Seconds(1);

std::vector<db::Component> ComponentsOf(const ServiceDefinition& definition) {
  return {db::platform::Tables(), {definition.name, definition.migrations}};
}

std::vector<RpcMethod> MethodsForMetrics(const rpc::Methods& methods) {
  std::vector<RpcMethod> all;
  for (const auto& [path, method] : methods.all()) {
    all.push_back({method.watch ? "server_stream" : "unary",
                   method.descriptor->service()->full_name(), method.descriptor->name()});
  }
  return all;
}

// Everything that a service consists of. Members stand in the order in which they may be destroyed,
// the last first: calls end before what they use.
class Service {
 public:
  Service(const ServiceDefinition& definition, const ServiceConfig& config)
      : definition_(definition), config_(config), context_(&config_, &clock_) {}

  absl::Status Start(const std::function<absl::Status(ServiceContext&)>& set_up);
  void Run() { process_->RunUntilSignal(config_.server()); }

 private:
  void StartDatabaseWork();
  absl::Status StartServing();
  void AddGauges();
  void SetHealth(bool serving);

  const ServiceDefinition definition_;
  const ServiceConfig config_;
  const SystemClock clock_;
  ServiceContext context_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<PolicyFile> policy_;
  std::unique_ptr<Validator> validator_;
  std::unique_ptr<SuiteServices> suite_services_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<RpcMetrics> rpc_metrics_;
  std::unique_ptr<Disclosures> disclosures_;
  std::unique_ptr<Feed> feed_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<EventRelays> event_relays_;
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<rpc::Pipeline> pipeline_;
  std::unique_ptr<rpc::Host> host_;
  std::unique_ptr<rpc::RawService> reflection_;
  std::unique_ptr<rpc::GrpcServer> server_;
  std::unique_ptr<Metrics::ScrapeHook> scrape_hook_;
  std::unique_ptr<TimescaleGauges> timescale_gauges_;
  std::unique_ptr<DatabaseWatch> database_watch_;
  std::unique_ptr<Periodic> upkeep_;
  std::unique_ptr<Chores> chores_;
};

absl::Status Service::Start(const std::function<absl::Status(ServiceContext&)>& set_up) {
  ASSIGN_OR_RETURN(process_, Process::Start(definition_.name, config_.admin()));
  ASSIGN_OR_RETURN(policy_, PolicyFile::Open(config_.policy_file()));
  RETURN_IF_ERROR(set_up(context_));
  suite_services_ = std::make_unique<SuiteServices>(&context_);
  RETURN_IF_ERROR(context_.methods().Check());
  validator_ = std::make_unique<Validator>(context_.formats());
  for (const auto& [path, method] : context_.methods().all()) {
    RETURN_IF_ERROR(validator_->Prepare(*method.descriptor->input_type()));
  }
  StartDatabaseWork();
  ASSIGN_OR_RETURN(event_relays_, EventRelays::Start(definition_.name, config_, database_.get(),
                                                     feed_.get(), &process_->metrics()));
  process_->AddStopStep("event relays", [this](absl::Time) { event_relays_->Stop(); });
  RETURN_IF_ERROR(StartServing());
  AddGauges();
  process_->AddReadinessCheck("database", [this] { return database_watch_->usable(); });
  process_->AddReadinessCheck("feed", [this] { return feed_->head() >= 0; });
  database_watch_ = std::make_unique<DatabaseWatch>(
      database_.get(), ComponentsOf(definition_), config_.migrate_at_start(), &process_->metrics(),
      [this](bool usable) { SetHealth(usable); });
  upkeep_ = std::make_unique<Periodic>(kUpkeepInterval, [this] { policy_->Refresh(); });
  chores_ =
      std::make_unique<Chores>(definition_.name, context_.chores(), database_.get(), &clock_,
                               &process_->metrics(), [this] { return database_watch_->usable(); });
  process_->SetStarted();
  LogInfo("serving", {{"port", server_->port()}});
  return absl::OkStatus();
}

void Service::StartDatabaseWork() {
  database_ = std::make_unique<db::Database>(config_.database());
  rpc_metrics_ = std::make_unique<RpcMetrics>(process_->metrics(), RpcMetrics::Side::kServer,
                                              MethodsForMetrics(context_.methods()));
  disclosures_ = std::make_unique<Disclosures>(database_.get());
  feed_ = std::make_unique<Feed>(database_.get());
  Metrics& metrics = process_->metrics();
  auto& leading = metrics.Gauge("lscp_sequencer_leading", "1 while this process gives positions.");
  auto& position = metrics.Gauge("lscp_journal_position", "Last position given in the journal.");
  auto& lag = metrics.Durations("lscp_sequencer_lag_seconds",
                                "Age of the oldest row that a pass gave its position.");
  auto& passed_at = metrics.Gauge("lscp_sequencer_pass_time_seconds",
                                  "When this process last looked for rows without a position and "
                                  "gave them theirs, in Unix time.");
  auto& alarm = metrics.Gauge("lscp_sequencer_unsealed_rows",
                              "Committed rows that have no position and should: must be 0.");
  sequencer_ = std::make_unique<Sequencer>(
      database_.get(), absl::StrCat(definition_.name, "-", getpid(), "-", NewHexId()),
      [&leading, &position, &lag, &passed_at, &alarm](const Sequencer::Progress& progress) {
        leading.Set(progress.leading ? 1 : 0);
        if (!progress.leading) return;
        passed_at.Set(static_cast<double>(absl::ToUnixSeconds(absl::Now())));
        position.Set(static_cast<double>(progress.journal_position));
        if (progress.lag > absl::ZeroDuration()) lag.Observe(absl::ToDoubleSeconds(progress.lag));
        alarm.Set(static_cast<double>(progress.unsealed_alarm));
      });
  const uint32_t workers = config_.workers() ? config_.workers() : kDefaultWorkers;
  const uint32_t capacity =
      config_.queue_capacity() ? config_.queue_capacity() : kDefaultQueueCapacity;
  executor_ = std::make_unique<rpc::Executor>(database_.get(), static_cast<int>(workers), capacity);
  metrics.Gauge("lscp_workers", "Database workers, each with its connections.").Set(workers);
  metrics.Gauge("lscp_calls_queue_capacity", "Calls that may wait for a database worker.")
      .Set(capacity);
}

absl::Status Service::StartServing() {
  pipeline_ = std::make_unique<rpc::Pipeline>(
      rpc::PipelineParts{.boroughs = {config_.boroughs().begin(), config_.boroughs().end()},
                         .clock = &clock_,
                         .policy = [this] { return policy_->Current(); },
                         .validator = validator_.get(),
                         .executor = executor_.get(),
                         .disclosures = disclosures_.get(),
                         .metrics = rpc_metrics_.get()});
  host_ = std::make_unique<rpc::Host>(&context_.methods(), pipeline_.get(), feed_.get(),
                                      absl::StrCat(definition_.name, ".safeguarding"));
  std::vector<grpc::Service*> services = {host_->service()};
  if (config_.server().reflection()) {
    std::vector<std::string> names = context_.methods().ServiceNames();
    names.insert(names.end(),
                 {"grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"});
    reflection_ = rpc::MakeReflectionService(google::protobuf::DescriptorPool::generated_pool(),
                                             std::move(names));
    services.push_back(reflection_.get());
  }
  ASSIGN_OR_RETURN(server_, rpc::GrpcServer::Start(config_.server(), services));
  SetHealth(false);
  process_->AddDrainNotice([this] { SetHealth(false); });
  process_->AddStopStep("server", [this](absl::Time deadline) {
    host_->EndWatches();
    server_->Shutdown(deadline);
  });
  return absl::OkStatus();
}

void Service::AddGauges() {
  Metrics& metrics = process_->metrics();
  auto& waiting = metrics.Gauge("lscp_calls_waiting", "Calls that wait for a database worker.");
  auto& busy = metrics.Gauge("lscp_workers_busy", "Database workers that run a call.");
  auto& expiry = metrics.Gauge("tls_certificate_expiry_seconds",
                               "When the server's certificate ends, in Unix time.");
  scrape_hook_ = std::make_unique<Metrics::ScrapeHook>(metrics, [this, &waiting, &busy, &expiry] {
    waiting.Set(static_cast<double>(executor_->waiting()));
    busy.Set(executor_->busy());
    const auto end = rpc::CertificateExpiry(config_.server().tls().certificate_file());
    if (end.ok()) expiry.Set(static_cast<double>(absl::ToUnixSeconds(*end)));
  });
  timescale_gauges_ = std::make_unique<TimescaleGauges>(database_.get(), &context_, &metrics);
}

void Service::SetHealth(bool serving) {
  if (process_->draining()) serving = false;
  server_->SetServing("", serving);
  for (const std::string& name : context_.methods().ServiceNames()) {
    server_->SetServing(name, serving);
  }
}

absl::Status MigrateOnly(const ServiceDefinition& definition, const ServiceConfig& config) {
  const db::Database database(config.database());
  return db::Migrate(database, ComponentsOf(definition));
}

absl::Status Main(const ServiceDefinition& definition, const Flags& flags,
                  const std::function<absl::Status(ServiceContext&)>& set_up) {
  ASSIGN_OR_RETURN(const auto config, LoadTextProto<ServiceConfig>(flags.config_file));
  RETURN_IF_ERROR(CheckServiceConfig(config));
  if (flags.migrate) return MigrateOnly(definition, config);
  Service service(definition, config);
  RETURN_IF_ERROR(service.Start(set_up));
  service.Run();
  return absl::OkStatus();
}

}  // namespace

int RunService(int argc, char** argv, const ServiceDefinition& definition,
               const std::function<absl::Status(ServiceContext&)>& set_up) {
  BlockTerminationSignals();
  return RunMain(argc, argv, definition.name,
                 [&](const Flags& flags) { return Main(definition, flags, set_up); });
}

}  // namespace lscp
