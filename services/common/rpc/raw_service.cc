#include "common/rpc/raw_service.h"

#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/support/slice.h"

namespace lscp::rpc {

using grpc::ByteBuffer;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

const char* RawService::Keep(std::string path) {
  paths_.push_back(std::make_unique<std::string>(std::move(path)));
  return paths_.back()->c_str();
}

void RawService::AddUnary(std::string path, UnaryHandler handler) {
  AddMethod(new RpcServiceMethod(Keep(std::move(path)), RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      methods_++,
      new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(std::move(handler)));
}

void RawService::AddServerStream(std::string path, ServerStreamHandler handler) {
  AddMethod(new RpcServiceMethod(Keep(std::move(path)), RpcMethod::SERVER_STREAMING, nullptr));
  MarkMethodRawCallback(methods_++,
                        new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
                            std::move(handler)));
}

void RawService::AddBidi(std::string path, BidiHandler handler) {
  AddMethod(new RpcServiceMethod(Keep(std::move(path)), RpcMethod::BIDI_STREAMING, nullptr));
  MarkMethodRawCallback(methods_++, new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                                        std::move(handler)));
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

std::string ToString(const ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

ByteBuffer ToByteBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return ByteBuffer(&slice, 1);
}

}  // namespace lscp::rpc
