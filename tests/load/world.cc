#include "tests/load/world.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "child_protection/child_keys.h"
#include "common/config/load.h"
#include "common/status/macros.h"
#include "common/store/id.h"
#include "tests/load/population.h"
#include "tests/load/processes.h"
#include "tests/support/requests.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;
using safeguarding::config::v1::ServiceConfig;

constexpr char kSubmit[] = "/safeguarding.referrals.v1.ContactsService/SubmitContact";
constexpr char kGet[] = "/safeguarding.referrals.v1.ContactsService/GetMyReferral";
constexpr char kCheck[] = "/safeguarding.child_protection.v1.ChildChecksService/CheckChild";
constexpr char kBorough[] = "barnet";
constexpr char kPurpose[] = "safeguarding";
constexpr int kContactsToRead = 256;

std::string ContentOf(const std::string& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// Submits, each with a request_id of its own; serialised once, since the clients share the cores.
NextRequest Submits() {
  const referrals::SubmitContactRequest request = ConcernOf(kBorough, "load");
  const std::string bytes = request.SerializeAsString();
  const size_t at = bytes.find(request.request_id());
  return [bytes, at](int) {
    const std::string id = NewRequestId();
    std::string next = bytes;
    next.replace(at, id.size(), id);
    return next;
  };
}

NextRequest Gets(const std::vector<std::string>& ids) {
  std::vector<std::string> requests;
  for (const std::string& id : ids) {
    referrals::GetMyReferralRequest request;
    request.set_name(absl::StrCat("boroughs/", kBorough, "/contacts/", id));
    requests.push_back(request.SerializeAsString());
  }
  auto counts = std::make_shared<std::vector<size_t>>(1024);
  return [requests, counts](int client) {
    return requests[(client + (*counts)[client]++) % requests.size()];
  };
}

// One child after the other, all over the table, so that hardly any is asked about twice.
std::function<InventedChild()> EachInTurn(int64_t children) {
  auto count = std::make_shared<std::atomic<int64_t>>(0);
  return [count, children] {
    constexpr int64_t kStride = 611'953;  // a prime: every child comes before one comes again
    return ChildNumber(count->fetch_add(1) * kStride % children);
  };
}

NextRequest Checks(int64_t children) {
  return
      [next = EachInTurn(children)](int) { return CheckOf(kBorough, next()).SerializeAsString(); };
}

// For raw SQL: another child in the place of the first.
std::function<Changes()> OtherChildren(int64_t children) {
  return [next = EachInTurn(children), first = ChildNumber(0),
          first_keys = child_protection::KeysOf(CheckOf(kBorough, ChildNumber(0)))] {
    const InventedChild child = next();
    const auto keys = child_protection::KeysOf(CheckOf(kBorough, child));
    Changes changes = {{first.id, child.id}};
    for (size_t i = 0; i < keys.size(); ++i) changes.emplace_back(first_keys[i], keys[i]);
    return changes;
  };
}

// Left out, with a word about it, when the machine does not have it.
absl::StatusOr<std::optional<Backend>> IfInstalled(absl::StatusOr<Backend> proxy) {
  if (absl::IsNotFound(proxy.status())) {
    std::fprintf(stderr, "left out: %s\n", std::string(proxy.status().message()).c_str());
    return std::nullopt;
  }
  RETURN_IF_ERROR(proxy.status());
  return *std::move(proxy);
}

}  // namespace

absl::StatusOr<std::unique_ptr<World>> World::Create(int64_t children) {
  auto world = std::unique_ptr<World>(new World);
  world->children_ = children;
  world->StartSuite();
  RETURN_IF_ERROR(world->WatchOneCallOfEach());
  RETURN_IF_ERROR(world->Seed());
  if (children > 0) {
    RETURN_IF_ERROR(world->SeedChildren());
    RETURN_IF_ERROR(world->WatchOneCheck());
  }
  RETURN_IF_ERROR(world->StartEchoAndProxies());
  RETURN_IF_ERROR(world->AddPaths());
  return world;
}

