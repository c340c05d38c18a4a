#include "gateway/call.h"

#include "absl/time/clock.h"
#include "common/status/error.h"
#include "gateway/transport.h"
#include "gateway/wire/grpc_words.h"

namespace lscp::gateway {
namespace {

using wire::HeaderBlock;
using wire::MessageMeter;

constexpr absl::Duration kTimeToRead = absl::Seconds(5);

absl::Status ShuttingDown() {
  return WithRetryAfter(Error(absl::StatusCode::kUnavailable, reason::ERROR_REASON_SHUTTING_DOWN,
                              "the gateway is going away; connect again and resume"),
                        absl::Milliseconds(100));
}

absl::Status Undecodable(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_UNDECODABLE_REQUEST,
               message);
}

absl::Status FaultOf(const MessageMeter& meter) {
  switch (meter.fault()) {
    case MessageMeter::Fault::kNone:
      return absl::OkStatus();
    case MessageMeter::Fault::kTooLarge:
      return Error(absl::StatusCode::kResourceExhausted, reason::ERROR_REASON_TOO_LARGE,
                   "the message is larger than allowed");
    case MessageMeter::Fault::kCompressed:
      // Its real size would show only when it is unpacked.
      return Error(absl::StatusCode::kUnimplemented, reason::ERROR_REASON_UNDECODABLE_REQUEST,
                   "compressed messages are not taken; send them as they are");
    case MessageMeter::Fault::kBadFlag:
      return Undecodable("the call's body is not a message of gRPC");
  }
  return absl::OkStatus();
}

// Not a call of gRPC at all.
std::string_view HttpError(const HeaderBlock& headers) {
  if (headers.Find(":method") != "POST") return "405";
  return wire::IsGrpc(headers) ? "" : "415";
}

}  // namespace

Call::Call(const ProxyParts& parts, Worker& worker, const std::string& spiffe_id,
           wire::Stream& caller)
    : parts_(parts),
      worker_(worker),
      spiffe_id_(spiffe_id),
      caller_(caller),
      request_meter_(parts.max_message_bytes),
      service_(*this),
      reply_meter_(parts.max_message_bytes),
      deadline_(worker.loop(), [this] { OnDeadline(); }),
      retry_(worker.loop(), [this] { Attempt(); }) {}

Call::~Call() {
  if (watched_) worker_.RemoveWatch(*this);
  LeaveService();
}

void Call::OnHeaders(const HeaderBlock& headers, bool last) {
  if (!begun_) {
    begun_ = true;
    Begin(headers);
  }
  if (last) OnEnd();
}

void Call::Begin(const HeaderBlock& headers) {
  if (const std::string_view error = HttpError(headers); !error.empty()) {
    HeaderBlock answer;
    answer.Add(":status", error);
    done_ = true;
    return caller_.RespondAndEnd(answer);
  }
  method_ = parts_.methods.Find(headers.Find(":path"));
  if (!method_) return BeginLocal(headers);

  account_.emplace(parts_.metrics, *method_, absl::Now());
  absl::StatusOr<Decision> decision = Decide(headers);
  if (!decision.ok()) return Refuse(decision.status());
  decision_ = *std::move(decision);
  if (decision_.deadline != absl::InfiniteFuture()) {
    deadline_.Set(decision_.deadline - absl::Now());
  }
  path_ = method_->path;
  if (!unary()) Attempt();
}

absl::StatusOr<Decision> Call::Decide(const HeaderBlock& headers) {
  const absl::StatusOr<Incoming> incoming = ReadArrival(headers, spiffe_id_, absl::Now());
  if (!incoming.ok()) return incoming.status();
  absl::StatusOr<Decision> decision =
      parts_.decider.Decide(*method_, incoming->arrival, account_->record());
  const bool watches = method_->rule.kind() == safeguarding::options::v1::KIND_WATCH;
  if (decision.ok() && watches) {
    watched_ = worker_.AddWatch(*this);
    if (!watched_) return ShuttingDown();
  }
  return decision;
}

