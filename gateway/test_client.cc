#include "gateway/test_client.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/rpc/tls.h"

namespace lscp::gateway {
namespace {

std::string PathOf(const std::string& method) {
  return method.starts_with('/') ? method : absl::StrCat("/example.v1.Things/", method);
}

std::shared_ptr<grpc::Channel> Connect(int port, const safeguarding::config::v1::TlsConfig& tls) {
  const auto credentials = rpc::ClientTls(tls);
  if (!credentials.ok()) std::abort();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 64 << 10);
  return grpc::CreateCustomChannel(absl::StrCat("ipv4:127.0.0.1:", port), *credentials, arguments);
}

std::multimap<std::string, std::string> Copy(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  std::multimap<std::string, std::string> copy;
  for (const auto& [key, value] : metadata) {
    copy.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return copy;
}

}  // namespace

TestClient::TestClient(int port, const safeguarding::config::v1::TlsConfig& tls)
    : stub_(Connect(port, tls)) {}

TestReply TestClient::Call(const std::string& method, const std::string& request,
                           const MetadataList& metadata, absl::Duration timeout) {
  const auto stream = Open(method, metadata, timeout);
  std::string reply;
  if (stream->Write(request) && stream->WritesDone()) stream->Read(&reply);
  TestReply result = stream->Finish();
  result.reply = reply;
  return result;
}

std::unique_ptr<TestClientStream> TestClient::Open(const std::string& method,
                                                   const MetadataList& metadata,
                                                   absl::Duration timeout) {
  auto stream = std::unique_ptr<TestClientStream>(new TestClientStream);
  for (const auto& [key, value] : metadata) stream->context_.AddMetadata(key, value);
  stream->context_.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  stream->call_ = stub_.PrepareCall(&stream->context_, PathOf(method), &stream->queue_);
  stream->call_->StartCall(nullptr);
  stream->Await();
  return stream;
}

TestClientStream::~TestClientStream() {
  if (!finished_) {
    Cancel();
    Finish();
  }
  queue_.Shutdown();
  Await();
}

bool TestClientStream::Await() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

bool TestClientStream::Write(const std::string& message) {
  call_->Write(rpc::ToByteBuffer(message), nullptr);
  return Await();
}

bool TestClientStream::WritesDone() {
  call_->WritesDone(nullptr);
  return Await();
}

std::multimap<std::string, std::string> TestClientStream::Initial() {
  call_->ReadInitialMetadata(nullptr);
  return Await() ? Copy(context_.GetServerInitialMetadata())
                 : std::multimap<std::string, std::string>();
}

bool TestClientStream::Read(std::string* message) {
  grpc::ByteBuffer buffer;
  call_->Read(&buffer, nullptr);
  if (!Await()) return false;
  *message = rpc::ToString(buffer);
  return true;
}

TestReply TestClientStream::Finish() {
  grpc::Status status;
  call_->Finish(&status, nullptr);
  Await();
  finished_ = true;
  return {rpc::FromGrpc(status), "", Copy(context_.GetServerInitialMetadata()),
          Copy(context_.GetServerTrailingMetadata())};
}

}  // namespace lscp::gateway