void World::StartSuite() {
  Suite::Options options;
  options.boroughs = {kBorough};
  // The limits are checked all the same; they are not to be reached.
  options.gateway_config = "agency_calls_per_second: 1000000\nmax_calls_in_flight: 10000\n";
  suite_ = std::make_unique<Suite>(options);
  idle_service_mib_ = ResidentMiB(suite_->service_pid());
  idle_gateway_mib_ = ResidentMiB(suite_->gateway_pid());
  // A server of some size; durability is MariaDB's default, an fdatasync for each group of commits.
  suite_->mariadb().RunAsRoot({"SET GLOBAL innodb_buffer_pool_size = 1024 * 1024 * 1024",
                               "SET GLOBAL innodb_log_file_size = 256 * 1024 * 1024",
                               "SET GLOBAL max_connections = 500"});
  const std::string& socket = suite_->mariadb().socket();
  database_pid_ = std::atoi(ContentOf(socket.substr(0, socket.rfind('/')) + "/pid").c_str());
  teacher_ = CallerOf("example-primary-school", "tess-teacher-invented", "referrer", kGet);
  paramedic_ =
      CallerOf("example-ambulance-service", "pat-paramedic-invented", "child_checker", kCheck);
}

World::Caller World::CallerOf(const std::string& agency, const std::string& person,
                              const std::string& role, const std::string& method) {
  const auto target = suite_->TargetOf(agency, person, {role});
  Caller caller;
  caller.tls.set_certificate_file(target.certificate_file);
  caller.tls.set_key_file(target.key_file);
  caller.tls.set_ca_file(target.ca_file);
  caller.token = target.token;
  caller.call.caller.agency = agency;
  caller.call.caller.person = person;
  caller.call.caller.purpose = kPurpose;
  caller.call.caller.grants = {{kBorough, {role}}};
  caller.call.borough = kBorough;
  caller.call.method = method.substr(1);
  caller.call.trace_id = std::string(32, 'a');
  return caller;
}

absl::StatusOr<std::unique_ptr<db::Database>> World::DatabaseOf(const std::string& service) const {
  ASSIGN_OR_RETURN(const auto config, LoadTextProto<ServiceConfig>(absl::StrCat(
                                          suite_->pki().directory(), "/", service, ".textproto")));
  return std::make_unique<db::Database>(config.database());
}

GrpcTarget World::ServiceTarget(const Caller& caller, const std::string& endpoint) const {
  return {endpoint,
          suite_->gateway_tls(),
          {{"lscp-caller-bin", caller.call.caller.ToProto().SerializeAsString()},
           {"lscp-borough", kBorough}}};
}

GrpcTarget World::GatewayTarget(const Caller& caller, const std::string& endpoint) const {
  return {endpoint,
          caller.tls,
          {{"authorization", "Bearer " + caller.token},
           {"lscp-purpose", kPurpose},
           {"lscp-borough", kBorough}}};
}

absl::StatusOr<StatementsOfCall> World::Watch(const GrpcTarget& target, const std::string& path,
                                              const std::string& request, const std::string& marker,
                                              std::string* reply) {
  const std::string log = suite_->pki().directory() + "/general.log";
  suite_->mariadb().RunAsRoot({absl::StrCat("SET GLOBAL general_log_file = '", log, "'"),
                               "SET GLOBAL log_output = 'FILE'", "SET GLOBAL general_log = ON"});
  ASSIGN_OR_RETURN(*reply, CallOnce(target, path, request));
  suite_->mariadb().RunAsRoot({"SET GLOBAL general_log = OFF"});
  auto call = FindCall(ContentOf(log), marker);
  std::remove(log.c_str());
  return call;
}

// Must be the first calls of their kind: later ones find their statements prepared.
absl::Status World::WatchOneCallOfEach() {
  const referrals::SubmitContactRequest submit = ConcernOf(kBorough, "load");
  submitted_request_id_ = submit.request_id();
  std::string reply;
  const GrpcTarget service = ServiceTarget(teacher_, suite_->service_endpoint());
  ASSIGN_OR_RETURN(submit_statements_, Watch(service, kSubmit, submit.SerializeAsString(),
                                             submitted_request_id_, &reply));
  submit_reply_bytes_ = reply.size();
  referrals::SubmitContactResponse submitted;
  if (!submitted.ParseFromString(reply)) return absl::InternalError("no SubmitContactResponse");
  read_name_ = submitted.referral().name();
  submitted_id_ = IdOf(read_name_);
  referrals::GetMyReferralRequest get;
  get.set_name(read_name_);
  ASSIGN_OR_RETURN(get_statements_,
                   Watch(service, kGet, get.SerializeAsString(), submitted_id_, &reply));
  get_reply_bytes_ = reply.size();
  return absl::OkStatus();
}

