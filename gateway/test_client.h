#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gateway/metadata.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// How a call ended.
struct TestReply {
  absl::Status status;  // with details
  std::string reply;
  std::multimap<std::string, std::string> initial;
  std::multimap<std::string, std::string> trailing;
};

class TestClientStream;

// For tests: a partner's client that speaks in bytes. Thread-safe.
class TestClient {
 public:
  TestClient(int port, const safeguarding::config::v1::TlsConfig& tls);

  // A unary call of `method`, "Get" or a whole path.
  TestReply Call(const std::string& method, const std::string& request,
                 const MetadataList& metadata, absl::Duration timeout = absl::Seconds(10));

  // A call of any kind.
  std::unique_ptr<TestClientStream> Open(const std::string& method, const MetadataList& metadata,
                                         absl::Duration timeout = absl::Seconds(20));

 private:
  grpc::GenericStub stub_;
};

// A stream under way: one operation at a time, each waiting for its end. Not thread-safe.
class TestClientStream {
 public:
  ~TestClientStream();

  bool Write(const std::string& message);
  bool WritesDone();
  // Waits for the initial metadata.
  std::multimap<std::string, std::string> Initial();
  // False at the end of the stream.
  bool Read(std::string* message);
  TestReply Finish();
  void Cancel() { context_.TryCancel(); }

 private:
  friend class TestClient;
  TestClientStream() = default;
  bool Await();

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  bool finished_ = false;
};

}  // namespace lscp::gateway
