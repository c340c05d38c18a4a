#include <random>

#include "absl/time/clock.h"
#include "common/status/error.h"
#include "gateway/call.h"
#include "gateway/retries.h"
#include "gateway/transport.h"
#include "gateway/wire/grpc_words.h"

namespace lscp::gateway {
namespace {

using wire::HeaderBlock;

// Attempts that a service is known not to have seen are made again at once, whatever the method.
constexpr int kMostRefused = 2;
constexpr absl::Duration kShortestTimeout = absl::Milliseconds(1);

double Random() {
  thread_local std::minstd_rand engine(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(engine);
}

}  // namespace

Upstream& Call::upstream() {
  return parts_.upstreams.at(parts_.upstreams.IndexOf(decision_.route));
}

const CallRecord& Call::record() {
  static const CallRecord& unknown = *new CallRecord;
  return account_ ? account_->record() : unknown;
}

wire::Pool& Call::pool() {
  return method_ ? worker_.pool(parts_.upstreams.IndexOf(decision_.route)) : worker_.local();
}

void Call::Attempt() {
  if (account_) account_->Attempted();
  Connect();
}

void Call::Connect() {
  answer_.Clear();
  waiting_ = true;
  pool().Ask(*this);
}

void Call::OnSession(wire::Session* session) {
  waiting_ = false;
  if (done_) return;
  if (!session) return ServiceFailed(absl::StatusCode::kUnavailable, "not connected");
  const bool bounded = decision_.deadline != absl::InfiniteFuture();
  const absl::Duration timeout = bounded
                                     ? std::max(decision_.deadline - absl::Now(), kShortestTimeout)
                                     : absl::InfiniteDuration();
  const std::string authority = method_ ? upstream().name() : "localhost";
  service_stream_ =
      session->Open(RequestTo(authority, path_, decision_.metadata, timeout), service_);
  if (!service_stream_) return ServiceFailed(absl::StatusCode::kUnavailable, "not connected");
  service_stream_->Write(request_);
  if (!unary()) std::string().swap(request_);
  if (request_ended_) service_stream_->End();
}

// The service took some of the request: the caller may send as much.
void Call::ServiceTook(size_t bytes) {
  if (!unary() && !done_) caller_.Consume(bytes);
}

void Call::ServiceAnswered(const HeaderBlock& headers, bool last) {
  if (done_) return;
  const std::string_view http_status = headers.Find(":status");
  if (!http_status.empty() && (http_status != "200" || !wire::IsGrpc(headers))) {
    return ServiceFailed(wire::CodeOfHttpStatus(http_status), "not an answer of gRPC");
  }
  if (last) return ServiceEnded(headers);
  answer_ = headers;
  // A stream's fields go before its first message; a unary call's wait, since it may be made again.
  if (!unary()) SendAnswer();
}

void Call::SendAnswer() {
  if (answer_sent_) return;
  answer_sent_ = true;
  caller_.Respond(AnswerWith(answer_));
}

void Call::ServiceSaid(std::string_view bytes) {
  if (done_) return;
  any_reply_ = true;
  SendAnswer();
  std::string joined;
  if (!reply_held_.empty()) {
    joined = std::move(reply_held_);
    bytes = joined.append(bytes);
  }
  const uint64_t before = reply_meter_.messages();
  const size_t good = reply_meter_.Feed(bytes);
  for (uint64_t i = before; account_ && i < reply_meter_.messages(); ++i) account_->rpc().Sent();
  reply_held_ = bytes.substr(good);
  caller_.Write(bytes.substr(0, good));
  if (reply_meter_.fault() == wire::MessageMeter::Fault::kNone) return;
  const bool too_large = reply_meter_.fault() == wire::MessageMeter::Fault::kTooLarge;
  EndWith(Reworded(too_large ? absl::StatusCode::kResourceExhausted : absl::StatusCode::kInternal,
                   "a reply that is no message", record()),
          /*after_reply=*/true);
}

void Call::ServiceEnded(const HeaderBlock& trailers) {
  const absl::StatusCode code = wire::ParseCode(trailers.Find("grpc-status"));
  const bool ok = code == absl::StatusCode::kOk;
  if (ok && (!reply_meter_.at_boundary() || !reply_held_.empty())) {
    return ServiceFailed(absl::StatusCode::kInternal, "the reply ends in the middle of a message");
  }
  if (!ok && AttemptAgain(code)) return;
  if (ok && unary()) upstream().budget().Earn();
  done_ = true;
  EndService();

  HeaderBlock end;
  const bool without_body = !answer_sent_ && answer_.empty();
  if (without_body) end = Answer();
  AddTrailers(trailers, end);
  if (ok || !account_ || IsServicesOwn(trailers)) {
    Account(code);
    AddStatusOf(trailers, end);
  } else {
    const absl::Status status =
        Reworded(AtDeadline(code), trailers.Find("grpc-message"), account_->record());
    Account(status.code());
    AddStatus(status, end);
  }
  if (without_body) return caller_.RespondAndEnd(end);
  SendAnswer();
  caller_.End(end);
}

void Call::ServiceGone(uint32_t error) {
  service_stream_ = nullptr;
  if (done_) return;
  if (error == NGHTTP2_REFUSED_STREAM && unary() && !any_reply_ && ++refused_ <= kMostRefused) {
    return Connect();
  }
  const absl::StatusCode code =
      error == wire::kConnectionLost ? absl::StatusCode::kUnavailable : wire::CodeOfReset(error);
  ServiceFailed(AtDeadline(code), "the stream was reset");
}

// A service whose clock goes before ours sees the deadline first, and says it is cancelled.
absl::StatusCode Call::AtDeadline(absl::StatusCode code) const {
  const absl::Duration margin = absl::Milliseconds(parts_.config.deadline_margin_ms());
  const bool passed = absl::Now() + margin >= decision_.deadline;
  return passed && code == absl::StatusCode::kCancelled ? absl::StatusCode::kDeadlineExceeded
                                                        : code;
}

void Call::ServiceFailed(absl::StatusCode code, std::string_view text) {
  if (done_ || AttemptAgain(code)) return;
  EndWith(Reworded(code, text, record()));
}

// Starts the wait for the next attempt; false when there is none.
bool Call::AttemptAgain(absl::StatusCode code) {
  if (!unary() || any_reply_) return false;
  const gateway::Attempt attempt{account_->attempts(), code, decision_.deadline, absl::Now()};
  const std::optional<absl::Duration> delay =
      RetryDelay(*method_, static_cast<int>(parts_.config.max_attempts()), attempt,
                 upstream().budget(), Random);
  if (!delay) return false;
  LeaveService();
  parts_.metrics.Retried(parts_.routes.route(decision_.route).service());
  retry_.Set(*delay);
  return true;
}

// It has said all. What it did not want to hear is not sent.
void Call::EndService() {
  if (!service_stream_->said_all()) return LeaveService();
  service_stream_->Detach();
  service_stream_ = nullptr;
}

// Whatever it still does, nobody hears of it.
void Call::LeaveService() {
  retry_.Cancel();
  if (waiting_) pool().Forget(*this);
  waiting_ = false;
  if (!service_stream_) return;
  service_stream_->Detach();
  service_stream_->Reset(NGHTTP2_CANCEL);
  service_stream_ = nullptr;
}

}  // namespace lscp::gateway
