#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace lscp::rpc {

// A gRPC service whose methods are registered by descriptor and deal in bytes: what generated stubs
// do, without generated stubs. So handlers need no gRPC headers, a proxy needs no message types,
// and an undecodable request gets an answer of ours. Register all methods, then hand it to a
// server, which it must outlive.
class RawService : public grpc::Service {
 public:
  using UnaryHandler = std::function<grpc::ServerUnaryReactor*(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request, grpc::ByteBuffer* reply)>;
  using ServerStreamHandler = std::function<grpc::ServerWriteReactor<grpc::ByteBuffer>*(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* request)>;
  using BidiHandler = std::function<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>*(
      grpc::CallbackServerContext*)>;

  // `path` is "/package.Service/Method".
  void AddUnary(std::string path, UnaryHandler handler);
  void AddServerStream(std::string path, ServerStreamHandler handler);
  // Fits every kind of method: on the wire they are all two streams of messages.
  void AddBidi(std::string path, BidiHandler handler);

 private:
  const char* Keep(std::string path);

  std::vector<std::unique_ptr<std::string>> paths_;
  int methods_ = 0;
};

// "/package.Service/Method" of a method.
std::string PathOf(const google::protobuf::MethodDescriptor& method);

// Copies between the two kinds of bytes.
std::string ToString(const grpc::ByteBuffer& buffer);
grpc::ByteBuffer ToByteBuffer(const std::string& bytes);

}  // namespace lscp::rpc
