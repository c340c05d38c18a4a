#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/auth/policy.h"
#include "common/journal/disclosures.h"
#include "common/journal/feed.h"
#include "common/observe/metrics.h"
#include "common/rpc/executor.h"
#include "common/rpc/methods.h"
#include "common/time/clock.h"
#include "common/validate/validator.h"

namespace lscp::rpc {

// A call as it arrives, free of transport.
struct Arrival {
  std::string peer;                             // SPIFFE id of the client certificate
  std::map<std::string, std::string> metadata;  // lower-case keys; only those we know
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;  // thread-safe
};

// How a call ends: once. On success `reply` holds the bytes to send. `trailers` go with either.
struct Outcome {
  absl::Status status;  // masked, with details
  std::string reply;
  std::string trace_id;
};
using Done = std::function<void(Outcome)>;

// A call that passed the front half of the choke point: it may go to its handler.
struct Admitted {
  std::shared_ptr<const Message> request;
  Call call;
  RequestKey key;
  bool rehearsal = false;
};

// What the pipeline needs. All must outlive it.
struct PipelineParts {
  std::string service;  // "referrals"
  std::vector<std::string> boroughs;
  const Clock* clock;
  const Policy* policy;
  const Validator* validator;
  Executor* executor;
  Disclosures* disclosures;
  RpcMetrics* metrics;
};

// The one choke point of a service: every call of every method goes through here, in this order:
// metrics → trace → deadline → authenticate → authorise → validate → replay of a known request_id →
// handler → mask errors → audit → one log line. gRPC's C++ server interceptors cannot refuse a
// call. Thread-safe.
class Pipeline {
 public:
  explicit Pipeline(PipelineParts parts);

  // Runs a unary call. Never blocks; `done` is called once, on any thread.
  void Run(const Method& method, Arrival arrival, std::string request, Done done) const;

  // A watch's front half: everything up to the handler. The caller reports the stream's end with
  // Ended.
  absl::StatusOr<Admitted> Admit(const Method& method, const Arrival& arrival,
                                 const std::string& request, std::string* trace_id) const;

  // Accounts for a call's end: metrics and the log line. Result: the status as the caller may see
  // it.
  absl::Status Ended(const Method& method, const Arrival& arrival, const Call& call,
                     const absl::Status& status) const;

  RpcMetrics::Method& MetricsOf(const Method& method) const;
  const PipelineParts& parts() const { return parts_; }

 private:
  absl::StatusOr<Caller> Authenticate(const Method& method, const Arrival& arrival) const;
  absl::Status Authorise(const Method& method, const Arrival& arrival, const Message& request,
                         Call& call) const;
  void Execute(const Method& method, std::shared_ptr<const Arrival> arrival, Admitted admitted,
               db::Session& session, const Done& done) const;

  const PipelineParts parts_;
};

}  // namespace lscp::rpc
