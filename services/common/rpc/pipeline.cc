#include "common/rpc/pipeline.h"

#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/auth/identity.h"
#include "common/observe/log.h"
#include "common/observe/trace.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/validate/field_mask.h"
#include "common/validate/resource_name.h"
#include "common/validate/scope.h"

namespace lscp::rpc {
namespace {

namespace options = safeguarding::options::v1;

// Nobody waits longer; a call without a deadline would hold its place for ever.
constexpr absl::Duration kLongestDeadline = absl::Minutes(10);

std::string Meta(const Arrival& arrival, const char* key) {
  const auto found = arrival.metadata.find(key);
  return found == arrival.metadata.end() ? "" : found->second;
}

std::string StringField(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field ? message.GetReflection()->GetString(message, field) : "";
}

bool BoolField(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field && message.GetReflection()->GetBool(message, field);
}

std::string Digest(const std::string& method, const std::string& request) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  size_t length = 0;
  const std::string text = absl::StrCat(method, "\n", request);
  EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), digest, &length);
  return {reinterpret_cast<const char*>(digest), length};
}

absl::Status TooLate() {
  return Error(absl::StatusCode::kDeadlineExceeded, reason::ERROR_REASON_TOO_LATE,
               "the deadline passed before the answer was ready");
}

absl::Status CallerLeft() {
  return Error(absl::StatusCode::kCancelled, reason::ERROR_REASON_CALLER_CANCELLED,
               "the caller went away");
}

// A call that nobody waits for any more is dropped before it takes a connection.
absl::Status StillWanted(const Arrival& arrival) {
  if (arrival.cancelled()) return CallerLeft();
  return absl::Now() >= arrival.deadline ? TooLate() : absl::OkStatus();
}

}  // namespace

Pipeline::Pipeline(PipelineParts parts) : parts_(std::move(parts)) {}

RpcMetrics::Method& Pipeline::MetricsOf(const Method& method) const {
  return *parts_.metrics->Find(method.path);
}

absl::StatusOr<Caller> Pipeline::Authenticate(const Method& method, const Arrival& arrival) const {
  const auto peer = ParsePeerIdentity(arrival.peer);
  const bool suite = peer && peer->kind != PeerIdentity::Kind::kAgency;
  if (!suite) {
    return Error(absl::StatusCode::kUnauthenticated, reason::ERROR_REASON_CERTIFICATE_REQUIRED,
                 "services are called through the gateway");
  }
  if (method.rule.internal()) {
    // Siblings speak for themselves, and only they may.
    if (peer->kind != PeerIdentity::Kind::kService) {
      return Error(absl::StatusCode::kUnauthenticated, reason::ERROR_REASON_CERTIFICATE_REQUIRED,
                   "only a service of the suite may call this");
    }
    Caller caller;
    caller.agency = "service." + peer->id;
    return caller;
  }
  safeguarding::internal::v1::CallerContext context;
  const std::string bytes = Meta(arrival, "lscp-caller-bin");
  if (bytes.empty() || !context.ParseFromString(bytes) || context.agency().empty()) {
    return Error(absl::StatusCode::kUnauthenticated, reason::ERROR_REASON_CERTIFICATE_REQUIRED,
                 "the call names no caller");
  }
  if (method.rule.needs_person() && context.person().empty()) {
    return Error(absl::StatusCode::kUnauthenticated, reason::ERROR_REASON_PERSON_REQUIRED,
                 "a person must be named by a token");
  }
  return Caller::FromProto(context);
}

absl::Status Pipeline::Authorise(const Method& method, const Arrival& arrival,
                                 const Message& request, Call& call) const {
  const std::string scope = ScopeOf(request, method.rule.scope()).value_or("");
  call.borough = BoroughOf(scope);
  call.permission = method.rule.permission();
  const std::string routed = Meta(arrival, "lscp-borough");
  if (!routed.empty() && routed != call.borough && !call.borough.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_BOROUGH_MISMATCH,
                 absl::StrCat("metadata lscp-borough is not the borough that ", method.rule.scope(),
                              " names"));
  }
  // A scope that names no borough is malformed; whoever may call this at all hears so from the
  // validator.
  const bool anywhere =
      call.borough.empty() || (call.borough == "-" && method.rule.kind() == options::KIND_READ);
  const std::shared_ptr<const Policy> policy = parts_.policy();
  for (const std::string& borough : parts_.boroughs) {
    if (borough != call.borough && !anywhere) continue;
    if (method.rule.internal() || policy->Permits(call.caller.RolesIn(borough), call.permission)) {
      call.boroughs.push_back(borough);
    }
  }
  return call.boroughs.empty() ? PermissionDenied(call.permission, scope) : absl::OkStatus();
}

absl::StatusOr<Admitted> Pipeline::Admit(const Method& method, const Arrival& arrival,
                                         const std::string& bytes, Call& call) const {
  Admitted admitted;
  RETURN_IF_ERROR(StillWanted(arrival));
  ASSIGN_OR_RETURN(call.caller, Authenticate(method, arrival));
  auto request = std::shared_ptr<Message>(method.request->New());
  if (!request->ParseFromString(bytes)) {
    return Error(absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_UNDECODABLE_REQUEST,
                 absl::StrCat("the request is not a ", method.request->GetTypeName()));
  }
  RETURN_IF_ERROR(Authorise(method, arrival, *request, call));
  ClearOutputOnly(request.get());
  if (const auto violations = parts_.validator->Check(*request, call.now); !violations.empty()) {
    return InvalidFields(violations);
  }
  // A record's own type does not require its name, but a patch is of nothing without it.
  if (call.borough.empty()) return InvalidField(method.rule.scope(), "is required");
  if (method.rule.repeats() == options::REPEATS_BY_REQUEST_ID) {
    admitted.key = {StringField(*request, "request_id"), Digest(call.method, bytes)};
  }
  admitted.rehearsal = BoolField(*request, "validate_only");
  admitted.request = std::move(request);
  return admitted;
}