// Health and reflection are for everybody who has a certificate.
void Call::BeginLocal(const HeaderBlock& headers) {
  path_ = headers.Find(":path");
  if (!parts_.local.Has(path_)) {
    return Refuse(
        Error(absl::StatusCode::kUnimplemented, reason::ERROR_REASON_NO_ROUTE, "no such method"));
  }
  const absl::StatusOr<Incoming> incoming = ReadArrival(headers, spiffe_id_, absl::Now());
  if (!incoming.ok()) return Refuse(incoming.status());
  if (incoming->arrival.deadline != absl::InfiniteFuture()) {
    decision_.deadline = incoming->arrival.deadline;
    deadline_.Set(decision_.deadline - absl::Now());
  }
  watched_ = worker_.AddWatch(*this);
  if (!watched_) return EndWith(ShuttingDown());
  Attempt();
}

void Call::OnData(std::string_view bytes) {
  if (done_) return caller_.Consume(bytes.size());
  // One that is kept whole is bounded by its length, not by the window.
  if (unary()) caller_.Consume(bytes.size());
  std::string joined;
  if (!request_held_.empty()) {
    joined = std::move(request_held_);
    bytes = joined.append(bytes);
  }
  const uint64_t before = request_meter_.messages();
  const size_t good = request_meter_.Feed(bytes);
  for (uint64_t i = before; account_ && i < request_meter_.messages(); ++i) {
    account_->rpc().Received();
  }
  request_held_ = bytes.substr(good);
  if (const absl::Status fault = FaultOf(request_meter_); !fault.ok()) return Refuse(fault);
  const bool more = !request_meter_.at_boundary() || !request_held_.empty();
  if (ForOneMessage() && request_meter_.messages() + (more ? 1 : 0) > 1) {
    return Refuse(Undecodable("the call carries more than one message"));
  }
  if (service_stream_ && !unary()) {
    service_stream_->Write(bytes.substr(0, good));
  } else {
    request_.append(bytes.substr(0, good));
  }
}

void Call::OnEnd() {
  if (request_ended_) return;
  request_ended_ = true;
  if (done_) return;
  if (const absl::Status status = CheckRequest(); !status.ok()) return Refuse(status);
  if (unary()) return Attempt();
  if (service_stream_) service_stream_->End();
}

absl::Status Call::CheckRequest() const {
  if (!request_held_.empty() || !request_meter_.at_boundary()) {
    return Undecodable("the call ends in the middle of a message");
  }
  if (ForOneMessage() && request_meter_.messages() == 0) {
    return Undecodable("the call carries no message");
  }
  return absl::OkStatus();
}

// The caller took some of the reply: the service may send as much.
void Call::OnSent(size_t bytes) {
  if (service_stream_) service_stream_->Consume(bytes);
}

void Call::OnClosed(uint32_t /*error*/) {
  deadline_.Cancel();
  if (!done_) {
    done_ = true;
    Account(absl::StatusCode::kCancelled);
  }
  LeaveService();
}

void Call::OnDeadline() {
  if (done_) {
    // The status waits behind a reply: for a while, for a caller who reads it.
    if (caller_.queued() == 0) return;
    if (std::exchange(late_, true)) {
      return caller_.Reset(wire::ResetFor(absl::StatusCode::kDeadlineExceeded));
    }
    return deadline_.Set(kTimeToRead);
  }
  EndWith(Error(absl::StatusCode::kDeadlineExceeded, reason::ERROR_REASON_TOO_LATE,
                "the deadline passed before the service answered"));
}

void Call::ShutDown() { EndWith(ShuttingDown()); }

void Call::Refuse(const absl::Status& status) {
  if (done_) return;
  parts_.metrics.Rejected(status);
  EndWith(status);
}

// The gateway's own word. Whoever has got a part of a message cannot be given a status any more,
// and a status would wait behind what is not read: then the stream's error has to say it.
void Call::EndWith(const absl::Status& status, bool after_reply) {
  if (done_) return;
  done_ = true;
  LeaveService();
  Account(status.code());
  HeaderBlock trailers = answer_sent_ ? HeaderBlock() : Answer();
  AddStatus(status, trailers);
  if (!answer_sent_) {
    caller_.RespondAndEnd(trailers);
  } else if (reply_meter_.at_boundary() && (after_reply || caller_.queued() == 0)) {
    caller_.End(trailers);
  } else {
    caller_.Reset(wire::ResetFor(status.code()));
  }
}

void Call::Account(absl::StatusCode code) {
  if (account_) account_->End(static_cast<int>(code));
}

}  // namespace lscp::gateway