absl::Status World::WatchOneCheck() {
  const auto request = CheckOf(kBorough, ChildNumber(0));
  check_request_id_ = request.request_id();
  std::string reply;
  ASSIGN_OR_RETURN(
      check_statements_,
      Watch(ServiceTarget(paramedic_, suite_->service_endpoint(Suite::kChildProtection)), kCheck,
            request.SerializeAsString(), check_request_id_, &reply));
  for (const Statement& statement : check_statements_->statements) {
    if (!absl::StartsWith(statement.sql, "INSERT INTO child_checks (borough, id,")) continue;
    check_id_ = std::get<std::string>(statement.args[1].variant());
    return absl::OkStatus();
  }
  return absl::InternalError("a check is not on record");
}

absl::Status World::SeedChildren() {
  ASSIGN_OR_RETURN(checks_database_, DatabaseOf(Suite::kChildProtection));
  std::fprintf(stderr, "loading %ld children\n", static_cast<long>(children_));
  Populate(suite_->mariadb(), checks_database_->config().schema(), kBorough,
           suite_->pki().directory(), children_);
  return absl::OkStatus();
}

absl::Status World::Seed() {
  ASSIGN_OR_RETURN(database_, DatabaseOf(Suite::kReferrals));
  ASSIGN_OR_RETURN(const auto connection, database_->Connect(db::Mode::kTransaction));
  for (int i = 0; i < kContactsToRead; ++i) {
    ids_.push_back(NewId(absl::Now()));
    for (const Statement& statement : submit_statements_.statements) {
      RETURN_IF_ERROR(
          connection
              ->Execute(statement.sql,
                        Replaced(statement.args, {{submitted_id_, ids_.back()},
                                                  {submitted_request_id_, NewRequestId()}}))
              .status());
    }
  }
  return connection->Commit();
}

absl::Status World::StartEchoAndProxies() {
  const std::string& directory = suite_->pki().directory();
  const auto service_tls = suite_->pki().Service("echo");
  ASSIGN_OR_RETURN(echo_, StartEcho(directory, service_tls,
                                    {{kSubmit, submit_reply_bytes_}, {kGet, get_reply_bytes_}}));
  const ProxyPlan plan{directory, suite_->gateway_tls(), suite_->gateway_tls(), echo_.port};
  ASSIGN_OR_RETURN(gateway_to_echo_, StartGatewayTo(directory + "/gateway.textproto", plan));
  ASSIGN_OR_RETURN(nginx_, IfInstalled(StartNginx(plan)));
  ASSIGN_OR_RETURN(haproxy_, IfInstalled(StartHaproxy(plan)));
  return absl::OkStatus();
}

Load* World::Keep(std::unique_ptr<Load> load) {
  loads_.push_back(std::move(load));
  return loads_.back().get();
}

absl::StatusOr<Load*> World::GrpcLoadOf(const GrpcTarget& target, const std::string& path,
                                        const NextRequest& next) {
  // It must work once, and connections to what is behind it are made, before it is measured.
  RETURN_IF_ERROR(CallOnce(target, path, next(0)).status());
  ASSIGN_OR_RETURN(auto load, MakeGrpcLoad(target, path, next));
  return Keep(std::move(load));
}

