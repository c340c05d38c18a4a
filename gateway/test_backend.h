#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// Waits until `condition` holds; false when it does not within ten seconds.
bool Eventually(const std::function<bool()>& condition);

class TestUnary;

// For tests: a service behind the gateway that serves the test contract in bytes and does what each
// message tells it:
//
//   "fail"        ends the call with FAILED_PRECONDITION and details of its own
//   "break"       ends it with INTERNAL, without details
//   "unavailable N"  the first N times UNAVAILABLE, then an echo
//   "hold"        nothing, until the call is cancelled or Release
//   "flood N S"   (streams) N messages of S bytes, then the end
//   anything else is echoed; Upload echoes all at the end
//
// Every call gets the initial metadata x-initial and the trailer x-trailing.
class TestBackend {
 public:
  struct Seen {
    std::string path;
    std::multimap<std::string, std::string> metadata;
    absl::Time deadline;
  };

  // Serving at once. `port` 0 takes a free one.
  explicit TestBackend(const safeguarding::config::v1::TlsConfig& tls, int port = 0);
  ~TestBackend();

  int port() const { return server_->port(); }
  void SetServing(bool serving) { server_->SetServing("", serving); }

  // Calls that came through so far.
  std::vector<Seen> seen() const;
  // Calls that were cancelled, messages written by floods.
  int cancelled() const { return cancelled_; }
  int flooded() const { return flooded_; }
  // Lets go of the calls that hold, and of those to come.
  void Release();

 private:
  friend class TestUnary;
  friend class TestStream;

  void Remember(const std::string& path, grpc::CallbackServerContext* context);
  // The call is let go by Release; false when that has been.
  bool Hold(TestUnary* call);
  void Forget(TestUnary* call);

  rpc::RawService service_;
  std::unique_ptr<rpc::GrpcServer> server_;
  std::atomic<int> cancelled_ = 0;
  std::atomic<int> flooded_ = 0;
  std::atomic<int> refused_ = 0;

  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  bool released_ = false;
  std::set<TestUnary*> held_;
};

}  // namespace lscp::gateway
