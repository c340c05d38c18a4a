#include "gateway/unary_call.h"

#include <random>

#include "absl/time/clock.h"
#include "common/status/error.h"
#include "gateway/retries.h"
#include "gateway/transport.h"

namespace lscp::gateway {
namespace {

double Random() {
  thread_local std::minstd_rand engine(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(engine);
}

const grpc::Status& Cancelled() {
  static const auto& status = *new grpc::Status(grpc::StatusCode::CANCELLED, "");
  return status;
}

}  // namespace

UnaryCall::UnaryCall(ProxyParts& parts, const Method& method, grpc::CallbackServerContext* context,
                     const grpc::ByteBuffer* request, grpc::ByteBuffer* reply)
    : parts_(parts),
      method_(method),
      context_(context),
      request_(request),
      reply_(reply),
      account_(parts.metrics, method, absl::Now()) {
  account_.rpc().Received();
  absl::StatusOr<Decision> decision =
      parts_.decider.Decide(method_, ReadArrival(*context_, absl::Now()), account_.record());
  if (decision.ok() && !request_->Valid()) {
    // Any HTTP/2 client can end a call before its message; gRPC ends the process that sends none.
    decision = Error(absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_UNDECODABLE_REQUEST,
                     "the call carries no message");
  }
  if (!decision.ok()) {
    parts_.metrics.Rejected(decision.status());
    End(ToWire(decision.status()));
    return;
  }
  decision_ = *std::move(decision);
  upstream_ = &parts_.upstreams.Of(decision_.route);
  StartAttempt();
}

void UnaryCall::StartAttempt() {
  grpc::ClientContext* attempt = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (!cancelled_) {
      attempt_ = std::make_unique<grpc::ClientContext>();
      attempt = attempt_.get();
    }
  }
  if (!attempt) return End(FromService(Cancelled(), account_.record()));
  account_.Attempted();
  Prepare(decision_, *attempt);
  reply_->Clear();
  // Outside the lock: the call may end, and be attempted again, before this returns.
  upstream_->stub().UnaryCall(attempt, method_.path, {}, request_, reply_,
                              [this](const grpc::Status& status) { AttemptDone(status); });
}

void UnaryCall::AttemptDone(const grpc::Status& status) {
  if (status.ok()) upstream_->budget().Earn();
  if (!status.ok() && WaitForNextAttempt(status)) return;
  CopyInitialMetadata(*attempt_, *context_);
  CopyTrailers(*attempt_, *context_);
  End(FromService(status, account_.record()));
}

bool UnaryCall::WaitForNextAttempt(const grpc::Status& status) {
  const Attempt attempt{account_.attempts(), static_cast<absl::StatusCode>(status.error_code()),
                        decision_.deadline, absl::Now()};
  const std::lock_guard lock(mutex_);
  if (cancelled_) return false;
  const std::optional<absl::Duration> delay =
      RetryDelay(method_, static_cast<int>(parts_.config.max_attempts()), attempt,
                 upstream_->budget(), Random);
  if (!delay) return false;
  parts_.metrics.Retried(parts_.routes.route(decision_.route).service());
  wait_.emplace();
  wait_->Set(absl::ToChronoTime(attempt.now + *delay), [this](bool) { StartAttempt(); });
  return true;
}

void UnaryCall::OnCancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (attempt_) attempt_->TryCancel();
  if (wait_) wait_->Cancel();
}

void UnaryCall::End(const grpc::Status& status) {
  if (status.ok()) account_.rpc().Sent();
  account_.End(status.error_code());
  Finish(status);  // the last touch: OnDone may already run on another thread
}

void UnaryCall::OnDone() { delete this; }

}  // namespace lscp::gateway