absl::Status World::AddPaths() {
  const NamedProcess database{"mariadbd", database_pid_};
  const NamedProcess service{"referrals", suite_->service_pid()};
  const NamedProcess gateway{"gateway", suite_->gateway_pid()};
  const GrpcTarget direct = ServiceTarget(teacher_, suite_->service_endpoint());
  const GrpcTarget by_gateway = GatewayTarget(teacher_, suite_->gateway_endpoint());

  Scenario submit{"submit", kRawSql, {}};
  submit.paths.push_back({kRawSql,
                          Keep(MakeSqlWrites(database_.get(), submit_statements_, submitted_id_,
                                             submitted_request_id_)),
                          {database, service}});
  ASSIGN_OR_RETURN(Load * load, GrpcLoadOf(direct, kSubmit, Submits()));
  submit.paths.push_back({kDirect, load, {database, service}});
  ASSIGN_OR_RETURN(load, GrpcLoadOf(by_gateway, kSubmit, Submits()));
  submit.paths.push_back({kByGateway, load, {database, service, gateway}});

  Scenario get{"get", kRawSql, {}};
  get.paths.push_back({kRawSql,
                       Keep(MakeSqlReads(database_.get(), get_statements_, submitted_id_,
                                         read_name_, ids_, teacher_.call)),
                       {database, service}});
  ASSIGN_OR_RETURN(load, GrpcLoadOf(direct, kGet, Gets(ids_)));
  get.paths.push_back({kDirect, load, {database, service}});
  ASSIGN_OR_RETURN(load, GrpcLoadOf(by_gateway, kGet, Gets(ids_)));
  get.paths.push_back({kByGateway, load, {database, service, gateway}});

  Scenario place_submit{"in the gateway's place, echo of submit's size", "nginx", {}};
  RETURN_IF_ERROR(AddPlacePaths(kSubmit, Submits(), place_submit));
  Scenario place_get{"in the gateway's place, echo of get's size", "nginx", {}};
  RETURN_IF_ERROR(AddPlacePaths(kGet, Gets(ids_), place_get));
  scenarios_ = {std::move(submit), std::move(get)};
  if (children_ > 0) RETURN_IF_ERROR(AddCheckPaths());
  scenarios_.push_back(std::move(place_submit));
  scenarios_.push_back(std::move(place_get));
  return absl::OkStatus();
}

absl::Status World::AddCheckPaths() {
  const std::vector<NamedProcess> processes = {
      {"mariadbd", database_pid_},
      {"child-protection", suite_->service_pid(Suite::kChildProtection)}};
  std::vector<NamedProcess> with_gateway = processes;
  with_gateway.push_back({"gateway", suite_->gateway_pid()});
  Scenario check{kCheckTitle, kRawSql, {}, {1, 8, 64}};
  check.paths.push_back({kRawSql,
                         Keep(MakeSqlWrites(checks_database_.get(), *check_statements_, check_id_,
                                            check_request_id_, OtherChildren(children_))),
                         processes});
  ASSIGN_OR_RETURN(
      Load * load,
      GrpcLoadOf(ServiceTarget(paramedic_, suite_->service_endpoint(Suite::kChildProtection)),
                 kCheck, Checks(children_)));
  check.paths.push_back({kDirect, load, processes});
  ASSIGN_OR_RETURN(load, GrpcLoadOf(GatewayTarget(paramedic_, suite_->gateway_endpoint()), kCheck,
                                    Checks(children_)));
  check.paths.push_back({kByGateway, load, with_gateway});
  scenarios_.push_back(std::move(check));
  return absl::OkStatus();
}

absl::Status World::AddPlacePaths(const std::string& method, NextRequest next, Scenario& scenario) {
  const NamedProcess echo{"echo", echo_.process->pid()};
  // Directly, as a service is called.
  const GrpcTarget direct = ServiceTarget(teacher_, absl::StrCat("127.0.0.1:", echo_.port));
  ASSIGN_OR_RETURN(Load * load, GrpcLoadOf(direct, method, next));
  scenario.paths.push_back({"echo, direct", load, {echo}});
  const auto add = [&](const std::string& name, const std::optional<Backend>& proxy) {
    if (!proxy) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        load,
        GrpcLoadOf(GatewayTarget(teacher_, absl::StrCat("127.0.0.1:", proxy->port)), method, next));
    scenario.paths.push_back({name, load, {echo, {name, proxy->process->pid()}}});
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(add("gateway", gateway_to_echo_));
  RETURN_IF_ERROR(add("nginx", nginx_));
  return add("haproxy", haproxy_);
}

}  // namespace lscp::tests
