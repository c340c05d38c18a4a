#pragma once

#include <optional>
#include <string>

#include "gateway/wire/message_meter.h"
#include "gateway/worker.h"

namespace lscp::gateway {

// One call on its way through: decided when its first fields are there, sent on, attempted again
// where the contract allows, answered. Two streams of bytes, each of whose windows opens as the
// other side takes them, so that a slow reader slows its writer down; messages are never looked at,
// only their length is. Calls of one message wait for it (it may have to be sent again), others
// pass on what they get. Owned by the caller's stream.
class Call final : public wire::StreamListener, public wire::Pool::Waiter {
 public:
  // `parts`, `worker` and `spiffe_id` (of the caller's certificate) outlive the call.
  Call(const ProxyParts& parts, Worker& worker, const std::string& spiffe_id, wire::Stream& caller);
  ~Call() override;

  // Ends it with SHUTTING_DOWN.
  void ShutDown();

  // The caller's side.
  void OnHeaders(const wire::HeaderBlock& headers, bool last) override;
  void OnData(std::string_view bytes) override;
  void OnEnd() override;
  void OnSent(size_t bytes) override;
  void OnClosed(uint32_t error) override;

  void OnSession(wire::Session* session) override;

 private:
  // The service's side.
  class Service final : public wire::StreamListener {
   public:
    explicit Service(Call& call) : call_(call) {}
    void OnHeaders(const wire::HeaderBlock& headers, bool last) override {
      call_.ServiceAnswered(headers, last);
    }
    void OnData(std::string_view bytes) override { call_.ServiceSaid(bytes); }
    void OnEnd() override { call_.ServiceFailed(absl::StatusCode::kUnknown, "no status"); }
    void OnSent(size_t bytes) override { call_.ServiceTook(bytes); }
    void OnClosed(uint32_t error) override { call_.ServiceGone(error); }

   private:
    Call& call_;
  };

  // call.cc: the caller's side.
  void Begin(const wire::HeaderBlock& headers);
  absl::StatusOr<Decision> Decide(const wire::HeaderBlock& headers);
  void BeginLocal(const wire::HeaderBlock& headers);
  absl::Status CheckRequest() const;
  bool ForOneMessage() const { return method_ && !method_->client_streams; }
  bool unary() const { return method_ && !method_->streams(); }
  void Refuse(const absl::Status& status);
  void EndWith(const absl::Status& status, bool after_reply = false);
  void OnDeadline();

  // call_service.cc: the service's side.
  wire::Pool& pool();
  void Attempt();
  void Connect();
  void ServiceAnswered(const wire::HeaderBlock& headers, bool last);
  void ServiceSaid(std::string_view bytes);
  void ServiceTook(size_t bytes);
  void ServiceEnded(const wire::HeaderBlock& trailers);
  void ServiceGone(uint32_t error);
  void ServiceFailed(absl::StatusCode code, std::string_view text);
  bool AttemptAgain(absl::StatusCode code);
  absl::StatusCode AtDeadline(absl::StatusCode code) const;
  void EndService();
  void LeaveService();
  Upstream& upstream();
  const CallRecord& record();
  void SendAnswer();
  void Account(absl::StatusCode code);

  const ProxyParts& parts_;
  Worker& worker_;
  const std::string& spiffe_id_;
  wire::Stream& caller_;

  const Method* method_ = nullptr;  // none: a call of what the gateway itself answers
  std::string path_;
  std::optional<CallAccount> account_;
  Decision decision_;
  bool begun_ = false;
  bool watched_ = false;
  bool done_ = false;  // the caller has its status, or soon will

  wire::MessageMeter request_meter_;
  std::string request_held_;  // the beginning of a message's prefix
  std::string request_;       // not sent yet; of a unary call the whole
  bool request_ended_ = false;

  Service service_;
  wire::Stream* service_stream_ = nullptr;
  bool waiting_ = false;  // for a connection
  int refused_ = 0;       // attempts that no service saw
  wire::HeaderBlock answer_;
  bool answer_sent_ = false;
  bool any_reply_ = false;
  wire::MessageMeter reply_meter_;
  std::string reply_held_;

  bool late_ = false;  // the deadline has passed before the caller had read the reply
  wire::Timer deadline_;
  wire::Timer retry_;
};

}  // namespace lscp::gateway
