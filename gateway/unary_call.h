#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "gateway/gateway_metrics.h"
#include "gateway/method_table.h"
#include "gateway/proxy_parts.h"
#include "grpcpp/alarm.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace lscp::gateway {

// One unary call on its way through: decided, sent on, attempted again where the contract allows,
// answered. The bytes are never looked at. Deletes itself.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  // All but the context's metadata outlive the call; `method` and `parts` longer.
  UnaryCall(ProxyParts& parts, const Method& method, grpc::CallbackServerContext* context,
            const grpc::ByteBuffer* request, grpc::ByteBuffer* reply);

  void OnCancel() override;
  void OnDone() override;

 private:
  void StartAttempt();
  void AttemptDone(const grpc::Status& status);
  // Starts the wait for the next attempt; false when there is none.
  bool WaitForNextAttempt(const grpc::Status& status);
  void End(const grpc::Status& status);

  ProxyParts& parts_;
  const Method& method_;
  grpc::CallbackServerContext* const context_;
  const grpc::ByteBuffer* const request_;
  grpc::ByteBuffer* const reply_;
  CallAccount account_;
  Decision decision_;
  Upstream* upstream_ = nullptr;

  std::mutex mutex_;  // guards what follows against OnCancel
  bool cancelled_ = false;
  std::unique_ptr<grpc::ClientContext> attempt_;
  std::optional<grpc::Alarm> wait_;
};

}  // namespace lscp::gateway
