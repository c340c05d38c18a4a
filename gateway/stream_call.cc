#include "gateway/stream_call.h"

#include "absl/time/clock.h"
#include "common/status/error.h"
#include "gateway/open_watches.h"
#include "gateway/transport.h"

namespace lscp::gateway {
namespace {

absl::Status ShuttingDown() {
  return WithRetryAfter(Error(absl::StatusCode::kUnavailable, reason::ERROR_REASON_SHUTTING_DOWN,
                              "the gateway is going away; connect again and resume"),
                        absl::Milliseconds(100));
}

}  // namespace

StreamCall::StreamCall(ProxyParts& parts, const Method& method,
                       grpc::CallbackServerContext* context)
    : parts_(parts),
      method_(method),
      context_(context),
      account_(parts.metrics, method, absl::Now()),
      service_(*this) {
  absl::StatusOr<Decision> decision =
      parts_.decider.Decide(method_, ReadArrival(*context_, absl::Now()), account_.record());
  const bool watches = method_.rule.kind() == safeguarding::options::v1::KIND_WATCH;
  if (decision.ok() && watches && !parts_.watches.Add(this)) decision = ShuttingDown();
  if (!decision.ok()) {
    parts_.metrics.Rejected(decision.status());
    End(ToWire(decision.status()));
    return;
  }
  decision_ = *std::move(decision);
  Start();
}

StreamCall::~StreamCall() { parts_.watches.Remove(this); }

void StreamCall::Start() {
  account_.Attempted();
  Prepare(decision_, service_context_);
  parts_.upstreams.Of(decision_.route)
      .stub()
      .PrepareBidiStreamingCall(&service_context_, method_.path, {}, &service_);
  {
    const std::lock_guard lock(mutex_);
    requests_held_ = replies_held_ = true;
    service_.AddMultipleHolds(2);
  }
  service_.StartCall();
  StartRead(&request_);
}

// The caller sent a message, or has said all (or is gone, which OnCancel sees to).
void StreamCall::OnReadDone(bool ok) {
  if (ok) account_.rpc().Received();
  const std::lock_guard lock(mutex_);
  if (!requests_held_) return;
  if (ok) return service_.StartWrite(&request_);
  service_.StartWritesDone();
  EndRequests();
}

void StreamCall::ServiceHeard(bool ok) {
  if (ok) return StartRead(&request_);
  const std::lock_guard lock(mutex_);
  EndRequests();
}

// The replies start only now, so that no message can overtake the metadata.
void StreamCall::ServiceAccepted(bool ok) {
  if (ok) {
    CopyInitialMetadata(service_context_, *context_);
    StartSendInitialMetadata();
  }
  service_.StartRead(&reply_);
}

// The service sent a message, or has said all: what the caller still says, nobody hears.
void StreamCall::ServiceSaid(bool ok) {
  if (ok) return StartWrite(&reply_);
  const std::lock_guard lock(mutex_);
  EndRequests();
  EndReplies();
}

void StreamCall::OnWriteDone(bool ok) {
  if (ok) account_.rpc().Sent();
  const std::lock_guard lock(mutex_);
  if (!replies_held_) return;
  if (ok) return service_.StartRead(&reply_);
  service_context_.TryCancel();
  EndRequests();
  EndReplies();
}

void StreamCall::OnCancel() { service_context_.TryCancel(); }

void StreamCall::ShutDown() {
  const std::lock_guard lock(mutex_);
  shut_down_ = true;
  service_context_.TryCancel();
}

void StreamCall::EndRequests() {
  if (requests_held_) service_.RemoveHold();
  requests_held_ = false;
}

void StreamCall::EndReplies() {
  if (replies_held_) service_.RemoveHold();
  replies_held_ = false;
}

void StreamCall::ServiceDone(const grpc::Status& status) {
  bool shut_down = false;
  {
    const std::lock_guard lock(mutex_);
    shut_down = shut_down_ && !status.ok();
  }
  CopyTrailers(service_context_, *context_);
  End(shut_down ? ToWire(ShuttingDown()) : FromService(status, account_.record()));
}

void StreamCall::End(const grpc::Status& status) {
  account_.End(status.error_code());
  Finish(status);  // the last touch: OnDone may already run on another thread
}

void StreamCall::OnDone() { delete this; }

}  // namespace lscp::gateway