Call Pipeline::Begin(const Method& method, Arrival& arrival) const {
  MetricsOf(method).Started();
  Call call;
  call.method = method.path.substr(1);
  call.trace_id =
      TraceContext::Continue(Meta(arrival, "traceparent"), Meta(arrival, "tracestate")).TraceId();
  call.now = parts_.clock->Now();
  if (!method.descriptor->server_streaming()) {
    arrival.deadline = std::min(arrival.deadline, absl::Now() + kLongestDeadline);
  }
  call.deadline = arrival.deadline;
  return call;
}

absl::Status Pipeline::End(const Method& method, const Arrival& arrival, const Call& call,
                           const absl::Status& status) const {
  const double seconds = absl::ToDoubleSeconds(absl::Now() - arrival.time);
  MetricsOf(method).Handled(static_cast<int>(status.code()), seconds);
  const bool fault = status.code() == absl::StatusCode::kInternal ||
                     status.code() == absl::StatusCode::kUnknown ||
                     status.code() == absl::StatusCode::kDataLoss;
  const std::string fault_id = fault ? NewHexId() : "";
  const auto why = status.ok() ? std::nullopt : ReasonOf(status);
  // Fields refer to their texts, which must live as long.
  const std::string code = absl::StatusCodeToString(status.code());
  const std::string reason = why ? ReasonName(*why) : "";
  const std::string text(status.message());
  std::vector<LogField> fields = {{"method", call.method},
                                  {"code", code},
                                  {"duration_ms", seconds * 1e3},
                                  {"agency", call.caller.agency},
                                  {"person", !call.caller.person.empty()},
                                  {"borough", call.borough},
                                  {"trace_id", call.trace_id}};
  if (!reason.empty()) fields.push_back({"reason", reason});
  if (fault) {
    fields.push_back({"fault_id", fault_id});
    // It names statements and errno, never data; nobody but the log is told.
    fields.push_back({"fault", text});
  }
  Log(fault ? LogSeverity::kError : LogSeverity::kInfo, "call", fields);
  return Masked(status, fault_id);
}

void Pipeline::Run(const Method& method, Arrival arrived, const std::string& bytes,
                   Done done) const {
  auto arrival = std::make_shared<Arrival>(std::move(arrived));
  Call call = Begin(method, *arrival);
  MetricsOf(method).Received();
  auto admitted = Admit(method, *arrival, bytes, call);
  auto work = std::make_shared<Work>(Work{&method, arrival, {}, std::move(call), std::move(done)});
  if (!admitted.ok()) return Answer(*work, admitted.status(), "");
  work->admitted = *std::move(admitted);
  if (!parts_.executor->TrySubmit([this, work](db::Session& session) { Execute(work, session); })) {
    Answer(*work,
           WithRetryAfter(Error(absl::StatusCode::kResourceExhausted,
                                reason::ERROR_REASON_OVERLOADED, "the service is busy"),
                          absl::Milliseconds(200)),
           "");
  }
}

void Pipeline::Answer(const Work& work, const absl::Status& status, std::string reply) const {
  if (status.ok()) MetricsOf(*work.method).Sent();
  work.done(
      {End(*work.method, *work.arrival, work.call, status), std::move(reply), work.call.trace_id});
}

void Pipeline::Execute(const std::shared_ptr<Work>& work, db::Session& session) const {
  if (const absl::Status wanted = StillWanted(*work->arrival); !wanted.ok()) {
    return Answer(*work, wanted, "");
  }
  if (work->method->write) return ExecuteWrite(*work, session);
  ExecuteRead(work, session);
}

void Pipeline::ExecuteWrite(const Work& work, db::Session& session) const {
  const auto body = [&](Transaction& tx) { return work.method->write(*work.admitted.request, tx); };
  bool replayed = false;
  auto reply = work.admitted.rehearsal
                   ? RunRehearsal(session, work.call, body)
                   : RunMutation(session, work.call, work.admitted.key, body, &replayed);
  if (!reply.ok()) return Answer(work, reply.status(), "");
  // The journal row of the change is the account of what its reply shows.
  Answer(work, absl::OkStatus(), *std::move(reply));
}

void Pipeline::ExecuteRead(const std::shared_ptr<Work>& work, db::Session& session) const {
  auto connection = session.Reader();
  if (!connection.ok()) return Answer(*work, connection.status(), "");
  Reading reading(*connection, &work->call);
  auto reply = work->method->read(*work->admitted.request, reading);
  if (!reply.ok()) return Answer(*work, reply.status(), "");
  if (work->method->rule.discloses() != options::DISCLOSES_PERSONAL_DATA) {
    return Answer(*work, absl::OkStatus(), *std::move(reply));
  }
  // A search that finds nobody has been made all the same, and is accounted for by where it looked.
  std::vector<std::string> resources = reading.disclosed();
  if (resources.empty()) resources.push_back("boroughs/" + work->call.borough);
  parts_.disclosures->Write(
      work->call, std::move(resources),
      [this, work, bytes = *std::move(reply)](const absl::Status& durable) mutable {
        Answer(*work, durable, durable.ok() ? std::move(bytes) : "");
      });
}

}  // namespace lscp::rpc
