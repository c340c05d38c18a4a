#include "gateway/test_backend.h"

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/error.h"

namespace lscp::gateway {
namespace {

constexpr char kDomain[] = "things.safeguarding";
constexpr char kService[] = "/example.v1.Things/";

grpc::Status Failure() {
  return rpc::ToGrpc(PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "invented.rule",
                                        "things/1", "an invented rule"),
                     kDomain);
}

}  // namespace

bool Eventually(const std::function<bool()>& condition) {
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!condition()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

// A unary call.
class TestUnary final : public grpc::ServerUnaryReactor {
 public:
  TestUnary(TestBackend& backend, grpc::CallbackServerContext* context, const std::string& request,
            grpc::ByteBuffer* reply)
      : backend_(backend) {
    context->AddInitialMetadata("x-initial", "1");
    context->AddTrailingMetadata("x-trailing", "2");
    *reply = rpc::ToByteBuffer(request);
    Answer(request);
  }

  void OnCancel() override {
    ++backend_.cancelled_;
    End(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    backend_.Forget(this);
    delete this;
  }

  void End(const grpc::Status& status) {
    if (!ended_.exchange(true)) Finish(status);
  }

 private:
  void Answer(const std::string& request) {
    int times = 0;
    if (request == "fail") return End(Failure());
    if (request == "break") return End({grpc::StatusCode::INTERNAL, "secret innards"});
    if (request == "hold" && backend_.Hold(this)) return;
    if (sscanf(request.c_str(), "unavailable %d", &times) == 1 &&
        backend_.refused_.fetch_add(1) < times) {
      return End({grpc::StatusCode::UNAVAILABLE, "connect to 10.1.2.3:4 failed"});
    }
    End(grpc::Status::OK);
  }

  TestBackend& backend_;
  std::atomic<bool> ended_ = false;
};

// A streaming call.
class TestStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  TestStream(TestBackend& backend, grpc::CallbackServerContext* context, bool joins)
      : backend_(backend), joins_(joins) {
    context->AddInitialMetadata("x-initial", "1");
    context->AddTrailingMetadata("x-trailing", "2");
    StartRead(&in_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      if (!joins_ || joined_.empty()) return End(grpc::Status::OK);
      const std::string all = std::exchange(joined_, "");
      return Write(all);
    }
    const std::string request = rpc::ToString(in_);
    if (request == "fail") return End(Failure());
    if (request == "hold") return;
    if (sscanf(request.c_str(), "flood %d %d", &to_flood_, &flood_size_) == 2) return Flood();
    if (!joins_) return Write(request);
    joined_ += request;
    StartRead(&in_);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(grpc::Status::CANCELLED);
    if (flood_size_) {
      ++backend_.flooded_;
      return Flood();
    }
    StartRead(&in_);
  }

  void OnCancel() override {
    ++backend_.cancelled_;
    End(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  void Flood() {
    if (to_flood_-- == 0) return End(grpc::Status::OK);
    Write(absl::StrCat(to_flood_, " ", std::string(static_cast<size_t>(flood_size_), 'x')));
  }
  void Write(const std::string& bytes) {
    out_ = rpc::ToByteBuffer(bytes);
    StartWrite(&out_);
  }
  void End(const grpc::Status& status) {
    if (!ended_.exchange(true)) Finish(status);
  }

  TestBackend& backend_;
  const bool joins_;
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
  std::string joined_;
  int to_flood_ = 0;
  int flood_size_ = 0;
  std::atomic<bool> ended_ = false;
};

TestBackend::TestBackend(const safeguarding::config::v1::TlsConfig& tls, int port) {
  for (const char* name : {"Get", "Change", "Decide", "Sweep"}) {
    const std::string path = absl::StrCat(kService, name);
    service_.AddUnary(path, [this, path](grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request, grpc::ByteBuffer* reply) {
      Remember(path, context);
      return new TestUnary(*this, context, rpc::ToString(*request), reply);
    });
  }
  for (const char* name : {"Watch", "Upload", "Chat"}) {
    const std::string path = absl::StrCat(kService, name);
    service_.AddBidi(path, [this, path](grpc::CallbackServerContext* context) {
      Remember(path, context);
      return new TestStream(*this, context, path.ends_with("Upload"));
    });
  }
  safeguarding::config::v1::ServerConfig config;
  config.set_address(absl::StrCat("127.0.0.1:", port));
  *config.mutable_tls() = tls;
  auto server = rpc::GrpcServer::Start(config, {&service_});
  if (!server.ok()) {
    std::cerr << server.status() << "\n";
    std::abort();
  }
  server_ = *std::move(server);
  SetServing(true);
}

TestBackend::~TestBackend() {
  Release();
  server_->Shutdown(absl::Now());
}

std::vector<TestBackend::Seen> TestBackend::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void TestBackend::Release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  for (TestUnary* call : held_) call->End(grpc::Status::OK);
}

void TestBackend::Remember(const std::string& path, grpc::CallbackServerContext* context) {
  Seen seen{path, {}, absl::FromChrono(context->deadline())};
  for (const auto& [key, value] : context->client_metadata()) {
    seen.metadata.emplace(std::string(key.data(), key.size()),
                          std::string(value.data(), value.size()));
  }
  const std::lock_guard lock(mutex_);
  seen_.push_back(std::move(seen));
}

bool TestBackend::Hold(TestUnary* call) {
  const std::lock_guard lock(mutex_);
  if (!released_) held_.insert(call);
  return !released_;
}

void TestBackend::Forget(TestUnary* call) {
  const std::lock_guard lock(mutex_);
  held_.erase(call);
}

}  // namespace lscp::gateway
