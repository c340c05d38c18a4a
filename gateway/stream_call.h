#pragma once

#include <mutex>

#include "gateway/gateway_metrics.h"
#include "gateway/method_table.h"
#include "gateway/proxy_parts.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
#include "grpcpp/support/server_callback.h"

namespace lscp::gateway {

// One streaming call of any kind on its way through. Two pumps, each with one message in hand at
// most, so that a slow reader slows its writer down:
//
//   requests   caller ─read─▶ request_ ─write─▶ service     until the caller has said all
//   replies    service ─read─▶ reply_ ─write─▶ caller       until the service has said all
//
// The service's status ends the call. The object is the caller's side; Service is the other. Both
// sides are used from several threads, and gRPC wants a hold on a client call for every operation
// that is not started from one of its own reactions: each pump has one for as long as it runs, and
// every such operation is started under the mutex that guards the holds. Deletes itself.
class StreamCall final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // `method` and `parts` outlive the call.
  StreamCall(ProxyParts& parts, const Method& method, grpc::CallbackServerContext* context);
  ~StreamCall() override;

  // Ends it with SHUTTING_DOWN. Thread-safe.
  void ShutDown();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // The service's side.
  class Service final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
   public:
    explicit Service(StreamCall& call) : call_(call) {}
    void OnReadInitialMetadataDone(bool ok) override { call_.ServiceAccepted(ok); }
    void OnReadDone(bool ok) override { call_.ServiceSaid(ok); }
    void OnWriteDone(bool ok) override { call_.ServiceHeard(ok); }
    void OnDone(const grpc::Status& status) override { call_.ServiceDone(status); }

   private:
    StreamCall& call_;
  };

  void Start();
  void ServiceAccepted(bool ok);
  void ServiceSaid(bool ok);
  void ServiceHeard(bool ok);
  void ServiceDone(const grpc::Status& status);

  // Give back the holds; called under the mutex.
  void EndRequests();
  void EndReplies();
  void End(const grpc::Status& status);

  ProxyParts& parts_;
  const Method& method_;
  grpc::CallbackServerContext* const context_;
  CallAccount account_;
  Decision decision_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer reply_;
  grpc::ClientContext service_context_;
  Service service_;

  std::mutex mutex_;  // guards what follows
  bool requests_held_ = false;
  bool replies_held_ = false;
  bool shut_down_ = false;
};

}  // namespace lscp::gateway
