#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/policy.h"
#include "common/journal/disclosures.h"
#include "common/observe/rpc_metrics.h"
#include "common/rpc/executor.h"
#include "common/rpc/methods.h"
#include "common/time/clock.h"
#include "common/validate/validator.h"

namespace lscp::rpc {

// A call as it arrives, free of transport.
struct Arrival {
  std::string peer;                             // SPIFFE id of the client's certificate
  std::map<std::string, std::string> metadata;  // lower-case keys; those that the suite defines
  absl::Time time = absl::Now();
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;  // thread-safe; must stay valid until the call is answered
};

// How a unary call ends.
struct Outcome {
  absl::Status status;  // as the caller may see it
  std::string reply;    // on success, the bytes to send
  std::string trace_id;
};
using Done = std::function<void(Outcome)>;

// A call that passed the front half of the choke point and may go to its handler.
struct Admitted {
  std::shared_ptr<const Message> request;
  RequestKey key;
  bool rehearsal = false;
};

// What the pipeline works with. All must outlive it.
struct PipelineParts {
  std::vector<std::string> boroughs;  // that this process serves
  const Clock* clock;
  std::function<std::shared_ptr<const Policy>()> policy;  // in force now; thread-safe
  const Validator* validator;
  Executor* executor;
  Disclosures* disclosures;
  RpcMetrics* metrics;
};

// The one choke point of a service: every call of every method goes through here, in this order:
//
//   metrics → trace → deadline → authenticate → authorise → validate → replay of a known request_id
//   → handler → audit → map and mask errors → one log line
//
// because gRPC's C++ server interceptors cannot refuse a call. Thread-safe.
class Pipeline {
 public:
  explicit Pipeline(PipelineParts parts);

  // Runs a unary call. Never blocks; `done` is called exactly once, on any thread.
  void Run(const Method& method, Arrival arrived, const std::string& bytes, Done done) const;

  // The same for a stream, whose middle is not a unary call's: Begin, Admit and, at its end, End.
  // Begin counts the call in and finds its trace. Admit authenticates, authorises and validates,
  // filling `call` as far as it gets. End counts it out, writes its log line and gives the status
  // as the caller may see it.
  Call Begin(const Method& method, Arrival& arrival) const;
  absl::StatusOr<Admitted> Admit(const Method& method, const Arrival& arrival,
                                 const std::string& bytes, Call& call) const;
  absl::Status End(const Method& method, const Arrival& arrival, const Call& call,
                   const absl::Status& status) const;

  RpcMetrics::Method& MetricsOf(const Method& method) const;
  const PipelineParts& parts() const { return parts_; }

 private:
  // A unary call on its way.
  struct Work {
    const Method* method;
    std::shared_ptr<const Arrival> arrival;
    Admitted admitted;
    Call call;
    Done done;
  };

  absl::StatusOr<Caller> Authenticate(const Method& method, const Arrival& arrival) const;
  absl::Status Authorise(const Method& method, const Arrival& arrival, const Message& request,
                         Call& call) const;
  void Execute(const std::shared_ptr<Work>& work, db::Session& session) const;
  void ExecuteWrite(const Work& work, db::Session& session) const;
  void ExecuteRead(const std::shared_ptr<Work>& work, db::Session& session) const;
  void Answer(const Work& work, const absl::Status& status, std::string reply) const;

  const PipelineParts parts_;
};

}  // namespace lscp::rpc
